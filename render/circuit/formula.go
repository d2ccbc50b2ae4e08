package circuit

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// binding is how firmly the parts of a term hold together: what stands beside a sign
// of firmer binding is put in parentheses.
type binding int

const (
	compared binding = iota
	added
	multiplied
	raised
	whole
)

// term is a piece of a formula.
type term struct {
	text  string
	binds binding
}

// in is the term beside a sign that asks for a binding.
func (t term) in(least binding) string {
	if t.binds < least {
		return "(" + t.text + ")"
	}
	return t.text
}

// longestFormula is how wide a formula is written out, mm.
const longestFormula = 34

// formula writes a Map's first result in terms of its inputs, or f where that
// would be long.
func formula(m diagram.Map, s *step) string {
	terms := inputTerms(s)
	for _, in := range m.Program {
		terms = append(terms, instruction(in, terms))
	}
	text := terms[m.Results[0]].text
	if widthOf(text, scene.Math, labelSize) > longestFormula {
		return "f"
	}
	return text
}

// nameless are what inputs without names are called.
var nameless = []string{"x", "y", "z"}

// inputTerms are what the ports of a step are called in its formula.
func inputTerms(s *step) []term {
	terms := make([]term, len(s.box.In))
	unnamed := 0
	for port, w := range s.box.In {
		switch number, ok := s.constants[port]; {
		case ok:
			terms[port] = numberTerm(named(*number, s))
		case w.Name != "":
			terms[port] = term{typeset.Name(w.Name), whole}
		default:
			terms[port] = term{nameless[min(unnamed, len(nameless)-1)], whole}
			unnamed++
		}
	}
	return terms
}

func numberTerm(n diagram.Number) term {
	text := numberText(n)
	switch {
	case strings.HasPrefix(text, "-"):
		return term{text, added}
	case strings.Trim(text, "0123456789.") == "":
		return term{text, whole}
	}
	return term{text, multiplied}
}

// instruction is what an instruction makes of terms.
func instruction(in diagram.Instr, terms []term) term {
	args := make([]term, len(in.Args))
	for i, a := range in.Args {
		args[i] = terms[a]
	}
	switch in.Fn {
	case diagram.FnConstant:
		return numberTerm(in.Value)
	case diagram.FnAdd:
		if strings.HasPrefix(args[1].text, "-") {
			return term{args[0].text + args[1].text, added}
		}
		return term{args[0].in(added) + "+" + args[1].in(added), added}
	case diagram.FnSub:
		return term{args[0].in(added) + "-" + args[1].in(multiplied), added}
	case diagram.FnMul, diagram.FnDiv:
		right := multiplied
		if in.Fn == diagram.FnDiv {
			right = raised
		}
		return term{args[0].in(multiplied) + joinSigns[in.Fn] + args[1].in(right), multiplied}
	case diagram.FnLess, diagram.FnGreater, diagram.FnEqual:
		return term{args[0].in(added) + joinSigns[in.Fn] + args[1].in(added), compared}
	case diagram.FnSelect:
		return term{args[1].in(added) + `\mathrm{\ if\ }` + args[0].text + `\mathrm{\ else\ }` + args[2].in(added), compared}
	}
	return applied(in.Fn, args)
}

// applied is a function of terms that has a notation of its own, or else its name.
func applied(fn diagram.Fn, args []term) term {
	switch fn {
	case diagram.FnNeg:
		return term{"-" + args[0].in(multiplied), added}
	case diagram.FnSquare:
		return term{args[0].in(whole) + "^{2}", raised}
	case diagram.FnReciprocal:
		return term{args[0].in(whole) + "^{-1}", raised}
	case diagram.FnPower:
		return term{args[0].in(whole) + "^{" + args[1].text + "}", raised}
	case diagram.FnAbs:
		return term{"|" + args[0].text + "|", whole}
	}
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a.text
	}
	return term{functionText(fn) + "(" + strings.Join(texts, ", ") + ")", whole}
}
