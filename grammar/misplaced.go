package grammar

import (
	"fmt"

	"ncd/grammar/source"
)

// misplaced tells what parses and yet cannot be meant, whatever its names mean:
// targets that are no names, and values that a later line leaves behind.
func misplaced(decl Decl) []source.Diagnostic {
	var said []source.Diagnostic
	_, isRule := decl.(*Rule)
	Walk(decl, func(n Node) bool {
		switch n := n.(type) {
		case *Assign:
			for _, target := range n.Targets {
				if at, isAt := target.(*At); isAt && isRule {
					target = at.Of // what arrives in a phase
				}
				if !isTarget(target) {
					said = append(said, badTarget(target))
				}
			}
		case *Block:
			said = append(said, leftBehind(n.Stmts)...)
		case *RuleBlock:
			said = append(said, leftBehind(n.Stmts)...)
		}
		return true
	})
	return said
}

// isTarget reports whether an expression is a name, or a name with its axes.
func isTarget(e Expr) bool {
	if apply, ok := e.(*Apply); ok {
		e = apply.Fn
	}
	name, ok := e.(*Name)
	return ok && !name.Many
}

func badTarget(target Expr) source.Diagnostic {
	return source.Diagnostic{
		Code:    BadTarget,
		Span:    target.Span(),
		Message: fmt.Sprintf("`%s` cannot be defined", target.Span().Text()),
		Help:    []string{"left of `=` stands a name, or a name with its axes: `S[y x]`"},
	}
}

// leftBehind tells of expressions that stand alone and are not the last. What is
// dropped leaves nothing behind.
func leftBehind[S Stmt](stmts []S) []source.Diagnostic {
	var said []source.Diagnostic
	for i := range len(stmts) - 1 {
		value, ok := any(stmts[i]).(*Result)
		if !ok || isDropped(value) {
			continue
		}
		d := source.Diagnostic{
			Code:    BadStatement,
			Span:    value.Span(),
			Message: "this value is left behind: only the last line hands one out",
			Help:    []string{"give it a name, or take it out"},
		}
		if next, ok := any(stmts[i+1]).(*Result); ok && canFollow(next) {
			d.Code, d.Span = MissingFlow, firstWord(next)
			d.Message = fmt.Sprintf("`>>` is missing before `%s`", d.Span.Text())
			d.Notes = []source.Note{{Span: value.Span(), Message: "this value would be left behind"}}
			d.Help = []string{"a line that goes on with the one above starts with `>>`"}
		}
		said = append(said, d)
	}
	return said
}

// isDropped reports whether all that a statement makes ends in `>> drop`.
func isDropped(r *Result) bool {
	for _, value := range r.Values {
		flow, ok := value.(*Flow)
		if !ok {
			return false
		}
		last, ok := flow.Steps[len(flow.Steps)-1].(*Name)
		if !ok || last.Text != "drop" {
			return false
		}
	}
	return true
}

// canFollow reports whether a line begins with a box, so that a `>>` before it
// may have been forgotten.
func canFollow(r *Result) bool {
	if len(r.Values) != 1 {
		return false
	}
	switch first(r.Values[0]).(type) {
	case *Name, *Apply, *Box:
		return true
	}
	return false
}

func firstWord(r *Result) source.Span {
	e := first(r.Values[0])
	if apply, ok := e.(*Apply); ok {
		return apply.Fn.Span()
	}
	return e.Span()
}

// first is the step that a flow begins with.
func first(e Expr) Expr {
	if flow, ok := e.(*Flow); ok {
		return flow.Steps[0]
	}
	return e
}
