package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/internal/export"
)

// boundary are the indices of a body's wire, behind those that it is lifted over.
func boundary(b *diagram.Box, degree []int, axes shape.Shape) []int {
	order := slices.Clone(degree)
	for _, a := range axes {
		order = append(order, len(b.Weave.Degree)+slices.IndexFunc(b.Weave.Own, a.Equal))
	}
	return order
}

// part is the use of a body at a path. One that was used there before is used again;
// where it has other sizes now, its weights are handed to another.
func (u *Unit) part(d *diagram.Diagram, name string, reverse *diagram.Diagram, b *diagram.Box) *Part {
	if inner := soleBody(d); inner != nil && reverse == nil {
		d, reverse = inner.Body, inner.Reverse
	}
	if strings.HasSuffix(name, ".") || name == "" {
		u.Refused.Refuse(b.Span, export.NotExportable, "a box without a name of its own around another that has weights")
	}
	path := joinedPath(u.Path, name)
	made := u.File.unit(d, path, u.borrows, reverse, b)
	i := slices.IndexFunc(u.Parts, func(p *Part) bool { return p.Name == name })
	if i >= 0 && u.Parts[i].Template.isLike(made.Template) {
		return u.Parts[i]
	}
	if i >= 0 {
		name += "_again"
		made = u.File.unit(d, joinedPath(u.Path, name), true, reverse, b)
	}
	p := &Part{Unit: made, Name: name, Index: len(u.Parts)}
	u.Parts = append(u.Parts, p)
	return p
}

// soleBody is the only box of a body, a composite without a name that has just the
// body's boundary: it stands for the body.
func soleBody(d *diagram.Diagram) *diagram.Composite {
	if len(d.Boxes) != 1 || d.Boxes[0].Name != "" || len(d.States) > 0 {
		return nil
	}
	b := d.Boxes[0]
	op, isComposite := b.Op.(diagram.Composite)
	if !isComposite || len(b.Weave.Degree) > 0 || !slices.Equal(b.In, d.In) || !slices.Equal(b.Out, d.Out) {
		return nil
	}
	for i, w := range slices.Concat(b.In, b.Out) {
		if !slices.EqualFunc(w.Type.Axes, slices.Concat(op.Body.In, op.Body.Out)[i].Type.Axes, sameSize) {
			return nil
		}
	}
	return &op
}

func sameSize(a, b shape.Axis) bool { return a.Size.Equal(b.Size) }

// isLike reports whether two templates become the same text with the same sizes.
func (t *Template) isLike(other *Template) bool {
	if t.Name != other.Name || t.Text != other.Text || len(t.Children) != len(other.Children) {
		return false
	}
	for i, child := range t.Children {
		if !child.isLike(other.Children[i]) {
			return false
		}
	}
	return true
}

// Lent are the weights that a part is handed, as arguments.
func (u *Unit) Lent(p *Part) []string {
	var args []string
	for _, w := range p.Borrowed {
		args = append(args, BorrowedName(w)+"="+u.weight(w))
	}
	return args
}

func (u *Unit) composite(b *diagram.Box, op diagram.Composite) {
	p := u.part(op.Body, b.Name, op.Reverse, b)
	args := make([]string, len(b.In))
	for i := range b.In {
		args[i] = u.Given(b, i, boundary(b, degreeIndices(b), op.Body.In[i].Type.Axes))
	}
	outs := u.outNames(b)
	u.File.Manner.Call(u, p, args, outs, u.typesMade(b, op.Body))
	u.receive(b, op.Body, outs)
}

// typesMade are the types of a box's results as its body hands them over: those of the
// box's wires, where they are laid along these as they are.
func (u *Unit) typesMade(b *diagram.Box, body *diagram.Diagram) string {
	words := make([]string, len(b.Out))
	for i, w := range b.Out {
		if words[i] = Comment(w.Type); !isPlain(b, i, boundary(b, degreeIndices(b), body.Out[i].Type.Axes)) {
			words[i] = Comment(shape.Type{Axes: slices.Concat(b.Weave.Degree, body.Out[i].Type.Axes), In: w.Type.In})
		}
	}
	return strings.Join(words, ", ")
}

// typesOf are the types of wires.
func typesOf(wires []*diagram.Wire) string {
	words := make([]string, len(wires))
	for i, w := range wires {
		words[i] = Comment(w.Type)
	}
	return strings.Join(words, ", ")
}

// outNames are names for what a part makes, before it is laid along the box's wires.
func (u *Unit) outNames(b *diagram.Box) []string {
	outs := make([]string, len(b.Out))
	for i, w := range b.Out {
		outs[i] = u.nameFor(w, FunctionName(b.Op.Kind()))
	}
	return outs
}

// receive binds the wires of a box to what its body has made.
func (u *Unit) receive(b *diagram.Box, body *diagram.Diagram, outs []string) {
	depends := dependence(body)
	for i, w := range b.Out {
		order := boundary(b, degreeIndices(b), body.Out[i].Type.Axes)
		text := outs[i]
		if lacking := u.lacking(b, depends[i]); lacking {
			text = fmt.Sprintf("%s(%s, %d, (%s))", u.use("widened"), text, len(body.Out[i].Type.Axes), u.sizesOf(b.Weave, degreeIndices(b)))
		}
		if text == outs[i] && isPlain(b, i, order) {
			u.Bind(w, text, true)
			continue
		}
		u.Indices(b, i, text, order, true)
	}
}

// isPlain reports whether a result has its axes where the body has them.
func isPlain(b *diagram.Box, out int, order []int) bool {
	port := b.Weave.Out[out]
	if len(port) != len(order) {
		return false
	}
	for i, a := range port {
		if index, ok := a.Sole(); !ok || index != order[i] {
			return false
		}
	}
	return true
}
