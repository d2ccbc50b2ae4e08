package data

import (
	"math"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

func draw(t *testing.T, fields, source string, named map[string]any) *Splits {
	t.Helper()
	got, err := Open(request(fields, source, "", named), Lookup{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestDrawnSets(t *testing.T) {
	for _, c := range []struct {
		fields, source string
		named          map[string]any
		want           string
		counts         [3]int
	}{
		{"x[feature], label in", "spirals", nil, "x[feature:2], label in 2", [3]int{800, 0, 200}},
		{"x[feature], label in", "gaussians", map[string]any{"count": 90.0, "features": 5.0, "validation": 0.25}, "x[feature:5], label in 3", [3]int{54, 18, 18}},
		{"x[t], next[t]", "sines", map[string]any{"count": 10.0, "length": 7.0, "test": 0.0}, "x[t:7], next[t:7]", [3]int{10, 0, 0}},
	} {
		t.Run(c.source, func(t *testing.T) {
			got, again := draw(t, c.fields, c.source, c.named), draw(t, c.fields, c.source, c.named)
			if text := list(got.Train.Fields()); text != c.want || lengths(got) != c.counts {
				t.Errorf("fields are %s, there are %v examples", text, lengths(got))
			}
			if len(got.Files) != 1 || got.Files[0] != again.Files[0] {
				t.Errorf("digests are %v and %v", got.Files, again.Files)
			}
			other := map[string]any{"seed": 1.0}
			for name, value := range c.named {
				other[name] = value
			}
			if draw(t, c.fields, c.source, other).Files[0].SHA256 == got.Files[0].SHA256 {
				t.Error("another seed draws the same")
			}
		})
	}
}

// Without noise a spiral's point lies on the arm of its label.
func TestSpirals(t *testing.T) {
	got := draw(t, "x[feature], label in", "spirals", map[string]any{"noise": 0.0, "classes": 3.0, "turns": 2.0})
	for i := range got.Train.Len() {
		x, y, label := got.Train.Columns[0].Values.At(i, 0), got.Train.Columns[0].Values.At(i, 1), got.Train.Columns[1].Values.At(i)
		radius := math.Hypot(x, y)
		angle := 2 * math.Pi * (2*radius + label/3)
		if math.Abs(x-radius*math.Cos(angle)) > 1e-5 || math.Abs(y-radius*math.Sin(angle)) > 1e-5 {
			t.Fatalf("point %v %v is not on arm %v", x, y, label)
		}
	}
}

// Without spread a point is its centre, which lies on the unit sphere.
func TestGaussians(t *testing.T) {
	got := draw(t, "x[feature], label in", "gaussians", map[string]any{"spread": 0.0, "features": 4.0})
	centres := map[float64]float64{}
	for i := range got.Train.Len() {
		square := 0.0
		for f := range 4 {
			square += got.Train.Columns[0].Values.At(i, f) * got.Train.Columns[0].Values.At(i, f)
		}
		if math.Abs(square-1) > 1e-5 {
			t.Fatalf("a centre is %v from the origin", math.Sqrt(square))
		}
		first, label := got.Train.Columns[0].Values.At(i, 0), got.Train.Columns[1].Values.At(i)
		if known, seen := centres[label]; seen && known != first {
			t.Fatalf("class %v has two centres", label)
		}
		centres[label] = first
	}
}

func TestSines(t *testing.T) {
	got := draw(t, "x[t], next[t]", "sines", map[string]any{"count": 20.0})
	for i := range got.Train.Len() {
		for step := range 49 {
			if got.Train.Columns[1].Values.At(i, step) != got.Train.Columns[0].Values.At(i, step+1) {
				t.Fatalf("wave %d: next is not x one on at %d", i, step)
			}
		}
	}
}

// Mean 0, variance 1 and fourth moment 3, within four standard deviations.
func TestNormal(t *testing.T) {
	const n = 100000
	random := splitMix(5)
	var mean, square, fourth float64
	for range n {
		v := random.normal()
		mean, square, fourth = mean+v/n, square+v*v/n, fourth+v*v*v*v/n
	}
	root := math.Sqrt(n)
	if math.Abs(mean) > 4/root || math.Abs(square-1) > 4*math.Sqrt2/root || math.Abs(fourth-3) > 4*math.Sqrt(96)/root {
		t.Errorf("moments are %v, %v, %v", mean, square, fourth)
	}
}

func TestBadDrawnSets(t *testing.T) {
	for _, c := range []struct {
		source string
		path   string
		named  map[string]any
		want   string
		code   fault.Code
	}{
		{"spirals", "a.csv", nil, "data source `spirals` reads no file, it is given a.csv", fault.BadOption},
		{"spirals", "", map[string]any{"count": 0.0}, "option `count` of `spirals` is 0; it is a whole number from 1", fault.BadOption},
		{"gaussians", "", map[string]any{"features": 1e9, "count": 1e9}, "more than the limit", fault.BadData},
		{"gaussians", "", map[string]any{"classes": 2e9, "features": 1e3, "count": 1.0}, "more than the limit", fault.BadData},
		{"sines", "", map[string]any{"length": 1e9}, "more than the limit", fault.BadData},
		{"sines", "", map[string]any{"seed": -1.0}, "it is a whole number from 0", fault.BadOption},
	} {
		_, err := Open(request("x[a]", c.source, c.path, c.named), Lookup{})
		wantFault(t, err, c.code, c.want)
	}
}

func TestDigestIsOfTheValues(t *testing.T) {
	a := draw(t, "x[feature], label in", "spirals", map[string]any{"noise": 0.0})
	if want := "spirals[classes = 2, count = 1000, noise = 0, seed = 0, test = 0.2, turns = 1.5, validation = 0]"; a.Files[0].Path != want {
		t.Errorf("the clause is %s, want %s", a.Files[0].Path, want)
	}
	if a.Train.Columns[0].Values.DType() != tensor.Float32 {
		t.Error("values are not float32")
	}
}
