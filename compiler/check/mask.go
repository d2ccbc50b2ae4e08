package check

import (
	"math"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// mask is a condition on index letters while it is made into boxes: sources of
// places, and one function of them.
type mask struct {
	*application
	wire    *diagram.Wire
	letters []string // axes whose places the condition reads
	places  []*diagram.Wire
	program []diagram.Instr
	inputs  int
}

var comparisons = map[string]struct {
	fn      diagram.Fn
	swap    bool
	negated bool
}{
	"<":  {diagram.FnLess, false, false},
	">":  {diagram.FnGreater, false, false},
	"<=": {diagram.FnGreater, false, true},
	">=": {diagram.FnLess, false, true},
	"==": {diagram.FnEqual, false, false},
	"!=": {diagram.FnEqual, false, true},
}

// masked is a wire whose numbers are minus infinity where the condition does not
// hold, so that a softmax gives them no weight.
func (a *application) masked(w *diagram.Wire) (*diagram.Wire, bool) {
	m := &mask{application: a, wire: w}
	m.readLetters(a.where)
	for _, label := range m.letters {
		axis := w.Type.Axes[w.Type.Axes.Index(label)]
		source, ok := a.source(diagram.Places{}, "", shape.Shape{axis}).(wire)
		if !ok {
			return nil, false
		}
		m.places = append(m.places, source.Wire)
	}
	m.inputs = len(m.places) + 1
	condition, ok := m.condition(a.where)
	if !ok {
		return nil, false
	}
	lowest := m.constant(diagram.Literal(math.Inf(-1)))
	result := m.instr(diagram.FnSelect, condition, 0, lowest)
	op := diagram.Map{Program: m.program, Results: []int{result}}
	out := &diagram.Wire{Type: shape.Type{Axes: w.Type.Axes}, Span: a.where.Span()}
	b := diagram.NewBox(op, w.Type.Axes, nil, append([]*diagram.Wire{w}, m.places...), []*diagram.Wire{out})
	b.Span = a.where.Span()
	a.add(b)
	return out, true
}

// readLetters lists the axes of the wire that a condition reads.
func (m *mask) readLetters(c grammar.Cond) {
	grammar.Walk(c, func(n grammar.Node) bool {
		name, ok := n.(*grammar.Name)
		if ok && m.wire.Type.Axes.Index(name.Text) >= 0 && m.register(name.Text) < 0 {
			m.letters = append(m.letters, name.Text)
		}
		return true
	})
}

// register is where a letter's places are, or -1.
func (m *mask) register(label string) int {
	for i, known := range m.letters {
		if known == label {
			return i + 1
		}
	}
	return -1
}

func (m *mask) instr(fn diagram.Fn, args ...int) int {
	m.program = append(m.program, diagram.Instr{Fn: fn, Args: args})
	return m.inputs + len(m.program) - 1
}

func (m *mask) constant(n diagram.Number) int {
	m.program = append(m.program, diagram.Instr{Fn: diagram.FnConstant, Value: n})
	return m.inputs + len(m.program) - 1
}

func (m *mask) negated(register int) int {
	return m.instr(diagram.FnSub, m.constant(diagram.Literal(1)), register)
}

func (m *mask) condition(c grammar.Cond) (int, bool) {
	switch c := c.(type) {
	case *grammar.Not:
		inner, ok := m.condition(c.Of)
		return m.negated(inner), ok
	case *grammar.Logic:
		left, okLeft := m.condition(c.Left)
		right, okRight := m.condition(c.Right)
		fn := diagram.FnMin
		if c.Op == "or" {
			fn = diagram.FnMax
		}
		return m.instr(fn, left, right), okLeft && okRight
	case *grammar.Compare:
		left, okLeft := m.term(c.Left)
		right, okRight := m.term(c.Right)
		if !okLeft || !okRight {
			return 0, false
		}
		compared := m.instr(comparisons[c.Op].fn, left, right)
		if comparisons[c.Op].negated {
			compared = m.negated(compared)
		}
		return compared, true
	}
	m.fault(ConditionStatic, c.Span(), "a mask compares places: `%s[x where x <= y]`", m.made.name)
	return 0, false
}

// term is a place, a number, or a sum of such.
func (m *mask) term(x grammar.Expr) (int, bool) {
	switch x := x.(type) {
	case *grammar.Name:
		if i := m.register(x.Text); i >= 0 {
			return i, true
		}
	case *grammar.Binary:
		left, okLeft := m.term(x.Left)
		right, okRight := m.term(x.Right)
		if !okLeft || !okRight {
			return 0, false
		}
		return m.instr(operators[x.Op], left, right), true
	case *grammar.Negate:
		of, ok := m.term(x.Of)
		if !ok {
			return 0, false
		}
		return m.instr(diagram.FnNeg, of), true
	}
	outside := &reader{elaborator: m.reader.elaborator, scope: m.reader.scope}
	s, ok := outside.number(x)
	if !ok {
		return 0, false
	}
	return m.constant(s.number), true
}
