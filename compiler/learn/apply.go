package learn

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
)

// apply appends the program of an optimiser or filter for one weight and returns its
// result. What it remembers is carried on under the weight's path and the segments.
func (u *updating) apply(body *diagram.Diagram, m *moving, segments ...string) *diagram.Wire {
	w := m.state.Weight
	wires := map[*diagram.Wire]*diagram.Wire{}
	for _, in := range body.In {
		wires[in] = u.asked(in.Name, m)
	}
	for _, state := range body.States {
		in := *state.In
		wires[state.In] = &in
	}
	path := u.free(append(strings.Split(w.Path, "."), segments...))
	for _, b := range body.Boxes {
		u.d.Add(copied(b, wires, path, diagram.Update))
	}
	for _, state := range body.States {
		kept := *state
		kept.Path = strings.Join(append(slices.Clone(path), state.Path), ".")
		kept.In, kept.Out = wires[state.In], replaced([]*diagram.Wire{state.Out}, wires)[0]
		u.remembered[w] = append(u.remembered[w], &kept)
	}
	return replaced(body.Out, wires)[0]
}

// free is a path that no other program of the step has.
func (u *updating) free(path []string) []string {
	key := strings.Join(path, ".")
	n := u.uses[key]
	u.uses[key]++
	if n == 0 {
		return path
	}
	return append(path, strconv.Itoa(n))
}

// asked is the wire that a program takes by that name.
func (u *updating) asked(name string, m *moving) *diagram.Wire {
	switch name {
	case "weight":
		return m.state.In
	case "change":
		return m.change
	case "step":
		return u.stepNumber()
	case "length":
		return u.lengthOfAll()
	}
	panic("learn: nothing is called " + name + " in an update: check must have refused it")
}

// stepNumber is the number of the step, which is carried from step to step.
func (u *updating) stepNumber() *diagram.Wire {
	if u.number == nil {
		in, one := diagram.NewWire("step"), diagram.NewWire("")
		u.add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, []*diagram.Wire{one}))
		next := u.add(diagram.NewBox(diagram.Apply(diagram.FnAdd), nil, nil, []*diagram.Wire{in, one}, []*diagram.Wire{diagram.NewWire("")}))
		u.number = &diagram.State{Path: "step", In: in, Out: next}
	}
	return u.number.In
}

// lengthOfAll is the square root of the sum of the squares of all changes, as the
// filters so far have left them.
func (u *updating) lengthOfAll() *diagram.Wire {
	if u.length != nil {
		return u.length
	}
	p := diagram.NewProgram()
	total := p.Constant(diagram.Literal(0))
	var squares []*diagram.Wire
	for i, m := range u.moving {
		axes := distinct(m.change.Type.Axes)
		b := &diagram.Box{Op: diagram.Contract{}, In: []*diagram.Wire{m.change, m.change}, Out: []*diagram.Wire{diagram.NewWire("")}, Weave: diagram.Weave{Own: axes}}
		maps := b.Weave.Indices(axes)
		b.Weave.In, b.Weave.Out = [][]diagram.Affine{maps, maps}, [][]diagram.Affine{nil}
		squares = append(squares, u.add(b))
		if total = p.Apply(diagram.FnAdd, total, p.Input(i)); i == 0 {
			total = p.Input(0)
		}
	}
	op, _ := p.Assemble([]int{p.Apply(diagram.FnSqrt, total)})
	u.length = u.add(diagram.NewBox(op, nil, nil, squares, []*diagram.Wire{diagram.NewWire("length")}))
	return u.length
}

func (u *updating) add(b *diagram.Box) *diagram.Wire {
	b.Pass = diagram.Update
	return u.d.Add(b)
}
