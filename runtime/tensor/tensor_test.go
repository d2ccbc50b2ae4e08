package tensor

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSize(t *testing.T) {
	for _, c := range []struct {
		dims []int
		want int
		ok   bool
	}{
		{nil, 1, true},
		{[]int{2, 3, 4}, 24, true},
		{[]int{2, 0, 4}, 0, true},
		{[]int{-1}, 0, false},
		{[]int{0, -1}, 0, false},
		{[]int{math.MaxInt / 8}, math.MaxInt / 8, true},
		{[]int{math.MaxInt/8 + 1}, 0, false},
		{[]int{1 << 32, 1 << 32}, 0, false},
		{[]int{1 << 40, 0, 1 << 40}, 0, false},
	} {
		if n, ok := Size(c.dims); n != c.want || ok != c.ok {
			t.Errorf("%v: got %d, %v, want %d, %v", c.dims, n, ok, c.want, c.ok)
		}
	}
}

func TestAtFollowsStrides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := rapid.SliceOfN(rapid.IntRange(1, 4), 0, 4).Draw(t, "dims")
		a := New(Int32, nil, dims...)
		data := Elements[int32](a)
		for i := range data {
			data[i] = int32(i)
		}
		want := 0
		places := make([]int, len(dims))
		for i, stride := range Strides(dims) {
			places[i] = rapid.IntRange(0, dims[i]-1).Draw(t, "place")
			want += places[i] * stride
		}
		if got := a.At(places...); got != float64(want) {
			t.Fatalf("at %v of %v: got %v, want %v", places, dims, got, want)
		}
	})
}

func TestRowsShareElements(t *testing.T) {
	a := Of([]float32{0, 1, 2, 3, 4, 5}, []string{"row", "col"}, 3, 2)
	part := a.Rows(1, 3)
	if part.String() != "float32[row:2 col:2]" || part.At(0, 0) != 2 {
		t.Fatalf("got %v beginning with %v", part, part.At(0, 0))
	}
	Elements[float32](part)[0] = 7
	if a.At(1, 0) != 7 || a.Dims[0] != 3 {
		t.Errorf("the rows are a copy, or changed the whole")
	}
}

func TestConvert(t *testing.T) {
	types := []DType{Float32, Float64, Int32, Int64, Uint8}
	for _, from := range types {
		for _, to := range types {
			a := Of([]uint8{0, 1, 200}, []string{"x"}, 3).Convert(from).Convert(to)
			if a.DType() != to || a.At(2) != 200 || !slices.Equal(a.Axes, []string{"x"}) {
				t.Errorf("%v to %v: got %v ending with %v", from, to, a, a.At(2))
			}
		}
	}
}

func TestMistakesPanic(t *testing.T) {
	a := New(Float32, nil, 2)
	for name, mistake := range map[string]func(){
		"too few elements":   func() { Of([]float32{1}, nil, 2) },
		"impossible size":    func() { New(Float32, nil, -1) },
		"another type":       func() { Elements[int32](a) },
		"place behind":       func() { a.At(2) },
		"place of many axes": func() { a.At(0, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it did not panic")
				}
			}()
			mistake()
		})
	}
}

func TestShape(t *testing.T) {
	for want, got := range map[string]string{
		"[row:28 col:28]": Shape([]string{"row", "col"}, []int{28, 28}),
		"[3 4]":           Shape(nil, []int{3, 4}),
		"[]":              Shape(nil, nil),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
