package cost

import (
	"strconv"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// affine is Σ stride·index, with strides by index.
func affine(strides ...shape.Size) diagram.Affine {
	var a diagram.Affine
	for i, stride := range strides {
		if !stride.IsZero() {
			a.Terms = append(a.Terms, diagram.AffineTerm{Index: i, Stride: stride})
		}
	}
	return a
}

// space is an index space of axes of these sizes.
func space(sizes ...shape.Size) diagram.Weave {
	var w diagram.Weave
	for i, s := range sizes {
		w.Degree = append(w.Degree, shape.Axis{Label: "i" + strconv.Itoa(i), Size: s})
	}
	return w
}

func TestOverlaps(t *testing.T) {
	one, two, four, eight := shape.Int(1), shape.Int(2), shape.Int(4), shape.Int(8)
	p, q := shape.Letter("p"), shape.Letter("q")
	for _, c := range []struct {
		name  string
		sizes []shape.Size
		at    diagram.Affine
		want  bool
	}{
		{"one index", []shape.Size{p}, affine(two), false},
		{"a merged axis", []shape.Size{p, q}, affine(q, one), false},
		{"three merged", []shape.Size{two, p, q}, affine(p.Mul(q), q, one), false},
		{"numbers merged, the widest first", []shape.Size{two, two, two}, affine(eight, four, one), false},
		{"windows side by side", []shape.Size{p, two}, affine(two, one), false},
		{"windows with gaps", []shape.Size{p, two}, affine(four, one), false},
		{"windows that overlap", []shape.Size{p, four}, affine(two, one), true},
		{"two of one stride", []shape.Size{two, two, two}, affine(two, two, one), true},
		{"two strides within one reach", []shape.Size{two, four, two}, affine(one, two, shape.Int(3)), true},
		{"an index of one place", []shape.Size{p, one}, affine(one, one), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := overlaps(space(c.sizes...), c.at); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// wires makes wires with these axes.
func wires(axes ...shape.Shape) []*diagram.Wire {
	list := make([]*diagram.Wire, len(axes))
	for i, a := range axes {
		list[i] = diagram.NewWire("", a...)
	}
	return list
}

func TestWorkOfBoxes(t *testing.T) {
	letter := func(label string) shape.Axis { return shape.Axis{Label: label, Size: shape.Letter(label)} }
	i, j, k := letter("i"), letter("j"), letter("k")
	of := func(a ...shape.Axis) shape.Shape { return a }
	both := diagram.NewProgram()
	op, _ := both.Assemble([]int{both.Apply(diagram.FnMul, both.Input(0), both.Apply(diagram.FnExp, both.Input(0)))})
	for _, c := range []struct {
		name               string
		op                 diagram.Op
		degree, own        shape.Shape
		in                 []shape.Shape
		out                shape.Shape
		multiplyAdds, rest string
	}{
		{"matrix product", diagram.Contract{}, of(i, j), of(k), []shape.Shape{of(i, k), of(k, j)}, of(i, j), "i*j*k", "0"},
		{"scaled", diagram.Contract{}, of(i, j), of(k), []shape.Shape{of(), of(i, k), of(k, j)}, of(i, j), "i*j*k", "i*j"},
		{"three arrays", diagram.Contract{}, of(i, j), of(k), []shape.Shape{of(i, k), of(k, j), of(k)}, of(i, j), "i*j*k", "i*j*k"},
		{"outer product", diagram.Contract{}, of(i, j), nil, []shape.Shape{of(i), of(j)}, of(i, j), "0", "i*j"},
		{"sum", diagram.Sum{}, of(i), of(k), []shape.Shape{of(i, k)}, of(i), "0", "i*k"},
		{"mean", diagram.Contract{}, of(i), of(k), []shape.Shape{of(i, k), of()}, of(i), "0", "i + i*k"},
		{"transpose", diagram.View{Name: "rearrange"}, of(i, j), nil, []shape.Shape{of(i, j)}, of(j, i), "0", "0"},
		{"spread", diagram.View{Name: "spread"}, of(i, j), nil, []shape.Shape{of(i)}, of(i, j), "0", "0"},
		{"two functions", op, of(i, j), nil, []shape.Shape{of(i, j)}, of(i, j), "0", "5*i*j"},
		{"maximum", diagram.Reduce{Fn: "max"}, of(i), of(k), []shape.Shape{of(i, k)}, of(i), "0", "i*k"},
		{"mean, as reduction", diagram.Reduce{Fn: "mean"}, of(i), of(k), []shape.Shape{of(i, k)}, of(i), "0", "i + i*k"},
		{"softmax", diagram.Softmax{}, of(i), of(k), []shape.Shape{of(i, k)}, of(i, k), "0", "8*i*k"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := workOf(diagram.NewBox(c.op, c.degree, c.own, wires(c.in...), wires(c.out)))
			if got.MultiplyAdds.String() != c.multiplyAdds || got.Scalar.String() != c.rest {
				t.Errorf("got %s and %s, want %s and %s", got.MultiplyAdds, got.Scalar, c.multiplyAdds, c.rest)
			}
		})
	}
}

// TestOperationsAreOfFunctions holds that the table names functions that there are.
func TestOperationsAreOfFunctions(t *testing.T) {
	for fn := range perElement {
		if _, ok := diagram.Arity[fn]; !ok {
			t.Errorf("there is no function %s", fn)
		}
	}
}
