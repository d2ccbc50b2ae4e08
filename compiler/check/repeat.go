package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// turns counts turns of a loop; it tells where they are too many.
func (e *elaborator) turns(n int, span source.Span) bool {
	most := e.program.options.Limits.Turns
	e.job.turns += max(n, 0)
	if n <= most && e.job.turns <= most {
		return true
	}
	e.fault(SizeInvalid, span, "the loops of this diagram turn more than %d times", most)
	return false
}

// loop elaborates `for i in 1..n { … }`. What is assigned inside and known outside
// is carried on from turn to turn.
func (e *elaborator) loop(s *grammar.For) {
	from, okFrom := e.sizeAt(s.From)
	to, okTo := e.sizeAt(s.To)
	if !okFrom || !okTo {
		e.spoil(s.Body)
		return
	}
	if usesMemory(s) {
		e.unroll(s, from, to)
		return
	}
	carried, read := e.loopNames(s)
	l := &looping{elaborator: e, stmt: s, carried: carried, read: read, store: e.part("for")}
	l.run(diagram.Repeat{Letter: s.Var.Text, From: from, To: to, Down: s.Down})
}

// loopNames lists the wires outside that the body assigns, and those it only reads.
func (e *elaborator) loopNames(s *grammar.For) (carried, read []string) {
	isWire := func(name string) bool {
		b := e.scope.look(name)
		if b == nil {
			return false
		}
		_, ok := b.value.(wire)
		return ok
	}
	assigned := map[string]bool{}
	grammar.Walk(s.Body, func(n grammar.Node) bool {
		if a, ok := n.(*grammar.Assign); ok {
			for _, target := range a.Targets {
				assigned[targetName(target)] = true
			}
		}
		return true
	})
	grammar.Walk(s.Body, func(n grammar.Node) bool {
		name, ok := n.(*grammar.Name)
		if !ok || !isWire(name.Text) {
			return true
		}
		list := &read
		if assigned[name.Text] {
			list = &carried
		}
		if !slices.Contains(*list, name.Text) {
			*list = append(*list, name.Text)
		}
		return true
	})
	return carried, read
}

func targetName(x grammar.Expr) string {
	if a, ok := x.(*grammar.Apply); ok {
		x = a.Fn
	}
	if name, ok := x.(*grammar.Name); ok {
		return name.Text
	}
	return ""
}

// looping is one loop while its turns are elaborated.
type looping struct {
	*elaborator
	stmt    *grammar.For
	carried []string // wires that go from turn to turn
	read    []string // wires that are handed to every turn

	store *store                   // of its turns
	wires map[string]*diagram.Wire // as the turn before left them
	saved []string                 // slots that a turn has put something in
}

// run elaborates all turns where the bounds are numbers, and else one for all.
func (l *looping) run(op diagram.Repeat) {
	l.wires = map[string]*diagram.Wire{}
	in := l.wiresOf(slices.Concat(l.carried, l.read))
	numbers, ok := l.turnNumbers(op)
	if !ok {
		l.spoil(l.stmt.Body)
		return
	}
	if len(numbers) == 0 {
		l.useAll(l.stmt.Body)
		return
	}
	for _, i := range numbers {
		body := l.turnOf(i)
		if body == nil {
			l.spoil(l.stmt.Body)
			return
		}
		op.Turns = append(op.Turns, body)
	}
	if !l.bounded(op) {
		l.job.failed = true
		l.spoil(l.stmt.Body)
		return
	}
	l.close(op, in)
}

// turnNumbers lists what the loop's letter is in each turn: itself, where the
// bounds are no numbers.
func (l *looping) turnNumbers(op diagram.Repeat) ([]shape.Size, bool) {
	from, okFrom := op.From.Int()
	to, okTo := op.To.Int()
	if !okFrom || !okTo {
		return []shape.Size{shape.Letter(op.Letter)}, true
	}
	if op.Down {
		from, to = to, from
	}
	if !l.turns(to-from+1, l.stmt.Span()) {
		return nil, false
	}
	var numbers []shape.Size
	for i := from; i <= to; i++ {
		numbers = append(numbers, shape.Int(i))
	}
	if op.Down {
		slices.Reverse(numbers)
	}
	return numbers, true
}

// turnOf elaborates the body once. It is nil where there are errors.
func (l *looping) turnOf(i shape.Size) *diagram.Diagram {
	inner := l.insideOf(l.store.within(i.String()))
	inner.scope = newScope(l.scope)
	inner.d.Name, inner.d.Span = "turn", l.stmt.Span()
	inner.scope.define(l.stmt.Var.Text, sizeOf(i), l.stmt.Var.Span()).isUsed = true
	for _, name := range slices.Concat(l.carried, l.read) {
		w := *l.wires[name]
		w.Name = name
		inner.d.In = append(inner.d.In, &w)
		inner.scope.define(name, wire{&w}, w.Span).isUsed = true
	}
	before := len(l.said)
	if v := inner.block(l.stmt.Body); v != nil {
		l.unusedValue(v, resultOfBlock(l.stmt.Body))
	}
	inner.endStates()
	if l.hasErrors(before) {
		return nil
	}
	for _, b := range inner.scope.order {
		if !b.isUsed && !isPoisoned(b.value) && !slices.Contains(l.carried, b.name) {
			l.fault(UnusedWire, b.span, "wire `%s` is never used", b.name)
		}
	}
	return l.left(inner)
}

// resultOfBlock is where the last statement of a block stands.
func resultOfBlock(b *grammar.Block) source.Span { return b.Stmts[len(b.Stmts)-1].Span() }

// left collects what a turn carries on.
func (l *looping) left(inner *elaborator) *diagram.Diagram {
	for i, name := range l.carried {
		v := inner.scope.look(name).value
		w, ok := v.(wire)
		if !ok {
			if !isPoisoned(v) {
				l.fault(WireNeeded, l.stmt.Span(), "`%s` goes into the loop as a wire, and comes out as %s", name, kindOf(v))
			}
			return nil
		}
		if slices.Contains(inner.d.Out, w.Wire) {
			w.Wire = inner.view("copy", w.Wire, w.Type.Axes, w.Span)
		}
		inner.d.Out = append(inner.d.Out, w.Wire)
		inner.scope.look(name).isUsed = true
		l.wires[l.carried[i]] = w.Wire
	}
	return inner.d
}

// wiresOf finds the wires outside by name.
func (l *looping) wiresOf(names []string) []*diagram.Wire {
	var wires []*diagram.Wire
	for _, name := range names {
		w := l.scope.use(name).value.(wire).Wire
		l.wires[name] = w
		wires = append(wires, w)
	}
	return wires
}

// bounded reports whether the types after the loop are known: either all turns
// have been elaborated, or a turn leaves them as they were.
func (l *looping) bounded(op diagram.Repeat) bool {
	if op.From.IsInt() && op.To.IsInt() {
		return true
	}
	body := op.Turns[0]
	for i, w := range body.Out {
		if !sameType(l.elaborator, w, body.In[i]) {
			return false
		}
	}
	return true
}

func sameType(e *elaborator, a, b *diagram.Wire) bool {
	if !sameLabels(a.Type.Axes.Labels(), b.Type.Axes.Labels()) {
		return false
	}
	for _, axis := range a.Type.Axes {
		if !e.job.unifier.Unify(axis.Size, b.Type.Axes[b.Type.Axes.Index(axis.Label)].Size) {
			return false
		}
	}
	return true
}

// close puts the box of the loop in, and gives the names what the last turn left.
func (l *looping) close(op diagram.Repeat, in []*diagram.Wire) {
	var out []*diagram.Wire
	for _, w := range op.Turns[len(op.Turns)-1].Out {
		out = append(out, &diagram.Wire{Type: w.Type, Span: w.Span})
	}
	b := &diagram.Box{Op: op, In: in, Out: out, Weave: wholeWeave(in, out), Name: l.numbered("for"), Span: l.stmt.Span()}
	l.add(b)
	for i, name := range l.carried {
		out[i].Name = name
		l.define(name, wire{out[i]}, l.stmt.Var.Span())
	}
}
