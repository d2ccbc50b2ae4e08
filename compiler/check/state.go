package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// remember makes a state: its wire is what the name stands for until the name is
// given again.
func (e *elaborator) remember(s *diagram.State, axes shape.Shape, span source.Span) {
	w := &diagram.Wire{Name: s.Path, Type: shape.Type{Axes: axes}, Span: span}
	s.In, s.Out = w, w
	for _, a := range axes {
		e.setOrigin(w, a.Label, span)
	}
	e.d.States = append(e.d.States, s)
	e.states[s.Path] = s
	e.define(s.Path, wire{w}, span)
}

// holdCarried holds that something carries states on here.
func (e *elaborator) holdCarried(span source.Span) bool {
	if e.mayRemember {
		return true
	}
	d := e.fault(StateOutside, span, "a state is carried from place to place of an axis, and no `scan` says of which")
	d.Help = append(d.Help, "`x >> scan[t, f]` applies f at one place of the axis t after another")
	return false
}

// enterState makes a state of a port. Where the call starts it, that wire flows in.
func (e *elaborator) enterState(p *port, start *diagram.Wire) bool {
	axes, _, ok := e.typed(p.axes, "")
	if !ok || !e.holdCarried(p.span) {
		return false
	}
	s := &diagram.State{Path: p.name, Span: p.span}
	e.remember(s, e.withRiders(axes), p.span)
	if start == nil {
		return true
	}
	s.Start = e.startOf(s, start, p.span)
	return s.Start != nil
}

// state elaborates `state v[n] = 0`: what a state port starts at, or a state that
// is no port.
func (e *elaborator) state(s *grammar.State) {
	made, isPort := e.states[s.Name.Text]
	if !isPort {
		axes, ok := e.stateAxes(s.Axes)
		if !ok || !e.holdCarried(s.Span()) {
			e.useAll(s.Value)
			e.define(s.Name.Text, poison{}, s.Name.Span())
			return
		}
		made = &diagram.State{Path: s.Name.Text, Span: s.Span()}
		e.remember(made, e.withRiders(axes), s.Name.Span())
	}
	switch {
	case made.Kept:
		e.fault(DeclaredTwice, s.Span(), "`%s` is kept already", s.Name.Text)
	case made.Start != nil:
		e.useAll(s.Value) // the call says otherwise
	default:
		e.start(made, s.Value)
	}
}

func (e *elaborator) stateAxes(args *grammar.Args) (shape.Shape, bool) {
	if args == nil {
		return shape.Shape{}, true
	}
	axes, _, ok := e.typed(e.axisSpecs(args.List), "")
	return axes, ok
}

// start evaluates what a state starts at.
func (e *elaborator) start(s *diagram.State, x grammar.Expr) {
	v := e.eval(x)
	if n, isNumber := v.(static); isNumber {
		s.Init = e.initial(n, x.Span())
		return
	}
	if w, ok := e.oneWire(v, x.Span()); ok {
		s.Start = e.startOf(s, w, x.Span())
	}
}

// initial is the number that a state starts at. Letters are 0 until they are known.
func (e *elaborator) initial(n static, span source.Span) float64 {
	x, isKnown := n.number.Replace(func(letter string) (shape.Size, bool) {
		size := e.job.unifier.Resolve(shape.Letter(letter))
		return size, !size.Equal(shape.Letter(letter))
	}).Float()
	if !isKnown && e.job.depth > 0 {
		e.fault(SizeNeeded, span, "a state starts at a number that is known, and this is %s", n.number)
	}
	return x
}

// startOf is the wire that a state starts at, with the state's axes. It is nil where
// there are errors.
func (e *elaborator) startOf(s *diagram.State, w *diagram.Wire, span source.Span) *diagram.Wire {
	if e.hangsOnState(w) {
		e.fault(ResultMismatch, span, "state `%s` starts at what hangs on a state itself", s.Path)
		return nil
	}
	return e.asState(s, w, span, "starts at")
}

// asState is a wire with the axes of a state, in their order. Numbers of no axes, and
// axes that only ride along, are spread.
func (e *elaborator) asState(s *diagram.State, w *diagram.Wire, span source.Span, what string) *diagram.Wire {
	axes := s.In.Type.Axes
	var lacking shape.Shape
	for _, a := range axes {
		if w.Type.Axes.Index(a.Label) < 0 && (len(w.Type.Axes) == 0 || e.rides(a.Label)) {
			lacking = append(lacking, a)
		}
	}
	labels := append(lacking.Labels(), w.Type.Axes.Labels()...)
	if !sameLabels(labels, axes.Labels()) || w.Type.IsPlace() {
		d := e.fault(ResultMismatch, span, "state `%s` is %s, and %s %s", s.Path, e.typeOf(s.In), what, e.typeOf(w))
		d.Notes = append(d.Notes, source.Note{Span: s.Span, Message: "the state"})
		return nil
	}
	for _, a := range w.Type.Axes {
		if !e.sameSize(w, s.In, a.Label, span) {
			return nil
		}
	}
	if len(lacking) > 0 {
		w = e.spreadAlong(w, lacking, span)
	}
	if !slices.Equal(w.Type.Axes.Labels(), axes.Labels()) {
		w = e.arranged(w, axes.Labels(), span)
	}
	return w
}

// spreadAlong repeats a wire along new axes, which become the outermost.
func (e *elaborator) spreadAlong(w *diagram.Wire, made shape.Shape, span source.Span) *diagram.Wire {
	return e.view("spread", w, slices.Concat(made, w.Type.Axes), span)
}

// hangsOnState reports whether a wire is made out of what a state holds.
func (e *elaborator) hangsOnState(w *diagram.Wire) bool {
	hangs := map[*diagram.Wire]bool{}
	for _, s := range e.d.States {
		hangs[s.In] = true
	}
	for _, b := range e.d.Boxes {
		if slices.ContainsFunc(b.In, func(in *diagram.Wire) bool { return hangs[in] }) {
			for _, out := range b.Out {
				hangs[out] = true
			}
		}
	}
	return hangs[w]
}

// kept elaborates `kept v[c] = 0`: a value that is part of the model and goes on from
// step to step of training.
func (e *elaborator) kept(s *grammar.Kept) {
	name := s.Def.Name.Text
	axes, ok := e.stateAxes(s.Def.Axes)
	value, okValue := e.static(s.Def.Value)
	if first := e.states[name]; first != nil {
		d := e.fault(DeclaredTwice, s.Span(), "state `%s` is declared twice", name)
		d.Notes = append(d.Notes, source.Note{Span: first.Span, Message: "first declared here"})
		return
	}
	if !ok || !okValue {
		e.define(name, poison{}, s.Def.Name.Span())
		return
	}
	made := &diagram.State{Path: name, Init: e.initial(value, s.Def.Value.Span()), Kept: true, Span: s.Span()}
	e.remember(made, slices.Concat(e.each, axes), s.Def.Name.Span())
	e.share(made)
}

// share lets a kept state go on from where an earlier use of the same box left it.
func (e *elaborator) share(s *diagram.State) {
	first := e.store.states[s.Path]
	if first == nil {
		e.store.states[s.Path] = s
		return
	}
	s.Shares = first
	for i, a := range s.In.Type.Axes {
		if i >= len(first.In.Type.Axes) || !e.job.unifier.Unify(a.Size, first.In.Type.Axes[i].Size) {
			d := e.fault(SharedSizes, s.Span, "this box keeps one `%s` for all its uses: it is %s where it was used first, and would be %s here", s.Path, e.typeOf(first.In), e.typeOf(s.In))
			d.Notes = append(d.Notes, source.Note{Span: first.Span, Message: "the kept value"})
			return
		}
	}
}

// endStates carries on what each state's name stands for at the end.
func (e *elaborator) endStates() {
	for _, s := range e.d.States {
		if e.states[s.Path] != s {
			continue // of a `delay`, which has no name
		}
		b := e.scope.use(s.Path)
		w, ok := b.value.(wire)
		if !ok && !isPoisoned(b.value) {
			n, isNumber := e.oneWire(b.value, b.span)
			w, ok = wire{n}, isNumber
		}
		if !ok || w.Wire == s.In {
			continue
		}
		if out := e.asState(s, w.Wire, b.span, "is carried on as"); out != nil {
			s.Out = out
		}
	}
}
