package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/internal/export"
)

// scan writes a loop over the places of an axis.
func (u *Unit) scan(b *diagram.Box, op diagram.Scan) {
	if op.Gradient.Policy == "random" {
		u.Refused.Refuse(b.Span, export.NotExportable, "a scan whose gradient follows turns that are drawn anew in each run")
	}
	p := u.part(op.Body, b.Name, nil, b)
	along := len(b.Weave.Degree)
	axis := b.Weave.Own[0]
	u.File.Manner.Begin(u, p)
	args := make([]string, len(b.In))
	turn := u.Lines.Name(axis.Label)
	for i := range b.In {
		args[i] = u.turnInput(b, op, i, turn)
	}
	outs := u.outNames(b)
	lists := make([]string, len(outs))
	for i, name := range outs {
		lists[i] = u.Lines.Name(name + "_turns")
		u.Put("%s = []", lists[i])
	}
	u.Put("for %s in range(%s):", turn, u.size(axis.Label, axis.Size.MustInt()))
	u.Indent += "    "
	u.cutTurns(p, op.Gradient, turn, axis)
	u.File.Manner.Call(u, p, args, outs, typesOf(op.Body.Out))
	for i, name := range outs {
		u.Put("%s.append(%s)", lists[i], name)
	}
	u.Indent = u.Indent[4:]
	depends := dependence(op.Body)
	for i, w := range op.Body.Out {
		order := boundary(b, append(degreeIndices(b), along), w.Type.Axes)
		text := fmt.Sprintf("%s(%s, %d)", u.use("stack"), lists[i], -1-len(w.Type.Axes))
		if u.lacking(b, depends[i]) {
			text = fmt.Sprintf("%s(%s, %d, (%s))", u.use("widened"), text, 1+len(w.Type.Axes), u.sizesOf(b.Weave, degreeIndices(b)))
		}
		u.Indices(b, i, text, order, true)
	}
}

// cutTurns writes what keeps the backward pass from following the loop.
func (u *Unit) cutTurns(p *Part, gradient diagram.Through, turn string, axis shape.Axis) {
	condition := ""
	switch gradient.Policy {
	case "local":
		condition = turn + " > 0"
	case "last":
		condition = fmt.Sprintf("%s == %s - %d", turn, u.size(axis.Label, axis.Size.MustInt()), gradient.Turns)
	default:
		return
	}
	u.Put("if %s:  # nothing is sent back to the turn before", condition)
	u.Indent += "    "
	u.File.Manner.Cut(u, p)
	u.Indent = u.Indent[4:]
}

// turnInput is an input of a scan in a turn: its place along the axis, or the whole
// where it has no such axis.
func (u *Unit) turnInput(b *diagram.Box, op diagram.Scan, port int, turn string) string {
	along := len(b.Weave.Degree)
	axes := op.Body.In[port].Type.Axes
	hasAxis := slices.ContainsFunc(b.Weave.In[port], func(a diagram.Affine) bool { index, ok := a.Sole(); return ok && index == along })
	if !hasAxis {
		return u.Given(b, port, boundary(b, degreeIndices(b), axes))
	}
	text := u.Given(b, port, boundary(b, append(degreeIndices(b), along), axes))
	if strings.ContainsAny(text, "( ") {
		name := u.nameFor(b.In[port], "x")
		u.Put("%s = %s", name, text)
		text = name
	}
	return text + "[..., " + turn + strings.Repeat(", :", len(axes)) + "]"
}
