package circuit

import (
	"math"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/typeset"
)

// functionSigns are how scalar functions are written on an arrow; others are
// written by their names.
var functionSigns = map[diagram.Fn]string{
	diagram.FnRelu: "R", diagram.FnSigmoid: `\sigma`, diagram.FnNeg: "-",
	diagram.FnSquare: "x^{2}", diagram.FnReciprocal: "x^{-1}", diagram.FnAbs: "|x|",
}

// joinSigns are how arithmetic is written where arrays meet.
var joinSigns = map[diagram.Fn]string{
	diagram.FnAdd: "+", diagram.FnSub: "-", diagram.FnMul: `\times `, diagram.FnDiv: "÷",
	diagram.FnLess: "<", diagram.FnGreater: ">", diagram.FnEqual: "=",
}

func functionText(fn diagram.Fn) string {
	if sign, ok := functionSigns[fn]; ok {
		return sign
	}
	return `\mathrm{` + strings.ReplaceAll(string(fn), "_", `\_`) + "}"
}

// expression is a function of one array as a formula: its name where it is one
// function, what is done with the number where it is arithmetic.
func expression(m diagram.Map, s *step) string {
	if fn := m.Sole(); fn != "" && diagram.Arity[fn] == 1 {
		return functionText(fn)
	}
	if condition, ok := maskOf(m, s.box.In); ok {
		return `\mathrm{where\ }` + conditionText(condition, m, s)
	}
	last := m.Program[len(m.Program)-1]
	if len(m.Program) <= 2 && diagram.Arity[last.Fn] == 2 {
		if text := besideNumber(last.Fn, last.Args, m, s); text != "" {
			return text
		}
	}
	return formula(m, s)
}

// besideNumber writes what a number does to the array: `+ 1`, `∗ 2`.
func besideNumber(fn diagram.Fn, args []int, m diagram.Map, s *step) string {
	number, ok := numberAt(args[1], m, s)
	sign := joinSigns[fn]
	if !ok && (fn == diagram.FnAdd || fn == diagram.FnMul) {
		number, ok = numberAt(args[0], m, s)
	}
	if !ok || sign == "" {
		return ""
	}
	if fn == diagram.FnMul {
		sign = `\ast `
	}
	return sign + numberText(named(number, s))
}

// numberAt is the number that a register of a Map holds, if it is one.
func numberAt(register int, m diagram.Map, s *step) (diagram.Number, bool) {
	if n, ok := s.constants[register]; ok {
		return *n, true
	}
	if at := register - len(s.box.In); at >= 0 && m.Program[at].Fn == diagram.FnConstant {
		return m.Program[at].Value, true
	}
	return diagram.Number{}, false
}

// joinSign is what is written where arrays meet in a Map.
func joinSign(m diagram.Map, s *step) string {
	fn := m.Sole()
	if sign, ok := joinSigns[fn]; ok {
		return sign
	}
	if fn != "" {
		return functionText(fn)
	}
	return formula(m, s)
}

// factorText is what a multilinear step multiplies by.
func factorText(s *step) string {
	text := ""
	for port := range s.box.In {
		if n, ok := s.constants[port]; ok {
			text += `\ast ` + numberText(named(*n, s))
		}
	}
	return text
}

// numberText sets a number: powers above the line, halves as 1/2.
func numberText(n diagram.Number) string {
	switch {
	case n.Op == "":
		return literalText(n.Literal)
	case n.Op == "size":
		return sizeText(n.Size)
	case len(n.Args) == 1:
		return "-" + operandText(n.Args[0])
	case n.Op == "^":
		return operandText(n.Args[0]) + "^{" + numberText(n.Args[1]) + "}"
	case n.Op == "*":
		return operandText(n.Args[0]) + `\ast ` + operandText(n.Args[1])
	}
	return operandText(n.Args[0]) + n.Op + operandText(n.Args[1])
}

// named puts the labels of a step's axes in the place of their sizes: k^-0.5
// stays so where k is m/8.
func named(n diagram.Number, s *step) diagram.Number {
	if size, ok := asSize(n); ok && !size.IsInt() {
		for _, in := range s.in {
			for _, a := range in.axes {
				if a.kind != placeAxis && a.label != "" && a.size.Equal(size) {
					return diagram.OfSize(shape.Letter(a.label))
				}
			}
		}
	}
	args := make([]diagram.Number, len(n.Args))
	for i, a := range n.Args {
		args[i] = named(a, s)
	}
	n.Args = args
	return n
}

// asSize is a number as a size, if it is one.
func asSize(n diagram.Number) (shape.Size, bool) {
	switch n.Op {
	case "":
		return shape.Int(int(n.Literal)), n.Literal == math.Trunc(n.Literal) && math.Abs(n.Literal) < 1<<31
	case "size":
		return n.Size, true
	}
	if len(n.Args) != 2 {
		return shape.Size{}, false
	}
	a, known := asSize(n.Args[0])
	b, also := asSize(n.Args[1])
	switch {
	case !known || !also:
	case n.Op == "+":
		return a.Add(b), true
	case n.Op == "-":
		return a.Sub(b), true
	case n.Op == "*":
		return a.Mul(b), true
	case n.Op == "/" && !b.IsZero():
		return a.Div(b), true
	}
	return shape.Size{}, false
}

func operandText(n diagram.Number) string {
	if len(n.Args) == 2 && n.Op != "^" || n.Op == "size" && strings.ContainsAny(n.Size.String(), "+-*/ ") {
		return "(" + numberText(n) + ")"
	}
	return numberText(n)
}

// literalText writes a number with few digits, and halves and quarters as
// fractions.
func literalText(x float64) string {
	for _, d := range []float64{2, 4} {
		if x != math.Trunc(x) && x*d == math.Trunc(x*d) && math.Abs(x) < 3 {
			return strconv.FormatFloat(x*d, 'f', -1, 64) + "/" + strconv.FormatFloat(d, 'f', -1, 64)
		}
	}
	text := strconv.FormatFloat(x, 'g', 4, 64)
	if mantissa, exponent, ok := strings.Cut(text, "e"); ok {
		if mantissa == "1" {
			mantissa = ""
		} else {
			mantissa += `\times `
		}
		return mantissa + `10^{` + strings.TrimLeft(strings.Replace(exponent, "-0", "-", 1), "+0") + "}"
	}
	return text
}

// sizeText sets a size as it is written: 4*m becomes 4m.
func sizeText(s shape.Size) string { return sizeIn(s, nil) }

// isCoefficient reports whether a formula is a number so far, which what follows is
// multiplied by without a sign.
func isCoefficient(formula string) bool {
	return strings.Trim(formula, "0123456789") == ""
}

// sizeIn sets a size with some letters written otherwise.
func sizeIn(s shape.Size, letters map[string]string) string {
	var b strings.Builder
	text := s.String()
	for len(text) > 0 {
		word := text
		if i := strings.IndexAny(text, " +-*/^()[],"); i >= 0 {
			word = text[:max(i, 1)]
		}
		text = text[len(word):]
		switch written, ok := letters[word]; {
		case ok:
			b.WriteString(written)
		case word != "*":
			b.WriteString(typeset.Name(word))
		case !isCoefficient(b.String()):
			b.WriteString(`\cdot `)
		}
	}
	return b.String()
}
