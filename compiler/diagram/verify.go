package diagram

import (
	"fmt"
	"slices"

	"ncd/compiler/shape"
)

// Verify checks the promises of the representation, here and in every body:
// each wire is made once and before it is read, the boundary is made, each
// weave has a map for every axis of every wire and its sizes agree. It returns
// the first promise broken. Every pass keeps a verified diagram verified.
func Verify(d *Diagram) error {
	made := map[*Wire]bool{}
	for _, w := range d.In {
		made[w] = true
	}
	for _, s := range d.States {
		made[s.In] = true
	}
	for i, b := range d.Boxes {
		if err := verifyBox(b, made); err != nil {
			return fmt.Errorf("diagram %s, box %d (%s): %w", d.Name, i, b.Op.Kind(), err)
		}
	}
	for _, w := range d.Out {
		if !made[w] {
			return fmt.Errorf("diagram %s: result %q %s is made by no box", d.Name, w.Name, w.Type)
		}
	}
	for _, s := range d.States {
		if !made[s.Out] {
			return fmt.Errorf("diagram %s: state %s is carried on by no box", d.Name, s.Path)
		}
		if s.Start != nil && !made[s.Start] {
			return fmt.Errorf("diagram %s: what state %s starts at is made by no box", d.Name, s.Path)
		}
	}
	return nil
}

func verifyBox(b *Box, made map[*Wire]bool) error {
	for _, w := range b.In {
		if !made[w] {
			return fmt.Errorf("wire %q %s is read before it is made", w.Name, w.Type)
		}
	}
	for _, w := range b.Out {
		if made[w] {
			return fmt.Errorf("wire %q is made twice", w.Name)
		}
		made[w] = true
	}
	if err := verifyWeave(b); err != nil {
		return err
	}
	for _, body := range Bodies(b.Op) {
		if err := Verify(body); err != nil {
			return err
		}
	}
	return verifyOp(b)
}

func verifyWeave(b *Box) error {
	if len(b.Weave.In) != len(b.In) || len(b.Weave.Out) != len(b.Out) {
		return fmt.Errorf("weave of %d and %d wires for %d and %d", len(b.Weave.In), len(b.Weave.Out), len(b.In), len(b.Out))
	}
	for i, w := range b.In {
		if err := verifyPort(b.Weave, b.Weave.In[i], w); err != nil {
			return fmt.Errorf("input %d: %w", i, err)
		}
	}
	for i, w := range b.Out {
		if err := verifyPort(b.Weave, b.Weave.Out[i], w); err != nil {
			return fmt.Errorf("output %d: %w", i, err)
		}
	}
	return nil
}

func verifyPort(weave Weave, port []Affine, w *Wire) error {
	if len(port) != len(w.Type.Axes) {
		return fmt.Errorf("%d maps for the axes %s", len(port), w.Type.Axes)
	}
	for i, a := range port {
		for _, t := range a.Terms {
			if t.Index < 0 || t.Index >= len(weave.Degree)+len(weave.Own) {
				return fmt.Errorf("index %d outside the index space", t.Index)
			}
		}
		if err := verifyReach(weave, a, w.Type.Axes[i]); err != nil {
			return err
		}
	}
	return nil
}

// verifyReach checks that a map stays inside its axis; an index that stands for
// itself must have just the axis's size.
func verifyReach(weave Weave, a Affine, axis shape.Axis) error {
	if index, ok := a.Sole(); ok {
		if size := weave.Index(index).Size; !size.Equal(axis.Size) {
			return fmt.Errorf("axis %s is read along %s", axis, weave.Index(index))
		}
		return nil
	}
	low, high := a.Offset, a.Offset
	for _, t := range a.Terms {
		reach := t.Stride.Mul(weave.Index(t.Index).Size.Sub(shape.Int(1)))
		if stride, ok := t.Stride.Int(); ok && stride < 0 {
			low = low.Add(reach)
		} else {
			high = high.Add(reach)
		}
	}
	first, ok := low.Int()
	if ok && first < 0 {
		return fmt.Errorf("axis %s is read at %d", axis, first)
	}
	last, ok := axis.Size.Sub(high).Int()
	if ok && last < 1 {
		return fmt.Errorf("axis %s is read up to %s", axis, high)
	}
	return nil
}

func verifyOp(b *Box) error {
	switch op := b.Op.(type) {
	case Composite:
		if op.Reverse != nil {
			if err := verifyReverse(op.Reverse, b.In, b.Out); err != nil {
				return err
			}
		}
		if op.Inverse != nil && (len(op.Inverse.In) != len(b.Out) || len(op.Inverse.Out) != len(b.In)) {
			return fmt.Errorf("%d wires in and %d out undo %d inputs and %d results", len(op.Inverse.In), len(op.Inverse.Out), len(b.In), len(b.Out))
		}
		return verifyBoundary(b, op.Body)
	case Undo:
		if len(b.Out) != op.Results || len(op.Inverse.In) != op.Results || len(op.Inverse.Out) != len(b.In)-op.Results {
			return fmt.Errorf("%d wires for %d results that are undone to %d", len(b.In), op.Results, len(op.Inverse.Out))
		}
	case Scan:
		return verifyScan(b, op.Body)
	case Lens:
		if op.From+len(b.Out) != len(b.In) {
			return fmt.Errorf("%d wires for %d inputs and %d results", len(b.In), op.From, len(b.Out))
		}
		return verifyReverse(op.Reverse, b.In[:op.From], b.Out)
	case Opaque:
		if len(b.In) != 1 || len(b.Out) != 1 || op.From > len(b.Weave.Own) {
			return fmt.Errorf("%d wires in and %d out", len(b.In), len(b.Out))
		}
	case Gradient:
		if len(b.In) != len(b.Out)+1 {
			return fmt.Errorf("%d wires for a scalar and %d gradients", len(b.In), len(b.Out))
		}
	case Map:
		return verifyProgram(op, len(b.In), len(b.Out))
	case View:
		if len(b.In) != 1 {
			return fmt.Errorf("a view of %d wires", len(b.In))
		}
	case Linear:
		if op.From+op.To != len(b.Weave.Own) {
			return fmt.Errorf("%d axes in and %d out, but %d of its own", op.From, op.To, len(b.Weave.Own))
		}
	}
	return nil
}

func verifyBoundary(b *Box, body *Diagram) error {
	if len(body.In) != len(b.In) || len(body.Out) != len(b.Out) {
		return fmt.Errorf("%d and %d wires for a body of %d and %d", len(b.In), len(b.Out), len(body.In), len(body.Out))
	}
	return nil
}

// verifyScan checks that what goes out is laid along the first own axis.
func verifyScan(b *Box, body *Diagram) error {
	if len(b.Weave.Own) == 0 {
		return fmt.Errorf("no axis to go along")
	}
	along := len(b.Weave.Degree)
	for i, port := range b.Weave.Out {
		if !slices.ContainsFunc(port, func(a Affine) bool { index, ok := a.Sole(); return ok && index == along }) {
			return fmt.Errorf("result %d is not laid along %s", i, b.Weave.Own[0])
		}
	}
	return verifyBoundary(b, body)
}

// verifyReverse checks the boundary of a program that sends back.
func verifyReverse(reverse *Diagram, in, out []*Wire) error {
	numbers := 0
	for _, w := range in {
		if !w.Type.IsPlace() {
			numbers++
		}
	}
	if len(reverse.In) != len(in)+2*len(out) || len(reverse.Out) != numbers {
		return fmt.Errorf("%d wires in and %d out send back from %d results to %d inputs", len(reverse.In), len(reverse.Out), len(out), len(in))
	}
	return nil
}

func verifyProgram(m Map, in, out int) error {
	if len(m.Results) != out {
		return fmt.Errorf("%d results for %d wires", len(m.Results), out)
	}
	for i, instr := range m.Program {
		if n, known := Arity[instr.Fn]; !known || n != len(instr.Args) {
			return fmt.Errorf("%s of %d arguments", instr.Fn, len(instr.Args))
		}
		for _, a := range instr.Args {
			if a < 0 || a >= in+i {
				return fmt.Errorf("register %d is read before it is written", a)
			}
		}
	}
	for _, r := range m.Results {
		if r < 0 || r >= in+len(m.Program) {
			return fmt.Errorf("register %d leaves but is never written", r)
		}
	}
	return nil
}
