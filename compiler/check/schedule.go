package check

import (
	"ncd/compiler/diagram"
	"ncd/grammar"
)

// totalSteps is the parameter of a schedule that the run itself gives.
const totalSteps = "steps"

// changes reports whether a schedule stands in a number.
func (r *reader) changes(x grammar.Expr) bool {
	found := false
	grammar.Walk(x, func(n grammar.Node) bool {
		if apply, ok := n.(*grammar.Apply); ok {
			found = found || r.isSchedule(apply)
			return false
		}
		if name, ok := n.(*grammar.Name); ok {
			found = found || r.isChanging(name)
		}
		return true
	})
	return found
}

// isSchedule reports whether an expression is a schedule with its brackets: nothing
// else that has brackets is a number, but a function of sizes.
func (r *reader) isSchedule(x grammar.Expr) bool {
	apply, hasArgs := x.(*grammar.Apply)
	return hasArgs && !isStaticFunction(apply)
}

// isChanging reports whether a name stands for a number that changes: a parameter
// that has been given a schedule, or a schedule without brackets.
func (r *reader) isChanging(x *grammar.Name) bool {
	if b := r.scope.look(x.Text); b != nil {
		_, isWire := b.value.(wire)
		return isWire
	}
	if d := r.unit.find(x.Text); d != nil && d.kind != "diagram" {
		return false
	}
	return r.shelved(schedules, x) != nil
}

// changing evaluates a number in which schedules stand: it is a scalar wire of the
// diagram of the update.
func (u *update) changing(r *reader, x grammar.Expr) value {
	if !r.changes(x) {
		return r.value(x)
	}
	switch x := x.(type) {
	case *grammar.Binary:
		return u.inner.elementwise(operators[x.Op], u.changing(r, x.Left), u.changing(r, x.Right), x.Span())
	case *grammar.Negate:
		return u.inner.elementwise(diagram.FnSub, numberOf(diagram.Literal(0)), u.changing(r, x.Of), x.Span())
	case *grammar.Name:
		if b := r.scope.use(x.Text); b != nil {
			return b.value
		}
	}
	d := r.shelved(schedules, x)
	if d == nil {
		r.noneShelved(schedules, x)
		return poison{}
	}
	return u.scheduled(r, d, x)
}

// scheduled is a schedule at the number of the step.
func (u *update) scheduled(r *reader, d *declared, x grammar.Expr) value {
	c := r.withScope().shelvedAs(d, x)
	if d.signature != nil && d.signature.parameter(totalSteps) != nil {
		c.known = map[string]value{totalSteps: sizeOf(u.total)}
		u.asksTotal = true
	}
	out := c.apply(u.inner, wire{u.step()}, use{span: x.Span()})
	if w, ok := out.(wire); ok && len(w.Type.Axes) > 0 {
		r.fault(ResultMismatch, x.Span(), "a schedule makes a number of the number of the step, and `%s` makes %s", d.name, u.inner.typeOf(w.Wire))
		return poison{}
	}
	return out
}

// step is the wire that the number of the step flows in by.
func (u *update) step() *diagram.Wire {
	if u.stepWire == nil {
		u.stepWire = &diagram.Wire{Name: "step", Span: u.call.span}
	}
	return u.stepWire
}
