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
	switch rapid.IntRange(0, 12).Draw(g.t, "kind") {
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
	case 8:
		g.first(w, own, rest)
	case 9:
		g.merge(w)
	case 10:
		learned := diagram.NewBox(diagram.Learned{Weight: &diagram.Weight{Path: "learned1", Axes: own}}, own, nil, nil, []*diagram.Wire{diagram.NewWire("", own...)})
		learned.Name = "learned1"
		g.add(learned)
	case 11:
		g.add(diagram.NewBox(diagram.Detach{}, w.Type.Axes, nil, in, []*diagram.Wire{diagram.NewWire("", w.Type.Axes...)}))
	case 12:
		g.repeat(w, own)
	}
	g.use(w)
}

// first takes the first place of an axis.
func (g *grower) first(w *diagram.Wire, own, rest shape.Shape) {
	if len(own) == 0 {
		return
	}
	box := &diagram.Box{Op: diagram.View{Name: "at"}, Name: "at1", In: []*diagram.Wire{w}, Out: []*diagram.Wire{diagram.NewWire("", rest...)}}
	box.Weave = diagram.Weave{Degree: rest, In: [][]diagram.Affine{nil}, Out: [][]diagram.Affine{nil}}
	for _, a := range w.Type.Axes {
		place := diagram.Affine{}
		if at := rest.Index(a.Label); at >= 0 {
			place = diagram.At(at)
			box.Weave.Out[0] = append(box.Weave.Out[0], place)
		}
		box.Weave.In[0] = append(box.Weave.In[0], place)
	}
	g.add(box)
}

// merge makes one axis of the first two of a wire.
func (g *grower) merge(w *diagram.Wire) {
	all := w.Type.Axes
	if len(all) < 2 {
		return
	}
	both := shape.Axis{Label: g.label(), Size: all[0].Size.Mul(all[1].Size)}
	box := &diagram.Box{Op: diagram.View{Name: "merge"}, In: []*diagram.Wire{w}, Out: []*diagram.Wire{diagram.NewWire("", append(shape.Shape{both}, all[2:]...)...)}}
	box.Weave = diagram.Weave{Degree: all, In: [][]diagram.Affine{nil}, Out: [][]diagram.Affine{{{Terms: []diagram.AffineTerm{
		{Index: 0, Stride: all[1].Size}, {Index: 1, Stride: shape.Int(1)}}}}}}
	for i := range all {
		box.Weave.In[0] = append(box.Weave.In[0], diagram.At(i))
		if i > 1 {
			box.Weave.Out[0] = append(box.Weave.Out[0], diagram.At(i))
		}
	}
	g.add(box)
}

// repeat applies a learned map from an axis to itself n times.
func (g *grower) repeat(w *diagram.Wire, own shape.Shape) {
	if len(own) == 0 {
		return
	}
	x := diagram.NewWire("x", w.Type.Axes...)
	body := &diagram.Diagram{Name: "Turn", In: []*diagram.Wire{x}}
	body.Out = []*diagram.Wire{body.Add(linear("linear1", x, own, own, false))}
	loop := diagram.Repeat{Letter: "i", From: shape.Int(1), To: shape.Letter("n"), Turns: []*diagram.Diagram{body}}
	g.add(diagram.NewBox(loop, nil, w.Type.Axes, []*diagram.Wire{w}, []*diagram.Wire{diagram.NewWire("", w.Type.Axes...)}))
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

// randomOptions are how a figure may be asked for.
func randomOptions(t *rapid.T) Options {
	return Options{
		Depth:   rapid.IntRange(-1, 1).Draw(t, "depth"),
		Width:   rapid.SampledFrom([]float64{0, 0, 82.6, 139.7}).Draw(t, "width"),
		Numbers: rapid.Bool().Draw(t, "numbers"),
		Theme:   scene.Themes()[0],
		Solver:  rapid.SampledFrom([]lanes.Solver{lanes.Graphviz{}, lanes.Greedy{}}).Draw(t, "solver"),
	}
}

// Random diagrams, open and closed, whole and broken into lines, give tidy figures,
// and the same one twice.
func TestRandomFiguresAreTidy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDiagram(t)
		if rapid.Bool().Draw(t, "wrapped") {
			d = wrapped(d)
		}
		o := randomOptions(t)
		s, stats, err := Draw(d, o)
		if err != nil {
			t.Fatal(err)
		}
		faults := untidy(s)
		if stats.Lines == 1 {
			faults = append(faults, loose(s)...)
		}
		if len(faults) > 0 {
			t.Fatalf("%s\n%v", d, faults[0])
		}
		a, _ := json.Marshal(s)
		b, _ := json.Marshal(drawn(t, d, o))
		if !bytes.Equal(a, b) {
			t.Fatalf("drawn twice, not alike:\n%s", d)
		}
	})
}

// In every rank of every line the rows lie in their order, as far apart as they must,
// whatever was moved after they were solved.
func TestRandomRowsKeepOrderAndGaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := randomOptions(t)
		sheet, err := arranged(randomDiagram(t), o.Depth, nil)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := layOut(sheet, o)
		if err != nil {
			t.Fatal(err)
		}
		for n, l := range lines {
			for r, rank := range l.problem.Ranks {
				for i := 1; i < len(rank); i++ {
					if gap := l.heights[r][i] - l.heights[r][i-1]; gap < rank[i].Gap-1e-6 {
						t.Fatalf("line %d, rank %d: row %d is %.3f mm below the one before, want %.3f at least", n, r, i, gap, rank[i].Gap)
					}
				}
			}
		}
	})
}
