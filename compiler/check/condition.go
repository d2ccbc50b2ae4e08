package check

import (
	"ncd/grammar"
)

// condition evaluates a condition on static values.
func (r *reader) condition(c grammar.Cond) (holds, ok bool) {
	switch c := c.(type) {
	case *grammar.Not:
		holds, ok = r.condition(c.Of)
		return !holds, ok
	case *grammar.Logic:
		left, okLeft := r.condition(c.Left)
		right, okRight := r.condition(c.Right)
		if c.Op == "and" {
			return left && right, okLeft && okRight
		}
		return left || right, okLeft && okRight
	case *grammar.Compare:
		return r.comparison(c)
	case *grammar.Fact:
		return r.fact(c)
	}
	return false, false
}

func (r *reader) fact(c *grammar.Fact) (holds, ok bool) {
	if name, isName := c.Of.(*grammar.Name); isName && name.Text == "training" && r.scope.look("training") == nil {
		return r.program.options.Training, true
	}
	v := r.value(c.Of)
	if f, isFlag := v.(flag); isFlag {
		return bool(f), true
	}
	if !isPoisoned(v) {
		r.fault(ConditionStatic, c.Span(), "a condition is true or false before data flow, and this is %s", kindOf(v))
	}
	return false, false
}

func (r *reader) comparison(c *grammar.Compare) (holds, ok bool) {
	left := r.value(c.Left)
	right := r.word(c.Right, left)
	if isPoisoned(left) || isPoisoned(right) {
		return false, false
	}
	if a, isStatic := left.(static); isStatic {
		if b, isStatic := right.(static); isStatic {
			return r.compared(c, a, b)
		}
	}
	_, isWire := left.(wire)
	if _, isBox := left.(box); isWire || isBox || c.Op != "==" && c.Op != "!=" {
		r.fault(ConditionStatic, c.Span(), "a condition compares what is known before data flow, and this is %s", kindOf(left))
		return false, false
	}
	isSame := false
	switch left := left.(type) {
	case text, flag, word:
		isSame = kindOf(left) == kindOf(right) && left == right
	}
	return isSame == (c.Op == "=="), true
}

// word evaluates the right side of a comparison, which may be a word of a list: beside a
// word it is one, though a box may have the same name.
func (r *reader) word(x grammar.Expr, left value) value {
	name, ok := x.(*grammar.Name)
	if _, isWord := left.(word); isWord && ok {
		return r.wordOrParameter(name)
	}
	if ok && r.scope.look(name.Text) == nil && !r.isBox(name.Text) {
		if _, isLabel := r.label(name.Text); !isLabel && name.Text != "true" && name.Text != "false" && r.unit.find(name.Text) == nil {
			return word(name.Text)
		}
	}
	return r.value(x)
}

func (r *reader) compared(c *grammar.Compare, a, b static) (holds, ok bool) {
	x, okX := a.number.Float()
	y, okY := b.number.Float()
	if !okX || !okY {
		// With letters for sizes nothing is decided: the first branch is checked.
		return true, true
	}
	switch c.Op {
	case "<":
		return x < y, true
	case "<=":
		return x <= y, true
	case ">":
		return x > y, true
	case ">=":
		return x >= y, true
	case "==":
		return x == y, true
	}
	return x != y, true
}
