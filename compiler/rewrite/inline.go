package rewrite

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
)

// InlineComposites puts the boxes of each body in the place of the box that
// stands for it, until no Composite, no Repeat and no Scan is left. A Repeat whose
// bounds are letters still stays whole, and so does a Scan along an axis whose size
// is a letter: how many turns it stands for is not known. Of a Composite that
// declares what it sends back, a Lens stays behind.
//
// The axes a box is lifted over are pushed into its body: each inner box is lifted
// over those that its inputs carry, and a draw of chance over all of them. Paths of
// weights and states become complete; a weight that several boxes share stays one.
// A wire that only passes through a body costs nothing. The boundary keeps its
// wires, all else gets new ones.
func InlineComposites(d *diagram.Diagram) *diagram.Diagram {
	in := &inliner{
		made: map[*diagram.Wire]bool{}, weights: map[*diagram.Weight]*diagram.Weight{}, listed: map[*diagram.Weight]bool{},
		kept: map[*diagram.State]string{}, taken: map[string]int{},
	}
	flat := in.flatten(d, nil)
	for _, b := range flat.Boxes {
		in.openReverse(b)
		in.openInverse(b)
		for _, reverse := range diagram.Bodies(b.Op) {
			flat.Weights = append(flat.Weights, reverse.Weights...)
		}
	}
	for old, w := range in.weights {
		w.Like, w.Follows = in.related(old.Like), in.related(old.Follows)
	}
	return flat
}

// related is the flat diagram's weight for one that another has to do with.
func (in *inliner) related(old *diagram.Weight) *diagram.Weight {
	if w, ok := in.weights[old]; ok {
		return w
	}
	return old
}

// flatten is the flat form of a diagram whose boundary stays as it is.
func (in *inliner) flatten(d *diagram.Diagram, path []string) *diagram.Diagram {
	outer, flat := in.flat, *d
	in.flat = &flat
	flat.Boxes, flat.Weights, flat.States = nil, nil, nil
	top := &scope{inliner: in, path: path, bound: map[*diagram.Wire]layout{}, isTop: true}
	for _, w := range d.In {
		top.bound[w] = plain(w)
	}
	top.body(d)
	flat.Out = make([]*diagram.Wire, len(d.Out))
	for i, w := range d.Out {
		flat.Out[i] = top.leave(w, nil, slices.Contains(flat.Out[:i], top.bound[w].wire))
	}
	in.flat = outer
	return &flat
}

// inliner collects the flat diagram.
type inliner struct {
	flat    *diagram.Diagram
	made    map[*diagram.Wire]bool // wires that no diagram held before
	weights map[*diagram.Weight]*diagram.Weight
	listed  map[*diagram.Weight]bool
	kept    map[*diagram.State]string // paths of kept states
	taken   map[string]int            // paths of weights and states

	isReverse bool // the diagram is the program of a Lens
}

// scope is one body while it is inlined.
type scope struct {
	*inliner
	path  []string
	uses  []string // for each segment of path the diagram that is used there; "": a turn
	lifts []*lift  // axes the body is lifted over, outermost first
	bound map[*diagram.Wire]layout
	isTop bool
	again string // the part that is made again for the backward pass, or ""
}

// body inlines the boxes of d, whose In wires are bound.
func (s *scope) body(d *diagram.Diagram) {
	d = withLeaves(d)
	for _, w := range d.Weights {
		s.name(w)
	}
	states := make([]*diagram.State, len(d.States))
	for i, state := range d.States {
		states[i] = s.state(state)
	}
	for _, b := range d.Boxes {
		s.box(b)
	}
	for i, state := range d.States {
		s.carryOn(state, states[i])
	}
}

func (s *scope) box(b *diagram.Box) {
	switch op := b.Op.(type) {
	case diagram.Composite:
		switch {
		case op.Reverse != nil:
			s.backed(b, op)
		case op.Inverse != nil:
			s.reversible(b, op)
		default:
			s.part(b, op).turns(b, []*diagram.Diagram{op.Body}, s.inside(b.Name))
		}
	case diagram.Scan:
		if n, ok := b.Weave.Own[0].Size.Int(); ok && n > 0 {
			s.scan(b, op, n)
		} else {
			s.primitive(b)
		}
	case diagram.Repeat:
		if op.From.IsInt() && op.To.IsInt() {
			s.turns(b, unrolled(op), s.numbered(b.Name, op))
		} else {
			s.primitive(b)
		}
	default:
		s.primitive(b)
	}
}

// part is the scope in which a Composite is inlined: a part of its own where what it
// makes is made again, unless it is within such a part.
func (s *scope) part(b *diagram.Box, op diagram.Composite) *scope {
	if !op.Again || s.again != "" {
		return s
	}
	part := *s
	part.again = "part " + strings.Join(s.below(b.Name), ".")
	return &part
}

// inside gives the path of what a composite box holds.
func (s *scope) inside(name string) func(turn int) []string {
	return func(int) []string { return s.below(name) }
}

// numbered gives the path of each turn of a repetition.
func (s *scope) numbered(name string, op diagram.Repeat) func(turn int) []string {
	from, _ := op.From.Int()
	return func(turn int) []string {
		if op.Down {
			turn = -turn
		}
		return append(s.below(name), strconv.Itoa(from+turn))
	}
}

func (s *scope) below(name string) []string {
	path := slices.Clone(s.path)
	if name != "" {
		path = append(path, name)
	}
	return path
}

// usesBelow says which diagrams the segments of a path further in are uses of.
func (s *scope) usesBelow(path []string, name string) []string {
	uses := make([]string, len(path))
	if copy(uses, s.uses); len(path) > len(s.uses) {
		uses[len(s.uses)] = name
	}
	return uses
}

// unrolled lists the diagrams of all turns.
func unrolled(op diagram.Repeat) []*diagram.Diagram {
	from, to := op.From.MustInt(), op.To.MustInt()
	if op.Down {
		from, to = to, from
	}
	count := max(0, to-from+1)
	if len(op.Turns) == 1 && count > 1 {
		return slices.Repeat(op.Turns, count)
	}
	return op.Turns[:count]
}

// turns inlines diagrams one after another, each fed with what the last one made;
// inputs beyond the results are handed to every turn.
func (s *scope) turns(b *diagram.Box, bodies []*diagram.Diagram, path func(int) []string) {
	lifts := newLifts(b.Weave.Degree)
	if len(bodies) == 0 {
		for i, w := range b.Out {
			s.bound[w] = relabelled(s.bound[b.In[i]], b.In[i].Type.Axes, w.Type.Axes)
		}
		return
	}
	fed := make([]layout, len(b.In))
	for i, w := range bodies[0].In {
		fed[i] = s.enter(b, i, w, lifts)
	}
	for turn, body := range bodies {
		inner := &scope{s.inliner, path(turn), nil, slices.Concat(s.lifts, lifts), map[*diagram.Wire]layout{}, false, s.again}
		inner.uses = s.usesBelow(inner.path, body.Name)
		for i, w := range body.In {
			inner.bound[w] = fed[i]
		}
		inner.body(body)
		if turn+1 < len(bodies) {
			next := bodies[turn+1]
			for i, w := range body.Out {
				fed[i] = relabelled(inner.bound[w], w.Type.Axes, next.In[i].Type.Axes)
			}
			continue
		}
		for i, w := range body.Out {
			s.bound[b.Out[i]] = inner.exit(b, i, w, lifts)
		}
	}
}

// primitive puts a box without a body into the flat diagram.
func (s *scope) primitive(b *diagram.Box) {
	var read []layout
	for _, w := range b.In {
		read = append(read, s.bound[w])
	}
	lifts := s.carried(read...)
	if draw, ok := b.Op.(diagram.Random); ok && !draw.Fixed || isLeaf(b) {
		lifts = s.lifts
	}
	n := len(lifts)
	flat := *b
	flat.Op, flat.Path = s.withPaths(b.Op), s.path
	flat.In, flat.Out = make([]*diagram.Wire, len(b.In)), make([]*diagram.Wire, len(b.Out))
	flat.Weave = diagram.Weave{Degree: slices.Concat(axesOf(lifts), b.Weave.Degree), Own: b.Weave.Own}
	for i, l := range read {
		flat.In[i] = l.wire
		flat.Weave.In = append(flat.Weave.In, l.port(b.Weave.In[i], lifts))
	}
	if _, isPull := b.Op.(diagram.Pull); isPull {
		lifts = nil // it adds up over whatever the weights lack
	}
	for i, w := range b.Out {
		made := s.fresh(w, lifts)
		flat.Out[i] = made.wire
		flat.Weave.Out = append(flat.Weave.Out, made.portShifted(b.Weave.Out[i], lifts, n))
		s.bound[w] = made
	}
	s.emit(&flat)
}

// fresh is a new wire for one that a body makes, with the lifts outermost.
func (s *scope) fresh(w *diagram.Wire, lifts []*lift) layout {
	if s.isTop {
		return plain(w)
	}
	made := *w
	made.Type.Axes = slices.Concat(axesOf(lifts), w.Type.Axes)
	s.made[&made] = true
	return layout{&made, slotsOf(w, lifts)}
}

// emit appends a box to the flat diagram.
func (s *scope) emit(b *diagram.Box) {
	if b.Again == "" {
		b.Again = s.again
	}
	if len(b.Within) < len(b.Path) {
		b.Within = s.uses
	}
	s.flat.Boxes = append(s.flat.Boxes, b)
}

// name gives a weight its complete path: by the body that lists it first, or else
// that reads it first.
func (s *scope) name(old *diagram.Weight) *diagram.Weight {
	if w, ok := s.weights[old]; ok {
		return w
	}
	w := *old
	w.Path = s.unique(s.shared(old.Path))
	s.weights[old] = &w
	return &w
}

// weight is the flat diagram's weight for one that a box reads. The diagram lists
// weights in the order in which they are read.
func (s *scope) weight(old *diagram.Weight) *diagram.Weight {
	if old == nil {
		return nil
	}
	w := s.name(old)
	if !s.listed[w] {
		s.listed[w] = true
		s.flat.Weights = append(s.flat.Weights, w)
	}
	return w
}

// complete is a path within a body with those of the boxes it is in ahead.
func (s *scope) complete(path string) string {
	return strings.Join(append(slices.Clone(s.path), path), ".")
}

// shared is a complete path that is the same in every turn of a scan.
func (s *scope) shared(path string) string {
	segments := slices.DeleteFunc(slices.Clone(s.path), IsTurn)
	return strings.Join(append(segments, path), ".")
}

func (in *inliner) unique(path string) string {
	n := in.taken[path]
	in.taken[path]++
	if n == 0 {
		return path
	}
	return in.unique(path + "." + strconv.Itoa(n))
}

// withPaths is an operation with the flat diagram's weights and with a stream of
// chance that no other place has.
func (s *scope) withPaths(op diagram.Op) diagram.Op {
	switch op := op.(type) {
	case diagram.Random:
		op.Stream = s.complete(op.Stream)
		return op
	case diagram.Linear:
		op.Weight, op.Bias = s.weight(op.Weight), s.weight(op.Bias)
		return op
	case diagram.Learned:
		op.Weight = s.weight(op.Weight)
		return op
	case diagram.Scale:
		op.Weight = s.weight(op.Weight)
		return op
	}
	return op
}
