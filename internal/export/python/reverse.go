package python

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/internal/export"
)

// Reverse is the program of what a unit sends back, as a function of its inputs, its
// results and what comes back to these.
type Reverse struct {
	Inputs, Results, Sent []string // names
	IsPlace               []bool   // of inputs: nothing goes back to them
	Text                  string   // its lines
	Back                  []string // what goes back to the inputs of numbers
	Kept                  []Kept   // what it keeps from one way back to the next
}

// Kept is an array that a program which sends back keeps for itself.
type Kept struct {
	*diagram.State
	Name, Becomes string
}

// reversed writes the lines of the program that sends back.
func (u *Unit) reversed() *Reverse {
	flat := rewrite.Normalize(u.reverse)
	isCarried := func(s *diagram.State) bool { return !s.Kept }
	if len(flat.Weights) > 0 || slices.ContainsFunc(flat.States, isCarried) {
		u.Refused.Refuse(u.reverse.Span, export.NotExportable, "a `reverse` block of diagram `"+u.Diagram.Name+"` that learns, or carries a state along an axis")
	}
	l := NewLines(u.Dialect, u.Used, u.Refused)
	l.IsLifted, l.Hole, l.Indent = true, u.Hole, "        "
	r := &Reverse{}
	for i, w := range flat.In {
		name := l.nameFor(w, "x")
		l.Bind(w, name, true)
		switch n, m := len(u.Diagram.In), len(u.Diagram.Out); {
		case i < n:
			r.Inputs, r.IsPlace = append(r.Inputs, name), append(r.IsPlace, w.Type.IsPlace())
		case i < n+m:
			r.Results = append(r.Results, name)
		default:
			r.Sent = append(r.Sent, name)
		}
	}
	for _, s := range flat.States {
		name := l.nameFor(s.In, "kept")
		l.Bind(s.In, name, true)
		r.Kept = append(r.Kept, Kept{State: s, Name: name})
	}
	for _, b := range flat.Boxes {
		l.Box(b, func(*diagram.Weight) string { return "None" }, func(b *diagram.Box) string {
			u.Refused.Refuse(b.Span, export.NotExportable, "a draw of chance in a `reverse` block")
			return "None"
		})
	}
	for _, w := range flat.Out {
		r.Back = append(r.Back, l.Value(w))
	}
	for i, s := range flat.States {
		r.Kept[i].Becomes = l.Value(s.Out)
	}
	r.Text = l.Text.String()
	return r
}
