package circuit

import (
	"slices"

	"ncd/compiler/diagram"
)

// gate is what both edges of a fence know: how the axes of a composite box and
// those of its body answer each other.
type gate struct {
	box       *diagram.Box
	body      *diagram.Diagram
	firstLift int // number of the first axis it is lifted over
}

// over counts the axes that the body does not know: those the box is lifted over,
// and the one that a scan goes along.
func (g gate) over() int {
	n := len(g.box.Weave.Degree)
	if _, scan := g.box.Op.(diagram.Scan); scan {
		n++
	}
	return n
}

// entryGate is the left edge. Lanes run through it; axes that the body does not
// know become lifted ones.
type entryGate struct{ *gate }

// exitGate is the right edge, where lifted axes are axes of the wire again.
type exitGate struct{ *gate }

func (g entryGate) settle(s *step) {
	for i, in := range s.in {
		port := s.ports[i]
		s.out[i].axes = g.entered(in.axes, g.box.Weave.In[port], g.body.In[port])
	}
}

func (g entryGate) entered(axes []axis, port []diagram.Affine, inner *diagram.Wire) []axis {
	entered := slices.Clone(axes)
	for i, a := range axes {
		if a.kind != ownAxis {
			continue
		}
		index, ok := port[a.at].Sole()
		switch {
		case ok && index < g.over():
			entered[i].kind, entered[i].lift = liftedAxis, g.firstLift+index
		case ok:
			entered[i].at = g.innerAxis(inner, index, i)
		}
	}
	return entered
}

// innerAxis is the axis of a body's wire that an index of the box stands for:
// the one of its label, or else the one at the same place.
func (g gate) innerAxis(inner *diagram.Wire, index, place int) int {
	if at := inner.Type.Axes.Index(g.box.Weave.Index(index).Label); at >= 0 {
		return at
	}
	return min(place, len(inner.Type.Axes)-1)
}

func (g exitGate) settle(s *step) {
	for i, out := range s.out {
		in, port := s.in[i], s.ports[i]
		out.axes = g.left(in.axes, g.body.Out[port], port)
	}
}

func (g exitGate) left(axes []axis, inner *diagram.Wire, port int) []axis {
	left := slices.Clone(axes)
	outer := g.box.Out[port].Type.Axes
	for i, a := range axes {
		at, made := -1, false
		switch {
		case a.kind == liftedAxis && a.lift >= g.firstLift && a.lift < g.firstLift+g.over():
			at = g.outerAxis(port, a.lift-g.firstLift)
		case a.kind == ownAxis:
			at = g.ownAxis(port, inner, a.at)
			made = inner.Type.Axes[a.at].Label == a.label
		}
		if at < 0 {
			continue
		}
		left[i].kind, left[i].at, left[i].lift = ownAxis, at, 0
		if _, loop := g.box.Op.(diagram.Repeat); loop && a.kind == ownAxis {
			left[i].size, left[i].fresh = outer[at].Size, true
			continue
		}
		if made && a.label != outer[at].Label { // a wire that came from outside has kept its name
			left[i].label, left[i].size, left[i].fresh = outer[at].Label, outer[at].Size, true
		}
	}
	return left
}

// outerAxis is the axis of an output that follows an index, or -1.
func (g gate) outerAxis(port, index int) int {
	return slices.IndexFunc(g.box.Weave.Out[port], func(a diagram.Affine) bool {
		i, ok := a.Sole()
		return ok && i == index
	})
}

// ownAxis is the axis of an output that an axis of the body's result becomes.
func (g gate) ownAxis(port int, inner *diagram.Wire, at int) int {
	own := 0
	for outer, a := range g.box.Weave.Out[port] {
		index, ok := a.Sole()
		if !ok || index < g.over() {
			continue
		}
		if g.innerAxis(inner, index, own) == at {
			return outer
		}
		own++
	}
	return -1
}

// The edges of a fence stand between columns: nothing of them is drawn.
func (gate) middle(*step) middle                { return middle{} }
func (gate) width(*frame) (left, right float64) { return 0, 0 }
func (gate) draw(*frame)                        {}
