package learn

import (
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
)

// kept is a body that takes a running mean off what flows in, and says itself that
// it hands back what it is sent, with a count of how often.
func kept(n shape.Axis) diagram.Composite {
	x, mean := wire("x", n), wire("mean", n)
	d := &diagram.Diagram{Name: "Kept", In: wires(x)}
	p := diagram.NewProgram()
	next := p.Apply(diagram.FnAdd, p.Apply(diagram.FnMul, p.Constant(diagram.Literal(0.9)), p.Input(1)), p.Apply(diagram.FnMul, p.Constant(diagram.Literal(0.1)), p.Input(0)))
	op, _ := p.Assemble([]int{next, p.Apply(diagram.FnSub, p.Input(0), p.Input(1))})
	b := newBox(op, axes(n), nil, wires(x, mean), wires(wire("", n), wire("", n)))
	d.Add(b)
	d.States, d.Out = []*diagram.State{{Path: "mean", In: mean, Out: b.Out[0], Kept: true}}, b.Out[1:]

	back := &diagram.Diagram{Name: "back", In: wires(wire("x", n), wire("y", n), wire("g", n))}
	count := wire("count")
	one := back.Add(newBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, wires(wire(""))))
	more := back.Add(newBox(diagram.Apply(diagram.FnAdd), nil, nil, wires(count, one), wires(wire(""))))
	back.States, back.Out = []*diagram.State{{Path: "count", In: count, Out: more, Kept: true}}, back.In[2:]
	return diagram.Composite{Body: d, Reverse: back}
}

// normed is affine, kept, affine.
func normed() *diagram.Diagram {
	x, n := wire("x", pixel), axis("hidden", 4)
	d := &diagram.Diagram{Name: "Normed", In: wires(x)}
	h := affine(d, "affine.0", x, pixel, n)
	b := newBox(kept(n), nil, axes(n), wires(h), wires(wire("", n)))
	b.Name = "norm"
	d.Out = wires(affine(d, "affine.1", d.Add(b), n, class))
	return d
}

// TestKeptStatesAreOfTheModel holds that a step carries kept states under the path of
// their model, and that evaluation only reads them. What a backward program keeps is a
// state of the training alone: no weight file has it.
func TestKeptStatesAreOfTheModel(t *testing.T) {
	tr := training(normed(), nil)
	step, evaluation := compile(t, tr), Evaluate(tr)
	if err := diagram.Verify(evaluation); err != nil {
		t.Fatal(err)
	}
	paths := func(d *diagram.Diagram) (kept []string) {
		for _, s := range d.States {
			if s.Kept {
				kept = append(kept, s.Path)
			}
		}
		return kept
	}
	if got, want := paths(step), []string{"norm.mean"}; !slices.Equal(got, want) {
		t.Errorf("a step keeps %v, want %v", got, want)
	}
	if got, want := paths(evaluation), []string{"norm.mean"}; !slices.Equal(got, want) {
		t.Errorf("evaluation reads %v, want %v", got, want)
	}
	for _, s := range evaluation.States {
		if s.Out != s.In {
			t.Errorf("evaluation changes %s", s.Path)
		}
	}
	v := values(t, step)
	made := run(t, step, v)
	count := state(t, step, "norm.count")
	if got, want := made.States[count].Values[0], v.States[count].Values[0]+1; got != want {
		t.Errorf("counts %v, want %v", got, want)
	}
	given := reference.Values{Arrays: v.Arrays, Weights: map[string]*reference.Array{}}
	for i, s := range step.States {
		if s.Weight != nil {
			given.Weights[s.Path] = v.States[i]
		}
	}
	given.States = []*reference.Array{v.States[state(t, step, "norm.mean")]}
	got := run(t, evaluation, given)
	near(t, "loss", got.Arrays[0].Values, made.Arrays[0].Values)
}

// TestLensIsAsTheDerivative compares a step with that of the same model without the
// program: where the program tells the truth, both are the same.
func TestLensIsAsTheDerivative(t *testing.T) {
	backed, plain := normed(), normed()
	for _, b := range plain.Boxes {
		if op, ok := b.Op.(diagram.Composite); ok {
			op.Reverse = nil
			b.Op = op
		}
	}
	with, without := compile(t, training(backed, nil)), compile(t, training(plain, nil))
	got, want := run(t, with, values(t, with)), run(t, without, values(t, without))
	for i, s := range without.States {
		near(t, s.Path, got.States[state(t, with, s.Path)].Values, want.States[i].Values)
	}
}

// recurring is affine along t, then h = tanh(softmax(affine + linear(h))), of which the
// mean is scored.
func recurring(turns int) *diagram.Diagram {
	along, n := axis("t", turns), axis("n", 4)
	x, h := wire("x", pixel), wire("h", n)
	cell := &diagram.Diagram{Name: "Cell", In: wires(x)}
	a := affine(cell, "affine.0", x, pixel, n)
	w := &diagram.Weight{Path: "linear.0.weight", Axes: axes(n, n), Init: diagram.Init{Kind: "uniform", Scale: 1}}
	cell.Weights = append(cell.Weights, w)
	square := newBox(diagram.Linear{From: 1, To: 1, Weight: w}, nil, axes(n, n), wires(h), wires(wire("", n)))
	square.Weave.Out[0], square.Name = at(1, 1), "linear.0"
	sum := cell.Add(newBox(diagram.Apply(diagram.FnAdd), axes(n), nil, wires(a, cell.Add(square)), wires(wire("", n))))
	next := tanh(cell, cell.Add(newBox(diagram.Softmax{}, nil, axes(n), wires(sum), wires(wire("", n)))))
	cell.States, cell.Out = []*diagram.State{{Path: "h", In: h, Out: next, Init: 0.5}}, wires(next)

	d := &diagram.Diagram{Name: "Recurring", In: wires(wire("x", pixel))}
	repeated := d.Add(newBox(diagram.View{Name: "spread"}, axes(along, pixel), nil, d.In, wires(wire("", along, pixel))))
	scan := newBox(diagram.Scan{Body: cell}, nil, axes(along, pixel, n), wires(repeated), wires(wire("", along, n)))
	scan.Name = "scan.0"
	mean := d.Add(newBox(diagram.Reduce{Fn: "mean"}, axes(n), axes(along), wires(d.Add(scan)), wires(wire("", n))))
	d.Out = wires(affine(d, "affine.0", mean, n, class))
	return d
}

// TestScansLearn holds that a scanned model descends, layer by layer and turn by turn,
// and that turns share a rule's array where it is alike. That of the first turn, which
// reads a constant, is another, and that of the last, which stacks what all have made.
func TestScansLearn(t *testing.T) {
	descends(t, training(recurring(3), nil))
	d := compile(t, training(recurring(4), feedback))
	var paths []string
	for _, s := range d.States {
		if s.Weight != nil && s.Weight.Frozen {
			paths = append(paths, s.Path)
		}
	}
	// The layer whose input no weight stands before has nothing to send.
	if want := []string{"rule.affine.0.B", "rule.scan.0.linear.0.B", "rule.scan.0.linear.0.B.1", "rule.scan.0.linear.0.B.2"}; !slices.Equal(paths, want) {
		t.Errorf("got %q, want %q", paths, want)
	}
	run(t, d, values(t, d))
}
