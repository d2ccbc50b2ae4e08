package check

import (
	"maps"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// slot is a place of memory that `save` puts wires in and `load` takes them out of.
type slot struct {
	span       source.Span
	isLoaded   bool
	isPoisoned bool
	wires      map[string]*diagram.Wire // by index
}

// save puts a wire into memory.
func (e *elaborator) save(s *grammar.Save) {
	v := e.eval(s.Value)
	if e.memory[s.Slot.Text] == nil {
		e.memory[s.Slot.Text] = &slot{span: s.Span(), wires: map[string]*diagram.Wire{}}
	}
	var args []*grammar.Arg
	if s.Index != nil {
		args = s.Index.List
	}
	key, ok := e.slotKey(args)
	switch w, isWire := v.(wire); {
	case ok && isWire:
		e.memory[s.Slot.Text].wires[key] = e.memorised("save", w.Wire, s.Slot.Text, key, args, s.Span())
	case isPoisoned(v):
		e.memory[s.Slot.Text].isPoisoned = true
	case ok:
		e.fault(WireNeeded, s.Value.Span(), "a slot holds a wire, not %s", kindOf(v))
	}
}

// loaded reports whether the declaration loads a slot somewhere.
func (e *elaborator) loaded(name string) bool {
	found := false
	if e.decl != nil && e.decl.diagram != nil {
		grammar.Walk(e.decl.diagram, func(n grammar.Node) bool {
			if l, ok := n.(*grammar.Load); ok && l.Slot.Text == name {
				found = true
			}
			return true
		})
	}
	return found
}

// memorised is a wire on its way into memory, or out of it. The box is called by
// the slot's number and says how the author wrote it.
func (e *elaborator) memorised(way string, w *diagram.Wire, slot, key string, index []*grammar.Arg, span source.Span) *diagram.Wire {
	out := e.view(way, w, w.Type.Axes, span)
	written := slot
	for _, x := range plainArgs(index) {
		written += "[" + x.Span().Text() + "]"
	}
	b := e.d.Boxes[len(e.d.Boxes)-1]
	b.Op, b.Name = diagram.View{Name: way, Slot: written}, slot+key
	return out
}

func (e *elaborator) slotKey(args []*grammar.Arg) (string, bool) {
	key := ""
	for _, x := range plainArgs(args) {
		size, ok := e.sizeAt(x)
		if !ok {
			return "", false
		}
		key += "[" + size.String() + "]"
	}
	return key, true
}

// load takes a wire out of memory.
func (e *elaborator) load(x *grammar.Load) value {
	s := e.memory[x.Slot.Text]
	if s == nil {
		known := slices.Sorted(maps.Keys(e.memory))
		e.fault(EmptySlot, x.Span(), "nothing is saved in slot `%s`%s", x.Slot.Text, meant(x.Slot.Text, known))
		return poison{}
	}
	s.isLoaded = true
	key, ok := e.slotKey(x.Index)
	if !ok {
		return poison{}
	}
	if w := s.wires[key]; w != nil {
		return wire{e.memorised("load", w, x.Slot.Text, key, x.Index, x.Span())}
	}
	if e.hasErrors(e.from) || e.job.failed || s.isPoisoned {
		return poison{}
	}
	e.fault(EmptySlot, x.Span(), "nothing is saved in `%s%s`", x.Slot.Text, key)
	return poison{}
}

// unusedSlots tells of slots that are saved and never loaded.
func (e *elaborator) unusedSlots() {
	for _, name := range slices.Sorted(maps.Keys(e.memory)) {
		if s := e.memory[name]; !s.isLoaded && !e.loaded(name) {
			e.fault(UnusedSlot, s.span, "slot `%s` is saved and never loaded", name)
		}
	}
}

// state elaborates `state m[a..] = 0`: a value that is carried from one run of the
// diagram to the next.
func (e *elaborator) state(s *grammar.State) {
	if !e.mayRemember {
		e.define(s.Name.Text, e.notYet(s.Span(), "`state` outside of an optimiser"), s.Name.Span())
		return
	}
	start, ok := e.static(s.Value)
	init, isNumber := start.number.Float()
	if ok && !isNumber {
		e.fault(SizeNeeded, s.Value.Span(), "a state starts at a number")
	}
	axes := shape.Shape{}
	if s.Axes != nil {
		var okAxes bool
		axes, _, okAxes = e.typed(e.axisSpecs(s.Axes.List), "")
		ok = ok && okAxes
	}
	if !ok || !isNumber {
		e.define(s.Name.Text, poison{}, s.Name.Span())
		return
	}
	w := &diagram.Wire{Name: s.Name.Text, Type: shape.Type{Axes: axes}, Span: s.Name.Span()}
	made := &diagram.State{Path: s.Name.Text, In: w, Out: w, Init: init, Span: s.Span()}
	e.d.States = append(e.d.States, made)
	e.states[s.Name.Text] = made
	e.define(s.Name.Text, wire{w}, s.Name.Span())
}

// endStates carries on what each state's name stands for at the end.
func (e *elaborator) endStates() {
	for _, s := range e.d.States {
		b := e.scope.use(s.Path)
		w, ok := b.value.(wire)
		if !ok {
			continue
		}
		if !sameLabels(w.Type.Axes.Labels(), s.In.Type.Axes.Labels()) {
			e.fault(ResultMismatch, b.span, "state `%s` is %s, and %s is carried on", s.Path, e.typeOf(s.In), e.typeOf(w.Wire))
			continue
		}
		s.Out = w.Wire
		if !slices.Equal(w.Type.Axes.Labels(), s.In.Type.Axes.Labels()) {
			s.Out = e.arranged(w.Wire, s.In.Type.Axes.Labels(), b.span)
		}
	}
}
