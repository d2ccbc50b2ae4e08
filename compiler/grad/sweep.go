// Package grad gives a diagram its backward half.
//
// In goes a flat diagram (rewrite.Normalize) and cotangents of some of its wires;
// more boxes of the same kinds are appended to it, which compute the cotangents of
// others. There is one VJP a primitive, and nothing is recorded at run time: a
// residual is a forward wire that a backward box reads. The sweep is reverse mode as
// in Linnainmaa 1976 and Griewank and Walther, "Evaluating Derivatives", 2008. The
// package knows no loss, no weight update and no learning rule: learn calls it.
package grad

import (
	"reflect"

	"ncd/compiler/diagram"
)

// Backward appends to d what takes the cotangents of the seeds' wires to those of
// the wanted wires, which it returns. It goes only through boxes that lie between
// them. A wanted wire that no seed hangs on is left out of the result.
func Backward(d *diagram.Diagram, seeds map[*diagram.Wire]*diagram.Wire, wanted []*diagram.Wire) map[*diagram.Wire]*diagram.Wire {
	s := NewSweep(d)
	for w, cotangent := range seeds {
		s.Send(w, cotangent)
	}
	s.Through(d.Boxes, wanted)
	cotangents := map[*diagram.Wire]*diagram.Wire{}
	for _, w := range wanted {
		if cotangent := s.Cotangent(w); cotangent != nil {
			cotangents[w] = cotangent
		}
	}
	return cotangents
}

// Sweep goes backward through a diagram, in pieces: what has been sent to a wire is
// kept until it is asked for, and only then added up.
type Sweep struct {
	diagram *diagram.Diagram
	sent    map[*diagram.Wire][]*diagram.Wire
	maker   map[*diagram.Wire]*diagram.Box
}

// NewSweep is a sweep that appends to d and has been sent nothing yet.
func NewSweep(d *diagram.Diagram) *Sweep {
	return &Sweep{d, map[*diagram.Wire][]*diagram.Wire{}, map[*diagram.Wire]*diagram.Box{}}
}

// Send adds a cotangent, which has the axes of w, to what w is sent.
func (s *Sweep) Send(w, cotangent *diagram.Wire) { s.sent[w] = append(s.sent[w], cotangent) }

// Cotangent is the sum of what w has been sent, or nil if that is nothing.
func (s *Sweep) Cotangent(w *diagram.Wire) *diagram.Wire {
	sent := s.sent[w]
	if len(sent) > 1 {
		sent = []*diagram.Wire{s.sum(w, sent)}
		s.sent[w] = sent
	}
	if len(sent) == 0 {
		return nil
	}
	return sent[0]
}

// sum adds cotangents up in one Map.
func (s *Sweep) sum(w *diagram.Wire, sent []*diagram.Wire) *diagram.Wire {
	p := diagram.NewProgram()
	total := p.Input(0)
	for i := range sent[1:] {
		total = p.Apply(diagram.FnAdd, total, p.Input(i+1))
	}
	op, _ := p.Assemble([]int{total})
	maps := identity(len(w.Type.Axes))
	weave := diagram.Weave{Degree: w.Type.Axes, Out: [][]diagram.Affine{maps}}
	for range sent {
		weave.In = append(weave.In, maps)
	}
	of := diagram.Box{Span: w.Span}
	if maker := s.maker[w]; maker != nil {
		of = *maker
	}
	return s.add(&of, op, weave, sent, cotangentOf(w))
}

// add appends a backward box that belongs to a forward one.
func (s *Sweep) add(of *diagram.Box, op diagram.Op, weave diagram.Weave, in []*diagram.Wire, out ...*diagram.Wire) *diagram.Wire {
	kind := of.Kind
	if kind == "" && of.Op != nil {
		kind = of.Op.Kind()
	}
	return s.diagram.Add(&diagram.Box{
		Op: op, In: in, Out: out, Weave: weave,
		Name: of.Name, Path: of.Path, Kind: kind, Span: of.Span, Pass: diagram.Backward,
	})
}

// cotangentOf is a new wire for what is sent to w.
func cotangentOf(w *diagram.Wire) *diagram.Wire {
	c := diagram.NewWire("", w.Type.Axes...)
	if w.Name != "" {
		c.Name = "∂" + w.Name
	}
	c.Span = w.Span
	return c
}

// Through takes what was sent to the wires that the boxes make to those that they
// read, last box first, as far as it is on its way to a wanted wire. The boxes are
// some of the diagram's, in its order. A wanted wire that one of the boxes makes
// gets its share, and it is followed further.
func (s *Sweep) Through(boxes []*diagram.Box, wanted []*diagram.Wire) {
	needed := neededFor(boxes, wanted)
	for i := len(boxes) - 1; i >= 0; i-- {
		s.back(boxes[i], needed)
	}
}

// neededFor marks the wires whose cotangent leads to that of a wanted one.
func neededFor(boxes []*diagram.Box, wanted []*diagram.Wire) map[*diagram.Wire]bool {
	needed := map[*diagram.Wire]bool{}
	for _, w := range wanted {
		needed[w] = true
	}
	for _, b := range boxes {
		if !Sends(b) {
			continue
		}
		for _, w := range followed(b) {
			if needed[w] {
				markNumbers(needed, b.Out)
				break
			}
		}
	}
	return needed
}

// followed lists the inputs of a box that it sends something back to.
func followed(b *diagram.Box) []*diagram.Wire {
	switch op := b.Op.(type) {
	case diagram.Lens:
		return b.In[:op.From]
	case diagram.Undo:
		return b.In[:op.Results]
	}
	return b.In
}

func markNumbers(marked map[*diagram.Wire]bool, wires []*diagram.Wire) {
	for _, w := range wires {
		if !w.Type.IsPlace() {
			marked[w] = true
		}
	}
}

// back takes the cotangents of one box's outputs to its inputs.
func (s *Sweep) back(b *diagram.Box, needed map[*diagram.Wire]bool) {
	a := &application{Sweep: s, box: b, cotangents: make([]*diagram.Wire, len(b.Out)), wants: make([]bool, len(b.In))}
	isWanted, isSent := false, false
	for i, w := range followed(b) {
		a.wants[i] = needed[w] && !w.Type.IsPlace()
		isWanted = isWanted || a.wants[i]
	}
	if !isWanted || !Sends(b) {
		return
	}
	for i, w := range b.Out {
		s.maker[w] = b
		if needed[w] {
			a.cotangents[i] = s.Cotangent(w)
			isSent = isSent || a.cotangents[i] != nil
		}
	}
	if isSent {
		vjps[reflect.TypeOf(b.Op)](a)
	}
}

// Sends reports whether a box sends anything back at all. It panics on a box that is
// not of the flat core form.
func Sends(b *diagram.Box) bool {
	vjp, ok := vjps[reflect.TypeOf(b.Op)]
	if !ok {
		panic("grad: " + b.Op.Kind() + " is no box of a flat diagram: rewrite.Normalize must run first")
	}
	if r, isReduce := b.Op.(diagram.Reduce); isReduce {
		return reductions[r.Fn] != nil
	}
	return vjp != nil
}

// vjps is the VJP of each operation of the flat form; nil: it sends nothing back.
var vjps map[reflect.Type]func(*application)

func init() {
	vjps = map[reflect.Type]func(*application){
		reflect.TypeFor[diagram.Contract](): contract,
		reflect.TypeFor[diagram.View]():     contract,
		reflect.TypeFor[diagram.Sum]():      contract,
		reflect.TypeFor[diagram.Map]():      mapped,
		reflect.TypeFor[diagram.Reduce]():   reduce,
		reflect.TypeFor[diagram.Softmax]():  softmax,
		reflect.TypeFor[diagram.Take]():     take,
		reflect.TypeFor[diagram.Put]():      put,
		reflect.TypeFor[diagram.Lens]():     lens,
		reflect.TypeFor[diagram.Undo]():     undo,
		reflect.TypeFor[diagram.Opaque]():   opaque,
		reflect.TypeFor[diagram.Learned]():  nil,
		reflect.TypeFor[diagram.OneHot]():   nil,
		reflect.TypeFor[diagram.Places]():   nil,
		reflect.TypeFor[diagram.Constant](): nil,
		reflect.TypeFor[diagram.Random]():   nil,
		reflect.TypeFor[diagram.Detach]():   nil,
		reflect.TypeFor[diagram.Gradient](): nil, // opened, unless letters stand between it and its wires
	}
}
