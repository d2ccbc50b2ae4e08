package reference

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

func axis(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }

// one runs a diagram of one box.
func one(t *testing.T, b *diagram.Box, in ...*Array) []float64 {
	t.Helper()
	d := &diagram.Diagram{Name: "one", In: b.In, Out: b.Out, Boxes: []*diagram.Box{b}}
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	made, err := Run(d, Values{Arrays: in})
	if err != nil {
		t.Fatal(err)
	}
	return made.Arrays[0].Values
}

func TestBoxes(t *testing.T) {
	i, j, k := axis("i", 2), axis("j", 3), axis("k", 2)
	wire := diagram.NewWire
	places := wire("p", i)
	places.Type.In = &j
	a := &Array{[]int{2, 3}, []float64{1, 2, 3, 4, 5, 6}}
	b := &Array{[]int{3, 2}, []float64{1, 0, 0, 1, 1, 1}}
	p := &Array{[]int{2}, []float64{2, 0}}
	wires := func(w ...*diagram.Wire) []*diagram.Wire { return w }
	axes := func(a ...shape.Axis) shape.Shape { return a }
	cases := []struct {
		name string
		box  *diagram.Box
		in   []*Array
		want []float64
	}{
		{"contract", diagram.NewBox(diagram.Contract{}, axes(i, k), axes(j), wires(wire("a", i, j), wire("b", j, k)), wires(wire("c", i, k))), []*Array{a, b}, []float64{4, 5, 10, 11}},
		{"sum", diagram.NewBox(diagram.Sum{}, axes(j), axes(i), wires(wire("a", i, j)), wires(wire("c", j))), []*Array{a}, []float64{5, 7, 9}},
		{"mean", diagram.NewBox(diagram.Reduce{Fn: "mean"}, axes(i), axes(j), wires(wire("a", i, j)), wires(wire("c", i))), []*Array{a}, []float64{2, 5}},
		{"argmax", diagram.NewBox(diagram.Reduce{Fn: "argmax"}, axes(j), axes(i), wires(wire("a", i, j)), wires(wire("c", j))), []*Array{a}, []float64{1, 1, 1}},
		{"take", diagram.NewBox(diagram.Take{}, axes(i), axes(j), wires(wire("a", i, j), places), wires(wire("c", i))), []*Array{a, p}, []float64{3, 4}},
		{"put", diagram.NewBox(diagram.Put{}, axes(i), axes(j), wires(wire("n", i), places), wires(wire("c", j))), []*Array{p, p}, []float64{0, 0, 2}},
		{"one_hot", diagram.NewBox(diagram.OneHot{}, axes(i), axes(j), wires(places), wires(wire("c", i, j))), []*Array{p}, []float64{0, 0, 1, 1, 0, 0}},
		{"places", diagram.NewBox(diagram.Places{}, nil, axes(j), nil, wires(wire("c", j))), nil, []float64{0, 1, 2}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := one(t, c.box, c.in...); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestSoftmaxOfNothingIsZeros(t *testing.T) {
	i, j := axis("i", 2), axis("j", 3)
	x, y := diagram.NewWire("x", i, j), diagram.NewWire("y", i, j)
	b := diagram.NewBox(diagram.Softmax{}, shape.Shape{i}, shape.Shape{j}, []*diagram.Wire{x}, []*diagram.Wire{y})
	none := math.Inf(-1)
	got := one(t, b, &Array{[]int{2, 3}, []float64{none, none, none, 0, none, 0}})
	if want := []float64{0, 0, 0, 0.5, 0, 0.5}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestEveryScalarFunctionHasValue walks the list of diagram.
func TestEveryScalarFunctionHasValue(t *testing.T) {
	for fn, n := range diagram.Arity {
		if n == 0 || fn == diagram.FnSelect {
			continue
		}
		if n == 1 && unary[fn] == nil || n == 2 && binary[fn] == nil {
			t.Errorf("%s has no value", fn)
		}
	}
}

// TestEveryOperationIsRun walks the operations in the source of diagram and the cases
// in the source of this package, and names what is missing.
func TestEveryOperationIsRun(t *testing.T) {
	run := map[string]bool{}
	for _, name := range []string{"box.go", "nested.go"} {
		ast.Inspect(parsed(t, name), func(n ast.Node) bool {
			if c, ok := n.(*ast.CaseClause); ok {
				for _, e := range c.List {
					if s, ok := e.(*ast.SelectorExpr); ok {
						run[s.Sel.Name] = true
					}
				}
			}
			return true
		})
	}
	for _, d := range parsed(t, "../diagram/op.go").Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "Kind" {
			if op := f.Recv.List[0].Type.(*ast.Ident).Name; !run[op] {
				t.Errorf("%s is not run", op)
			}
		}
	}
}

func parsed(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
