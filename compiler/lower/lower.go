// Package lower turns a flat diagram into a plan: it gives every wire its place in
// memory, picks a kernel for every box and puts the steps in order.
//
// In goes a diagram in the core form that rewrite.Normalize makes, with numbers
// for sizes. Boxes are lowered in their order. A wire is a strided view of a
// buffer, so that what only rearranges costs nothing; a product of two arrays is
// matched to a batch of matrix products, as in Matthews, High-Performance Tensor
// Contraction without Transposition (2016). What is left over is done on the
// finished steps: results take the memory of what they replace, and temporaries
// share one arena by their lifetimes.
//
// The package knows kernels by what plan says of them, and no data.
package lower

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// Options are what a diagram does not say.
type Options struct {
	Float plan.DType // Float32, or Float64 where gradients are checked
	Grain int        // how many numbers a step must touch to be nested with others; 0: where it pays
}

// Lower makes the plan of a diagram. It errs, naming the box, where a size is not
// a number or a box is not of the core form.
//
// Buffers of the boundary are named by their wires, weights and states by their
// paths. Weights are Learned boxes and States that have a Weight.
func Lower(d *diagram.Diagram, o Options) (*plan.Plan, error) {
	l := &lowerer{
		d: d, p: &plan.Plan{Name: d.Name, Float: o.Float},
		views:     map[*diagram.Wire]plan.View{},
		readers:   map[*diagram.Wire][]*diagram.Box{},
		leaves:    map[*diagram.Wire]bool{},
		folded:    map[*diagram.Box]bool{},
		constants: map[float64]int{},
		countings: map[int]int{},
		matrix:    -1,
		grain:     cmp.Or(o.Grain, worthNesting),
	}
	l.findReaders()
	if err := l.boundary(); err != nil {
		return nil, err
	}
	for _, b := range d.Boxes {
		if l.folded[b] {
			continue
		}
		if err := l.lower(b); err != nil {
			return nil, fmt.Errorf("diagram %s, box %s (%s): %w", d.Name, boxPath(b), b.Op.Kind(), err)
		}
	}
	l.accumulate()
	l.carry()
	l.reuseInPlace()
	l.nest()
	l.layOut()
	return l.p, nil
}

type lowerer struct {
	d *diagram.Diagram
	p *plan.Plan

	views   map[*diagram.Wire]plan.View // strides are over the axes of the wire
	readers map[*diagram.Wire][]*diagram.Box
	leaves  map[*diagram.Wire]bool // carried on or handed out
	folded  map[*diagram.Box]bool  // done by an earlier step

	grain     int
	constants map[float64]int // buffers of one number
	countings map[int]int     // buffers of 0, 1, 2, … by how many
	matrix    int             // buffer of the matrix of Winograd's filters, or -1
	carried   []carried
	uses      []uses       // of the steps before they were nested
	box       *diagram.Box // the one that is being lowered
}

func (l *lowerer) findReaders() {
	for _, b := range l.d.Boxes {
		for _, w := range b.In {
			l.readers[w] = append(l.readers[w], b)
		}
	}
	for _, w := range l.d.Out {
		l.leaves[w] = true
	}
	for _, s := range l.d.States {
		l.leaves[s.Out] = true
	}
}

func (l *lowerer) lower(b *diagram.Box) error {
	l.box = b
	s, err := spaceOf(b.Weave)
	if err != nil {
		return err
	}
	for _, w := range b.Out {
		if _, err := w.Type.Axes.Ints(); err != nil {
			return err
		}
	}
	switch op := b.Op.(type) {
	case diagram.Contract, diagram.View, diagram.Sum:
		return l.contract(b, s)
	case diagram.Map:
		return l.apply(b, op, s)
	case diagram.Reduce:
		return l.reduce(b, op, s)
	case diagram.Softmax:
		return l.softmax(b, op, s)
	case diagram.Take:
		return l.take(b, s)
	case diagram.Put:
		return l.put(b, s)
	case diagram.OneHot:
		return l.oneHot(b, s)
	case diagram.Places:
		return l.places(b, s)
	case diagram.Constant:
		return l.constant(b, op)
	case diagram.Random:
		return l.random(b, op)
	case diagram.Detach:
		return l.contract(b, s)
	case diagram.Opaque:
		return l.opaque(b, op, s)
	case diagram.Learned:
		return nil // the boundary has its buffer
	}
	return fmt.Errorf("a %s is not of the core form: Normalize opens it", b.Op.Kind())
}

// emit appends a step of the box that is being lowered.
func (l *lowerer) emit(k plan.Kernel, out []plan.View, in ...plan.View) {
	l.p.Steps = append(l.p.Steps, plan.Step{Kernel: k, In: in, Out: out, Origin: originOf(l.box)})
}

func originOf(b *diagram.Box) plan.Origin {
	o := plan.Origin{Box: boxPath(b), Kind: b.Kind, Pass: string(b.Pass), Span: b.Span}
	if o.Kind == "" {
		o.Kind = b.Op.Kind()
	}
	if o.Pass == "" {
		o.Pass = "forward"
	}
	return o
}

func boxPath(b *diagram.Box) string {
	path := slices.Clone(b.Path)
	if b.Name != "" {
		path = append(path, b.Name)
	}
	return strings.Join(path, ".")
}
