package rewrite

import (
	"cmp"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// box is the one box that the group becomes.
func (g *group) box(f *fuser, isLeaving map[*diagram.Wire]bool) *diagram.Box {
	if len(g.members) == 1 {
		return g.members[0].box
	}
	slices.SortFunc(g.members, func(m, n member) int { return cmp.Compare(m.order, n.order) })
	last := g.members[len(g.members)-1]
	fused := *last.box
	fused.In, fused.Out, fused.Weave = nil, nil, diagram.Weave{Degree: g.axes()}
	w := &writer{box: &fused, program: diagram.NewProgram(), registers: map[*diagram.Wire]int{}}
	var results []int
	for _, m := range g.members {
		w.member(m)
	}
	for _, m := range g.members {
		for i, wire := range m.box.Out {
			if isLeaving[wire] {
				results = append(results, w.registers[wire])
				fused.Out = append(fused.Out, wire)
				fused.Weave.Out = append(fused.Weave.Out, renumbered(m.box.Weave.Out[i], m.index))
			}
		}
	}
	fused.Op, fused.In, fused.Weave.In = assembled(w.program, results, fused.In, fused.Weave.In)
	return &fused
}

func renumbered(port []diagram.Affine, place []int) []diagram.Affine {
	result := make([]diagram.Affine, len(port))
	for i, a := range port {
		result[i] = a.Renumbered(place)
	}
	return result
}

// axes are the axes of the group's space, as its first box calls them.
func (g *group) axes() shape.Shape {
	first := g.members[0]
	axes := make(shape.Shape, len(first.index))
	for i, index := range first.index {
		axes[index] = first.box.Weave.Degree[i]
	}
	return axes
}

// writer writes the program of a group.
type writer struct {
	box       *diagram.Box
	program   *diagram.Program
	registers map[*diagram.Wire]int // of wires made inside
}

func (w *writer) member(m member) {
	registers := make([]int, len(m.box.In))
	for i, wire := range m.box.In {
		if r, ok := w.registers[wire]; ok {
			registers[i] = r
		} else {
			registers[i] = w.input(wire, renumbered(m.box.Weave.In[i], m.index))
		}
	}
	for i, r := range w.program.Inline(m.box.Op.(diagram.Map), registers) {
		w.registers[m.box.Out[i]] = r
	}
}

// input is the register of a wire from outside; one that is read twice by the same
// map is one input.
func (w *writer) input(wire *diagram.Wire, port []diagram.Affine) int {
	for i, known := range w.box.In {
		if known == wire && slices.EqualFunc(w.box.Weave.In[i], port, diagram.Affine.Equal) {
			return w.program.Input(i)
		}
	}
	w.box.In, w.box.Weave.In = append(w.box.In, wire), append(w.box.Weave.In, port)
	return w.program.Input(len(w.box.In) - 1)
}
