package python

import (
	"fmt"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
)

// scalar is an expression of a Map, with how tightly it binds.
type scalar struct {
	text     string
	binds    int  // precedence, below
	isNumber bool // a Python number
	isTruth  bool // True or False
	isPlace  bool
}

const (
	comparing = iota
	adding
	multiplying
	negating
	raising
	calling
)

func (s scalar) as(precedence int) string {
	if s.binds < precedence {
		return "(" + s.text + ")"
	}
	return s.text
}

// Literal is a number as Python writes it.
func Literal(x float64) string {
	text := strconv.FormatFloat(x, 'g', -1, 64)
	switch text {
	case "+Inf":
		return "math.inf"
	case "-Inf":
		return "-math.inf"
	case "NaN":
		return "math.nan"
	}
	if strings.ContainsAny(text, ".e") {
		return text
	}
	return text + ".0"
}

func literal(x float64) scalar {
	s := scalar{text: Literal(x), binds: calling, isNumber: true}
	if x < 0 {
		s.binds = negating
	}
	return s
}

// mapped are the results of a program of scalars; what is read twice gets a line of
// its own.
func (l *Lines) mapped(op diagram.Map, in []scalar) []scalar {
	uses := map[int]int{}
	for _, instr := range op.Program {
		for _, a := range instr.Args {
			uses[a]++
		}
	}
	for _, r := range op.Results {
		uses[r]++
	}
	registers := in
	for i, instr := range op.Program {
		args := make([]scalar, len(instr.Args))
		for j, a := range instr.Args {
			args[j] = registers[a]
		}
		made := l.applied(instr, args)
		if uses[len(in)+i] > 1 && !made.isNumber {
			name := l.numbered(string(instr.Fn))
			l.Put("%s = %s", name, made.text)
			made.text, made.binds = name, calling
		}
		registers = append(registers, made)
	}
	results := make([]scalar, len(op.Results))
	for i, r := range op.Results {
		results[i] = registers[r]
	}
	return results
}

var infix = map[diagram.Fn]struct {
	sign  string
	binds int
}{
	diagram.FnAdd: {"+", adding}, diagram.FnSub: {"-", adding}, diagram.FnMul: {"*", multiplying}, diagram.FnDiv: {"/", multiplying},
	diagram.FnPower: {"**", raising}, diagram.FnLess: {"<", comparing}, diagram.FnGreater: {">", comparing}, diagram.FnEqual: {"==", comparing},
}

func (l *Lines) applied(instr diagram.Instr, args []scalar) scalar {
	if instr.Fn == diagram.FnConstant {
		x, _ := instr.Value.Float()
		return literal(x)
	}
	if o, ok := infix[instr.Fn]; ok {
		return l.between(o.sign, o.binds, args)
	}
	if instr.Fn == diagram.FnSelect {
		return l.selected(args)
	}
	args = l.numbers(args)
	x := args[0]
	switch instr.Fn {
	case diagram.FnNeg:
		return scalar{text: "-" + x.as(negating), binds: negating, isNumber: x.isNumber}
	case diagram.FnReciprocal:
		return scalar{text: "1 / " + x.as(negating), binds: multiplying, isNumber: x.isNumber}
	case diagram.FnStep:
		return scalar{text: x.as(adding) + " > 0", binds: comparing, isTruth: true}
	case diagram.FnMax, diagram.FnMin:
		return l.extreme(instr.Fn, args)
	}
	return scalar{text: fmt.Sprintf(l.Dialect.unary[instr.Fn], l.array(x)), binds: calling}
}

// between writes an operator between two operands.
func (l *Lines) between(sign string, binds int, args []scalar) scalar {
	isTruth := binds == comparing
	if !(isTruth && args[0].isPlace && args[1].isPlace) {
		args = l.numbers(args)
	}
	left, right := binds, binds+1
	if sign == "**" {
		left, right = calling, calling
	} else if isTruth {
		left = adding
	}
	return scalar{
		text:  args[0].as(left) + " " + sign + " " + args[1].as(right),
		binds: binds, isNumber: args[0].isNumber && args[1].isNumber && !isTruth, isTruth: isTruth,
	}
}

// numbers makes numbers of truths and places.
func (l *Lines) numbers(args []scalar) []scalar {
	made := make([]scalar, len(args))
	for i, x := range args {
		made[i] = x
		if x.isTruth || x.isPlace {
			made[i] = scalar{text: fmt.Sprintf(l.Dialect.number, x.as(calling)), binds: calling}
		}
	}
	return made
}

// array is an operand of a function that takes no Python number.
func (l *Lines) array(x scalar) string {
	if x.isNumber {
		return fmt.Sprintf(l.Dialect.wrapNumber, x.text)
	}
	return x.text
}

func (l *Lines) selected(args []scalar) scalar {
	condition := args[0].text
	if !args[0].isTruth {
		condition = args[0].as(adding) + " != 0"
	}
	branches := l.numbers(args[1:])
	return scalar{text: fmt.Sprintf("%s.where(%s, %s, %s)", l.Dialect.Module, condition, branches[0].text, branches[1].text), binds: calling}
}

func (l *Lines) extreme(fn diagram.Fn, args []scalar) scalar {
	if args[0].isNumber {
		args[0], args[1] = args[1], args[0]
	}
	if args[1].isNumber {
		format := l.Dialect.atLeast
		if fn == diagram.FnMin {
			format = l.Dialect.atMost
		}
		return scalar{text: fmt.Sprintf(format, scalar{text: l.array(args[0]), binds: args[0].binds}.as(calling), args[1].text), binds: calling}
	}
	return scalar{text: fmt.Sprintf("%s.%simum(%s, %s)", l.Dialect.Module, fn, args[0].text, args[1].text), binds: calling}
}
