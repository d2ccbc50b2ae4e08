package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// usesMemory reports whether a loop saves or loads.
func usesMemory(s *grammar.For) bool {
	uses := false
	grammar.Walk(s.Body, func(n grammar.Node) bool {
		switch n.(type) {
		case *grammar.Save, *grammar.Load:
			uses = true
		}
		return !uses
	})
	return uses
}

// unroll elaborates the turns of a loop that saves or loads in the diagram itself,
// where its wires can be reached from other loops.
func (e *elaborator) unroll(s *grammar.For, from, to shape.Size) {
	l := &looping{elaborator: e, stmt: s}
	numbers, ok := l.turnNumbers(diagram.Repeat{Letter: s.Var.Text, From: from, To: to, Down: s.Down})
	if !ok {
		e.spoil(s.Body)
		return
	}
	if !from.IsInt() || !to.IsInt() {
		e.job.failed = true
		e.markSlots(s.Body)
		e.spoil(s.Body)
		return
	}
	outside := e.scope.names[s.Var.Text]
	loop := &diagram.Loop{Letter: s.Var.Text, From: from, To: to, Down: s.Down, Span: s.Span()}
	for number, i := range numbers {
		e.scope.define(s.Var.Text, sizeOf(i), s.Var.Span()).isUsed = true
		before, boxes := len(e.said), len(e.d.Boxes)
		if v := e.block(s.Body); v != nil {
			e.unusedValue(v, resultOfBlock(s.Body))
		}
		turn := &diagram.Turn{Loop: loop, Number: number}
		for _, b := range e.d.Boxes[boxes:] {
			if b.Turn == nil { // not in a loop inside this one
				b.Turn = turn
			}
		}
		if e.hasErrors(before) {
			break
		}
	}
	if len(numbers) == 0 {
		e.useAll(s.Body)
	}
	delete(e.scope.names, s.Var.Text)
	if outside != nil {
		e.scope.names[s.Var.Text] = outside
	}
}

// markSlots notes the slots of a block that is not elaborated.
func (e *elaborator) markSlots(b *grammar.Block) {
	grammar.Walk(b, func(n grammar.Node) bool {
		if s, ok := n.(*grammar.Save); ok && e.memory[s.Slot.Text] == nil {
			e.memory[s.Slot.Text] = &slot{span: s.Span(), wires: map[string]*diagram.Wire{}}
		}
		return true
	})
}

// spoil makes poison of all that a block would have assigned.
func (e *elaborator) spoil(b *grammar.Block) {
	e.useAll(b)
	grammar.Walk(b, func(n grammar.Node) bool {
		if a, ok := n.(*grammar.Assign); ok {
			for _, t := range a.Targets {
				if name, ok := t.(*grammar.Name); ok {
					e.define(name.Text, poison{}, name.Span())
				}
			}
		}
		return true
	})
}
