package check

import (
	"ncd/compiler/diagram"
	"ncd/grammar"
)

// phase makes what a rule says of a phase for the layer. A phase that is said again
// says the rest of it anew.
func (in *instance) phase(before []ruleLine, line ruleLine, s *grammar.Phase) {
	p := diagram.Phase{Name: s.Name.Text, Inputs: map[string]*diagram.Diagram{}}
	e := in.elaborator(nil, "")
	var lines []ruleLine
	for _, stmt := range s.Body.Stmts {
		lines = append(lines, in.holding(e, stmt, line.atOutput)...)
	}
	for i, inner := range lines {
		all := append(before[:len(before):len(before)], lines[:i]...)
		switch stmt := inner.stmt.(type) {
		case *grammar.Assign:
			in.phaseGiven(&p, all, stmt)
		case *grammar.Settle:
			in.settle(&p, e, all, stmt)
		default:
			in.report.fault(InvalidEntry, stmt.Span(), "a phase gives data, the output, and how it settles; this stands outside of it")
		}
	}
	for i := range in.made.Phases {
		if in.made.Phases[i].Name == p.Name {
			in.made.Phases[i] = p
			return
		}
	}
	in.phases = append(in.phases, p.Name)
	in.made.Phases = append(in.made.Phases, p)
}

// phaseGiven is data that flows in instead of others, or what the output starts at.
func (in *instance) phaseGiven(p *diagram.Phase, before []ruleLine, s *grammar.Assign) {
	name := targetName(s.Targets[0])
	site := &ruleSite{title: name, isPhase: true}
	if w := in.dataWire(name); w != nil {
		site.wanted = w.Type.Axes
		p.Inputs[name] = in.build(before, s, site)
	} else if name == in.settling() {
		site.wanted = in.layer.Output.Axes
		p.Start = in.build(before, s, site)
	}
}

// settle makes a turn.
func (in *instance) settle(p *diagram.Phase, e *elaborator, before []ruleLine, s *grammar.Settle) {
	turns, ok := e.sizeAt(s.Steps)
	n, isNumber := turns.Int()
	if ok && (!isNumber || n < 0) {
		in.report.fault(SizeNeeded, s.Steps.Span(), "`settle` must say how many turns, and this is %s", turns)
	}
	p.Turns = n
	var lines []ruleLine
	for _, stmt := range s.Body.Stmts {
		lines = append(lines, in.holding(e, stmt, false)...)
	}
	isSaid := false
	for i, line := range lines {
		assign, isAssign := line.stmt.(*grammar.Assign)
		if !isAssign {
			continue
		}
		all := append(before[:len(before):len(before)], lines[:i]...)
		site := &ruleSite{title: targetName(assign.Targets[0]), isPhase: true, settles: true}
		switch site.title {
		case in.settling():
			site.wanted = in.layer.Output.Axes
			p.Settle, isSaid = in.build(all, assign, site), true
		case "send":
			site.wanted = in.layer.Input.Axes
			p.Send = in.build(all, assign, site)
		}
	}
	if !isSaid {
		in.report.fault(InvalidEntry, s.Span(), "`settle` must say what the output becomes in a turn: `%s = …`", in.settling())
	}
}

// dataWire is the layer's data wire of that name, or nil.
func (in *instance) dataWire(name string) *diagram.Wire {
	for _, w := range in.layer.Data {
		if w.Name == name {
			return w
		}
	}
	return nil
}
