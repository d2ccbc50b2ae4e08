package data

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ncd/runtime/tensor"
)

// Whatever the parts, every example is in one split and in no other.
func TestSplitsDivideTheExamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		test, validation := rapid.Float64Range(0, 0.9).Draw(t, "test"), rapid.Float64Range(0, 0.9).Draw(t, "validation")
		splits := splitShuffled(numbered(n), test)
		splits.holdOut(validation)
		var all []int32
		for _, set := range splits.sets() {
			if !slices.Equal(tensor.Elements[int32](set.Columns[1].Values), places32(tensor.Elements[uint8](set.Columns[0].Values))) {
				t.Fatal("columns are in different orders")
			}
			all = append(all, tensor.Elements[int32](set.Columns[1].Values)...)
		}
		slices.Sort(all)
		for i, v := range all {
			if v != int32(i) {
				t.Fatalf("the examples are %v", all)
			}
		}
		if len(all) != n {
			t.Fatalf("there are %d of %d examples", len(all), n)
		}
	})
}

func places32(bytes []uint8) []int32 {
	wide := make([]int32, len(bytes))
	for i, b := range bytes {
		wide[i] = int32(b)
	}
	return wide
}

func TestValidationIsTheSameEachTime(t *testing.T) {
	r := tabular(map[string]any{"validation": 0.5})
	first, err := openCSV(t, flowers, r)
	if err != nil {
		t.Fatal(err)
	}
	second, err := openCSV(t, flowers, r)
	if err != nil {
		t.Fatal(err)
	}
	if lengths(first) != [3]int{2, 2, 1} {
		t.Errorf("there are %v examples", lengths(first))
	}
	a, b := first.Validation.Columns[0].Values, second.Validation.Columns[0].Values
	if !slices.Equal(tensor.Elements[float32](a), tensor.Elements[float32](b)) {
		t.Error("the validation set is another the second time")
	}
	if text := list(first.Validation.Fields()); text != "x[f:2], y in 3" {
		t.Errorf("fields are %s", text)
	}
}

// Mean and deviation are the training set's, for the other sets too.
func TestScale(t *testing.T) {
	text := "a,b,c,y\n1,5,-3,0\n2,5,1,0\n3,5,9,0\n6,5,2,0\n100,5,4,0\n7,5,7,0\n"
	got, err := openCSV(t, text, tabular(map[string]any{"scale": true, "test": 0.2, "validation": 0.2}))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := openCSV(t, text, tabular(map[string]any{"test": 0.2, "validation": 0.2}))
	if err != nil {
		t.Fatal(err)
	}
	n := got.Train.Len()
	for c, deviation := range []float64{1, 0, 1} {
		mean, square := 0.0, 0.0
		for i := range n {
			v := got.Train.Columns[0].Values.At(i, c)
			mean, square = mean+v/float64(n), square+v*v/float64(n)
		}
		if math.Abs(mean) > 1e-6 || math.Abs(square-deviation) > 1e-5 {
			t.Errorf("column %d has mean %v and variance %v", c, mean, square)
		}
	}
	// The same line is drawn through all sets: scaled differences stand in the ratio of plain ones.
	ratio := func(s *Splits, set *Set) float64 {
		first, second := s.Train.Columns[0].Values.At(0, 0), s.Train.Columns[0].Values.At(1, 0)
		return (set.Columns[0].Values.At(0, 0) - first) / (second - first)
	}
	for i, set := range got.sets() {
		if g, w := ratio(got, set), ratio(plain, plain.sets()[i]); math.Abs(g-w) > 1e-4*math.Abs(w) {
			t.Errorf("split %d is scaled by another rule: %v, want %v", i, g, w)
		}
	}
}
