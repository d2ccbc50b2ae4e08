package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// lift is an axis that a body is lifted over. Lifts are compared by identity.
type lift struct {
	axis   shape.Axis
	isTurn bool // of a Scan: one of its places comes after the other
}

// layout says where a body's wire is to be found: on a wire of the flat diagram,
// each of whose axes is an axis of the body's wire or a lift.
type layout struct {
	wire  *diagram.Wire
	slots []slot
}

// slot is what an axis of a flat wire is inside a body.
type slot struct {
	lift *lift // or nil
	axis int   // of the body's wire
}

// plain is the layout of a wire that stands for itself.
func plain(w *diagram.Wire) layout { return layout{w, slotsOf(w, nil)} }

func (l layout) carries(x *lift) bool {
	return slices.ContainsFunc(l.slots, func(s slot) bool { return s.lift == x })
}

func newLifts(axes shape.Shape) []*lift {
	lifts := make([]*lift, len(axes))
	for i, a := range axes {
		lifts[i] = &lift{axis: a}
	}
	return lifts
}

// relabelled reads the axes of one wire as those of another with the same labels.
func relabelled(l layout, from, to shape.Shape) layout {
	slots := slices.Clone(l.slots)
	for i := range slots {
		if slots[i].lift == nil {
			slots[i].axis = to.Index(from[slots[i].axis].Label)
		}
	}
	return layout{l.wire, slots}
}

// enter is the layout inside a body of the wire that its box reads at a port.
func (s *scope) enter(b *diagram.Box, port int, inner *diagram.Wire, lifts []*lift) layout {
	outer := s.bound[b.In[port]]
	slots := make([]slot, len(outer.slots))
	seen := map[int]bool{}
	for i, x := range outer.slots {
		if x.lift != nil {
			slots[i] = x
			continue
		}
		index, ok := b.Weave.In[port][x.axis].Sole()
		if !ok || seen[index] {
			return s.copied(b, port, inner, lifts)
		}
		seen[index] = true
		slots[i] = slotOf(b.Weave, index, inner.Type.Axes, lifts)
	}
	return layout{outer.wire, slots}
}

// slotOf is what an index of a box's space is inside the body.
func slotOf(w diagram.Weave, index int, axes shape.Shape, lifts []*lift) slot {
	if w.IsLifted(index) {
		return slot{lift: lifts[index]}
	}
	return slot{axis: slices.IndexFunc(axes, w.Index(index).Equal)}
}

// copied makes the wire that a body wants out of one that is read by a map which
// no layout can say: a diagonal, a window.
func (s *scope) copied(b *diagram.Box, port int, inner *diagram.Wire, lifts []*lift) layout {
	outer := s.bound[b.In[port]]
	carried := s.carried(outer)
	view := diagram.Weave{Degree: slices.Concat(axesOf(carried), b.Weave.Degree, b.Weave.Own)}
	made := &diagram.Wire{Name: inner.Name, Type: shape.Type{In: outer.wire.Type.In}, Span: b.Span}
	result := layout{wire: made}
	var out []diagram.Affine
	keep := func(index int, x slot) {
		made.Type.Axes = append(made.Type.Axes, view.Index(index))
		out = append(out, diagram.At(index))
		result.slots = append(result.slots, x)
	}
	for i, x := range carried {
		keep(i, slot{lift: x})
	}
	for i := range slices.Concat(b.Weave.Degree, b.Weave.Own) {
		if reads(b.Weave.In[port], i) {
			keep(len(carried)+i, slotOf(b.Weave, i, inner.Type.Axes, lifts))
		}
	}
	view.In = [][]diagram.Affine{outer.port(b.Weave.In[port], carried)}
	view.Out = [][]diagram.Affine{out}
	s.emit(&diagram.Box{Op: diagram.Contract{}, In: []*diagram.Wire{outer.wire}, Out: []*diagram.Wire{made}, Weave: view, Path: s.path, Span: b.Span})
	return result
}

func reads(port []diagram.Affine, index int) bool {
	return slices.ContainsFunc(port, func(a diagram.Affine) bool {
		return slices.ContainsFunc(a.Terms, func(t diagram.AffineTerm) bool { return t.Index == index })
	})
}

// exit is the layout outside a body of a wire that it results in.
func (s *scope) exit(b *diagram.Box, port int, inner *diagram.Wire, lifts []*lift) layout {
	place := map[int]int{} // index of the box's space → axis of its wire
	var wanted []*lift
	for i, a := range b.Weave.Out[port] {
		index, _ := a.Sole()
		place[index] = i
		if b.Weave.IsLifted(index) {
			wanted = append(wanted, lifts[index])
		}
	}
	made := s.spread(s.bound[inner], inner, wanted)
	if made.wire.Name == "" && s.made[made.wire] {
		made.wire.Name = b.Out[port].Name
	}
	slots := make([]slot, len(made.slots))
	for i, x := range made.slots {
		switch index := slices.Index(lifts, x.lift); {
		case x.lift == nil:
			own := slices.IndexFunc(b.Weave.Own, inner.Type.Axes[x.axis].Equal)
			slots[i] = slot{axis: place[len(b.Weave.Degree)+own]}
		case index >= 0:
			slots[i] = slot{axis: place[index]}
		default:
			slots[i] = x
		}
	}
	return layout{made.wire, slots}
}

// spread repeats a wire along the lifts that it should carry but does not.
func (s *scope) spread(l layout, inner *diagram.Wire, wanted []*lift) layout {
	missing := slices.DeleteFunc(slices.Clone(wanted), l.carries)
	if len(missing) == 0 {
		return l
	}
	n := len(missing)
	made := &diagram.Wire{Name: inner.Name, Type: shape.Type{Axes: slices.Concat(axesOf(missing), l.wire.Type.Axes), In: l.wire.Type.In}, Span: inner.Span}
	copying := diagram.NewBox(diagram.Contract{}, made.Type.Axes, nil, nil, nil)
	copying.In, copying.Out = []*diagram.Wire{l.wire}, []*diagram.Wire{made}
	all := indices(0, len(made.Type.Axes))
	copying.Weave.In, copying.Weave.Out = [][]diagram.Affine{all[n:]}, [][]diagram.Affine{all}
	copying.Path, copying.Span = s.path, inner.Span
	s.emit(copying)
	spread := layout{wire: made}
	for _, x := range missing {
		spread.slots = append(spread.slots, slot{lift: x})
	}
	spread.slots = append(spread.slots, l.slots...)
	return spread
}

func slotsOf(w *diagram.Wire, lifts []*lift) []slot {
	var slots []slot
	for _, x := range lifts {
		slots = append(slots, slot{lift: x})
	}
	for i := range w.Type.Axes {
		slots = append(slots, slot{axis: i})
	}
	return slots
}

// port composes a box's map with the layout: where along each axis of the flat
// wire a place of the lifted index space is found.
func (l layout) port(inner []diagram.Affine, lifts []*lift) []diagram.Affine {
	return l.portShifted(inner, lifts, len(lifts))
}

func (l layout) portShifted(inner []diagram.Affine, lifts []*lift, n int) []diagram.Affine {
	port := make([]diagram.Affine, len(l.slots))
	for i, x := range l.slots {
		if x.lift != nil {
			port[i] = diagram.At(slices.Index(lifts, x.lift))
		} else {
			port[i] = inner[x.axis].Shifted(0, n)
		}
	}
	return port
}

// carried lists the lifts of the scope that any of the layouts carries, in order.
func (s *scope) carried(read ...layout) []*lift {
	var carried []*lift
	for _, x := range s.lifts {
		if slices.ContainsFunc(read, func(l layout) bool { return l.carries(x) }) {
			carried = append(carried, x)
		}
	}
	return carried
}

// leave is the flat wire for one that leaves the diagram or is carried on: with
// these lifts outermost and its axes in its own order, and no other result's.
func (s *scope) leave(w *diagram.Wire, lifts []*lift, isTaken bool) *diagram.Wire {
	return s.settled(s.bound[w], w, lifts, isTaken)
}

// settled is the flat wire for one that has a layout.
func (s *scope) settled(l layout, w *diagram.Wire, lifts []*lift, isTaken bool) *diagram.Wire {
	l = s.spread(l, w, lifts)
	if l.wire == w && !isTaken {
		return w
	}
	if s.made[l.wire] && !isTaken && slices.Equal(l.slots, slotsOf(w, lifts)) {
		if s.isTop {
			l.wire.Name, l.wire.Type = w.Name, w.Type
		}
		return l.wire
	}
	made := s.fresh(w, lifts)
	if s.isTop {
		copied := *w
		made.wire = &copied
	}
	n := len(lifts)
	all := indices(0, len(made.slots))
	s.emit(&diagram.Box{
		Op: diagram.Contract{}, In: []*diagram.Wire{l.wire}, Out: []*diagram.Wire{made.wire}, Span: w.Span, Path: s.path,
		Weave: diagram.Weave{Degree: made.wire.Type.Axes, In: [][]diagram.Affine{l.port(all[:len(all)-n], lifts)}, Out: [][]diagram.Affine{all}},
	})
	return made.wire
}

func axesOf(lifts []*lift) shape.Shape {
	axes := make(shape.Shape, len(lifts))
	for i, x := range lifts {
		axes[i] = x.axis
	}
	return axes
}

// indices are the maps that are the indices from, from+1 … themselves.
func indices(from, n int) []diagram.Affine {
	port := make([]diagram.Affine, n)
	for i := range port {
		port[i] = diagram.At(from + i)
	}
	return port
}
