package python

import (
	"cmp"
	"fmt"
	"slices"

	"ncd/compiler/diagram"
)

// repeat writes a loop over the turns.
func (u *Unit) repeat(b *diagram.Box, op diagram.Repeat) {
	if len(op.Turns) == 0 {
		u.passOn(b)
		return
	}
	from, step := op.From.MustInt(), 1
	if op.Down {
		step = -1
	}
	var turns []*Part
	for i, body := range op.Turns {
		turns = append(turns, u.part(body, fmt.Sprintf("%s.%d", b.Name, from+step*i), nil, b))
	}
	first := op.Turns[0]
	args := make([]string, len(first.In))
	for i := range b.In {
		args[i] = u.Given(b, i, boundary(b, degreeIndices(b), first.In[i].Type.Axes))
		if i < len(b.Out) { // carried on
			name := u.nameFor(b.Out[i], cmp.Or(b.In[i].Name, "x"))
			u.Put("%s = %s  # %s", name, args[i], Comment(first.In[i].Type))
			args[i] = name
		}
	}
	if u.areAlike(op.Turns, turns) {
		p := u.File.Manner.Turn(u, turns)
		u.Indent += "    "
		u.turn(p, op.Turns[0], first, args)
		u.Indent = u.Indent[4:]
		u.finishTurns(b, first.In[:len(b.Out)], args)
		return
	}
	for i, p := range turns {
		into := op.Turns[min(i+1, len(turns)-1)]
		if i == len(turns)-1 {
			u.File.Manner.Call(u, p, args, args[:len(b.Out)], typesOf(op.Turns[i].Out))
		} else {
			u.turn(p, op.Turns[i], into, args)
		}
	}
	u.finishTurns(b, op.Turns[len(turns)-1].Out, args)
}

// turn applies a turn, and brings what it makes to the axes that the next one takes.
func (u *Unit) turn(p *Part, body, next *diagram.Diagram, args []string) {
	outs := args[:len(body.Out)]
	u.File.Manner.Call(u, p, args, outs, typesOf(body.Out))
	for i, w := range body.Out {
		to := next.In[i].Type.Axes
		if slices.Equal(w.Type.Axes.Labels(), to.Labels()) {
			continue
		}
		space := diagram.Weave{Own: w.Type.Axes}
		order := make([]int, len(to))
		for j, a := range to {
			order[j] = w.Type.Axes.Index(a.Label)
		}
		turned := u.einsum(space, []term{{value{text: outs[i], isLifted: true}, span(0, len(to))}}, order)
		u.Put("%s = %s  # %s", outs[i], turned.text, Comment(next.In[i].Type))
	}
}

func (u *Unit) finishTurns(b *diagram.Box, made []*diagram.Wire, names []string) {
	for i, w := range b.Out {
		order := boundary(b, degreeIndices(b), made[i].Type.Axes)
		if isPlain(b, i, order) {
			u.Bind(w, names[i], true)
		} else {
			u.Indices(b, i, names[i], order, true)
		}
	}
}

// areAlike reports whether the turns can be the turns of one loop.
func (u *Unit) areAlike(bodies []*diagram.Diagram, turns []*Part) bool {
	for i, body := range bodies {
		for j := range body.Out {
			if !slices.Equal(body.In[j].Type.Axes.Labels(), bodies[0].In[j].Type.Axes.Labels()) ||
				!slices.Equal(body.Out[j].Type.Axes.Labels(), bodies[0].Out[j].Type.Axes.Labels()) {
				return false
			}
		}
		if !slices.Equal(turns[i].Borrowed, turns[0].Borrowed) || turns[i].IsStateful() || !turns[i].Template.isLike(turns[0].Template) {
			return false
		}
	}
	return true
}

// passOn hands the inputs of a loop without turns on.
func (u *Unit) passOn(b *diagram.Box) {
	for i := range b.Out {
		u.finish(b, i, u.read(b, i))
	}
}
