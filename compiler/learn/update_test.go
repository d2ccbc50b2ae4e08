package learn

import (
	"math"
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// filter is a program that makes another change: `of` writes its result from the
// registers of what it asks for by name.
func filter(name string, asks []string, of func(p *diagram.Program, asked ...int) int) diagram.Optimizer {
	return func(_ string, s shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
		d := &diagram.Diagram{Name: name}
		p := diagram.NewProgram()
		var registers []int
		for i, ask := range asks {
			w := wire(ask, s...)
			if ask == "step" || ask == "length" {
				w = wire(ask)
			}
			d.In, registers = append(d.In, w), append(registers, p.Input(i))
		}
		op, _ := p.Assemble([]int{of(p, registers...)})
		d.Out = wires(d.Add(newBox(op, s, nil, d.In, wires(wire("", s...)))))
		return d, nil
	}
}

// unit makes all changes together as long as 1; counted multiplies them by the
// number of the step.
var (
	unit = filter("unit", []string{"length", "change"}, func(p *diagram.Program, asked ...int) int {
		return p.Apply(diagram.FnDiv, asked[1], asked[0])
	})
	counted = filter("counted", []string{"change", "step"}, func(p *diagram.Program, asked ...int) int {
		return p.Apply(diagram.FnMul, asked[0], asked[1])
	})
)

// TestFiltersStandBeforeTheOptimizer compares changes with what they are unfiltered.
func TestFiltersStandBeforeTheOptimizer(t *testing.T) {
	plain, filtered := training(perceptron(4), nil), training(perceptron(4), nil)
	filtered.Filters = []diagram.Optimizer{counted, unit, counted}
	with, without := compile(t, filtered), compile(t, plain)
	v := values(t, with)
	v.States[state(t, with, "step")] = &reference.Array{Values: []float64{3}}
	made := run(t, with, v)
	if got := made.States[state(t, with, "step")].Values[0]; got != 4 {
		t.Errorf("the next step is number %v, want 4", got)
	}
	given := values(t, without)
	want := run(t, without, given)
	length := 0.0
	for i := range without.States {
		for j, x := range want.States[i].Values {
			length += math.Pow(x-given.States[i].Values[j], 2)
		}
	}
	for i, s := range without.States {
		moved := slices.Clone(given.States[i].Values)
		for j, x := range want.States[i].Values {
			moved[j] += 3 * (x - moved[j]) / math.Sqrt(length)
		}
		near(t, s.Path, made.States[state(t, with, s.Path)].Values, moved)
	}
}

// TestProgramsRememberApart gives two filters and the optimiser states of one name.
func TestProgramsRememberApart(t *testing.T) {
	remembering := func(path string, s shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
		d, _ := momentum(path, s)
		d.Out = wires(d.States[0].Out)
		return d, nil
	}
	tr := training(perceptron(), nil)
	tr.Optimizer, tr.Filters = momentum, []diagram.Optimizer{remembering, remembering}
	d := compile(t, tr)
	var paths []string
	for _, s := range d.States[:4] {
		paths = append(paths, s.Path)
	}
	want := []string{"affine.0.weight", "affine.0.weight.momentum.velocity", "affine.0.weight.momentum.1.velocity", "affine.0.weight.velocity"}
	if !slices.Equal(paths, want) {
		t.Errorf("got %q, want %q", paths, want)
	}
	run(t, d, values(t, d))
}

// TestFollowersFollow trains a model against another whose weights follow it: these
// get nothing from the loss, and move after the update.
func TestFollowersFollow(t *testing.T) {
	tr := training(perceptron(4), nil)
	teacher := perceptron(4)
	for i, w := range teacher.Weights {
		w.Follows, w.Keep = tr.Models[0].Box.Op.(diagram.Composite).Body.Weights[i], 0.75
	}
	forward := *tr.Forward
	told := wire("told", batch, class)
	box := newBox(diagram.Composite{Body: teacher}, axes(batch), axes(pixel, class), wires(forward.In[0]), wires(told))
	box.Name = "teacher"
	scores := tr.Models[0].Box.Out[0]
	loss := wire("distance", batch, class)
	p := diagram.NewProgram()
	op, _ := p.Assemble([]int{p.Apply(diagram.FnSquare, p.Apply(diagram.FnSub, p.Input(0), p.Input(1)))})
	// The teacher comes first, so that it is inlined ahead of what it follows.
	forward.Boxes = append([]*diagram.Box{box}, forward.Boxes...)
	forward.Boxes = append(forward.Boxes, newBox(op, axes(batch, class), nil, wires(scores, told), wires(loss)))
	forward.Out = append(wires(loss), forward.Out...)
	tr.Forward, tr.Losses = &forward, 2
	tr.Models = append(tr.Models, diagram.Model{Name: "teacher", Box: box})
	d := compile(t, tr)
	v := values(t, d)
	made := run(t, d, v)
	for _, path := range []string{"affine.0.weight", "affine.0.bias", "affine.1.weight", "affine.1.bias"} {
		leader, follower := state(t, d, path), state(t, d, "teacher."+path)
		if d.States[follower].Weight.First() != d.States[leader].Weight {
			t.Errorf("the first values of teacher.%s are its own", path)
		}
		want := make([]float64, len(made.States[leader].Values))
		for i, x := range made.States[leader].Values {
			want[i] = 0.75*v.States[follower].Values[i] + 0.25*x
		}
		near(t, "teacher."+path, made.States[follower].Values, want)
	}
}
