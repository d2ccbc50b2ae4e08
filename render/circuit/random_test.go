package circuit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/lanes"
	"ncd/render/scene"
)

// grower makes a random diagram box by box.
type grower struct {
	t    *rapid.T
	d    *diagram.Diagram
	live []*diagram.Wire
	n    int
}

var alphabet = []string{"a", "b", "c", "x", "y", "hidden"}

func (g *grower) label() string {
	g.n++
	return fmt.Sprintf("%s_%d", rapid.SampledFrom(alphabet[:5]).Draw(g.t, "label"), g.n)
}

func (g *grower) pick() *diagram.Wire { return rapid.SampledFrom(g.live).Draw(g.t, "wire") }

// use takes a wire out of those that still wait for a reader, sometimes.
func (g *grower) use(w *diagram.Wire) {
	if len(g.live) > 1 && rapid.Bool().Draw(g.t, "used up") {
		g.live = slices.DeleteFunc(g.live, func(x *diagram.Wire) bool { return x == w })
	}
}

func (g *grower) add(b *diagram.Box) { g.live = append(g.live, g.d.Add(b)) }

func unique(groups ...shape.Shape) shape.Shape {
	var all shape.Shape
	for _, group := range groups {
		for _, a := range group {
			if all.Index(a.Label) < 0 {
				all = append(all, a)
			}
		}
	}
	return all
}

func without(s, taken shape.Shape) shape.Shape {
	return slices.DeleteFunc(slices.Clone(s), func(a shape.Axis) bool { return taken.Index(a.Label) >= 0 })
}

// axis draws one axis of a wire, if it has any.
func (g *grower) axis(w *diagram.Wire) shape.Shape {
	if len(w.Type.Axes) == 0 {
		return nil
	}
	i := rapid.IntRange(0, len(w.Type.Axes)-1).Draw(g.t, "axis")
	return w.Type.Axes[i : i+1]
}

func (g *grower) grow() {
	w := g.pick()
	own := g.axis(w)
	in := []*diagram.Wire{w}
	rest := without(w.Type.Axes, own)
	switch rapid.IntRange(0, 7).Draw(g.t, "kind") {
	case 0:
		g.add(linear(rapid.SampledFrom([]string{"q", "linear1"}).Draw(g.t, "name"), w, own, axes(g.label()), rapid.Bool().Draw(g.t, "bias")))
	case 1:
		g.add(diagram.NewBox(diagram.Softmax{}, rest, own, in, []*diagram.Wire{diagram.NewWire("", w.Type.Axes...)}))
	case 2:
		g.add(diagram.NewBox(diagram.Apply(diagram.FnRelu), w.Type.Axes, nil, in, []*diagram.Wire{diagram.NewWire("", w.Type.Axes...)}))
	case 3:
		g.add(diagram.NewBox(diagram.Reduce{Fn: "max"}, rest, own, in, []*diagram.Wire{diagram.NewWire("", rest...)}))
	case 4:
		g.add(diagram.NewBox(diagram.Sum{}, rest, own, in, []*diagram.Wire{diagram.NewWire("", rest...)}))
	case 5:
		g.pair(w, diagram.Apply(diagram.FnAdd), false)
	case 6:
		g.pair(w, diagram.Contract{}, true)
	case 7:
		g.add(diagram.NewBox(diagram.View{Name: "rearrange"}, w.Type.Axes, nil, in, []*diagram.Wire{diagram.NewWire("", rapid.Permutation(w.Type.Axes).Draw(g.t, "order")...)}))
	}
	g.use(w)
}

// pair joins two wires; with sum, over some of the axes they share.
func (g *grower) pair(a *diagram.Wire, op diagram.Op, sum bool) {
	b := g.pick()
	all := unique(a.Type.Axes, b.Type.Axes)
	var own shape.Shape
	for _, x := range all {
		if sum && a.Type.Axes.Index(x.Label) >= 0 && b.Type.Axes.Index(x.Label) >= 0 && rapid.Bool().Draw(g.t, "summed") {
			own = append(own, x)
		}
	}
	rest := without(all, own)
	if len(rest) > 5 {
		return
	}
	g.add(diagram.NewBox(op, rest, own, []*diagram.Wire{a, b}, []*diagram.Wire{diagram.NewWire("", rest...)}))
}

// randomDiagram is a sound diagram of some boxes, half of them inside a
// composite box that is lifted over an axis.
func randomDiagram(t *rapid.T) *diagram.Diagram {
	g := &grower{t: t, d: &diagram.Diagram{Name: "Random"}}
	for i := range rapid.IntRange(1, 3).Draw(t, "inputs") {
		labels := rapid.SliceOfNDistinct(rapid.SampledFrom(alphabet), 1, 3, rapid.ID[string]).Draw(t, "axes")
		w := wire(string(rune('P'+i)), labels...)
		g.d.In, g.live = append(g.d.In, w), append(g.live, w)
	}
	for range rapid.IntRange(1, 6).Draw(t, "boxes") {
		g.grow()
	}
	g.d.Out = g.live[len(g.live)-rapid.IntRange(1, min(2, len(g.live))).Draw(t, "results"):]
	return g.d
}

// wrapped puts a diagram into a composite box lifted over an axis h that its
// first input carries outermost.
func wrapped(d *diagram.Diagram) *diagram.Diagram {
	h := axes("h")
	outer := &diagram.Diagram{Name: "Wrapped"}
	in, out := []bool{}, []bool{}
	var own shape.Shape
	box := &diagram.Box{Op: diagram.Composite{Body: d}}
	for i, w := range d.In {
		all := w.Type.Axes
		if i == 0 {
			all = append(slices.Clone(h), all...)
		}
		box.In, in = append(box.In, diagram.NewWire(w.Name, all...)), append(in, i == 0)
		own = unique(own, w.Type.Axes)
	}
	for _, w := range d.Out {
		box.Out, out = append(box.Out, diagram.NewWire("", append(slices.Clone(h), w.Type.Axes...)...)), append(out, true)
		own = unique(own, w.Type.Axes)
	}
	plain := diagram.NewBox(diagram.Composite{Body: d}, nil, own, d.In, d.Out)
	box.Weave = plain.Weave.Lift(h, in, out)
	outer.In = box.In
	outer.Add(box)
	outer.Out = box.Out
	return outer
}

func drawn(t interface{ Fatal(...any) }, d *diagram.Diagram, o Options) *scene.Scene {
	s, _, err := Draw(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Random diagrams, open and closed, give tidy figures, and the same one twice.
func TestRandomFiguresAreTidy(t *testing.T) {
	solvers := []lanes.Solver{lanes.Graphviz{}, lanes.Greedy{}}
	rapid.Check(t, func(t *rapid.T) {
		d := randomDiagram(t)
		if rapid.Bool().Draw(t, "wrapped") {
			d = wrapped(d)
		}
		o := Options{Depth: rapid.IntRange(0, 1).Draw(t, "depth"), Theme: scene.Themes()[0], Solver: rapid.SampledFrom(solvers).Draw(t, "solver")}
		s := drawn(t, d, o)
		if faults := untidy(s); len(faults) > 0 {
			t.Fatalf("%s\n%v", d, faults[0])
		}
		a, _ := json.Marshal(s)
		b, _ := json.Marshal(drawn(t, d, o))
		if !bytes.Equal(a, b) {
			t.Fatalf("drawn twice, not alike:\n%s", d)
		}
	})
}
