package lower

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// opaque lowers a box whose inside is not known: one call for all places of its degree.
func (l *lowerer) opaque(b *diagram.Box, op diagram.Opaque, s space) error {
	if b.Pass == diagram.Backward {
		return fmt.Errorf("what is behind the name %q has no derivative", op.Name)
	}
	in, err := l.asNumbers(b.In[0], l.views[b.In[0]])
	if err != nil {
		return err
	}
	in = s.through(in, b.Weave.In[0])
	out, err := l.output(b, 0, s, span(0, len(s.dims)))
	if err != nil {
		return err
	}
	n, m := s.degree, s.degree+op.From
	k := plan.Opaque{Name: op.Name, Degree: slices.Clone(s.dims[:n]), From: slices.Clone(s.dims[n:m]), To: slices.Clone(s.dims[m:])}
	in.Strides = slices.Clone(in.Strides[:m])
	out.Strides = slices.Concat(out.Strides[:n], out.Strides[m:])
	l.emit(k, []plan.View{out}, in)
	return nil
}
