package check

import (
	"maps"
	"slices"

	"ncd/compiler/diagram"
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
