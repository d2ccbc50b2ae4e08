package diagram

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/shape"
)

// Fn is a function of scalars: the closed list that Map is made of.
type Fn string

// The scalar functions by number of arguments: none (FnConstant), one, two,
// three. Comparisons give 1 or 0; FnSelect is args[1] where args[0] is not 0,
// else args[2]; FnStep is 1 above 0; FnGelu is x·Φ(x) with the exact normal
// distribution.
const (
	FnConstant Fn = "constant"

	FnNeg        Fn = "neg"
	FnExp        Fn = "exp"
	FnLog        Fn = "log"
	FnSqrt       Fn = "sqrt"
	FnAbs        Fn = "abs"
	FnSign       Fn = "sign"
	FnSin        Fn = "sin"
	FnCos        Fn = "cos"
	FnTanh       Fn = "tanh"
	FnSigmoid    Fn = "sigmoid"
	FnRelu       Fn = "relu"
	FnGelu       Fn = "gelu"
	FnSilu       Fn = "silu"
	FnSoftplus   Fn = "softplus"
	FnSquare     Fn = "square"
	FnReciprocal Fn = "reciprocal"
	FnStep       Fn = "step"
	FnErf        Fn = "erf"

	FnAdd     Fn = "add"
	FnSub     Fn = "sub"
	FnMul     Fn = "mul"
	FnDiv     Fn = "div"
	FnPower   Fn = "power"
	FnMax     Fn = "max"
	FnMin     Fn = "min"
	FnLess    Fn = "less"
	FnGreater Fn = "greater"
	FnEqual   Fn = "equal"

	FnSelect Fn = "select"
)

// Arity is how many arguments each scalar function has.
var Arity = map[Fn]int{
	FnConstant: 0,
	FnNeg:      1, FnExp: 1, FnLog: 1, FnSqrt: 1, FnAbs: 1, FnSign: 1, FnSin: 1, FnCos: 1, FnTanh: 1, FnSigmoid: 1, FnRelu: 1,
	FnGelu: 1, FnSilu: 1, FnSoftplus: 1, FnSquare: 1, FnReciprocal: 1, FnStep: 1, FnErf: 1,
	FnAdd: 2, FnSub: 2, FnMul: 2, FnDiv: 2, FnPower: 2, FnMax: 2, FnMin: 2, FnLess: 2, FnGreater: 2, FnEqual: 2,
	FnSelect: 3,
}

// Apply is the Map of a single scalar function.
func Apply(fn Fn) Map {
	n := Arity[fn]
	args := make([]int, n)
	for i := range args {
		args[i] = i
	}
	return Map{Program: []Instr{{Fn: fn, Args: args}}, Results: []int{n}}
}

// Sole returns the scalar function of a Map that applies just one, or "".
func (m Map) Sole() Fn {
	if len(m.Program) == 1 {
		return m.Program[0].Fn
	}
	return ""
}

// Number is a number known before data flows. It may hang on sizes that are
// letters still (k^-0.5), so it is kept as an expression until they are known;
// that is also how it is drawn. The zero Number is 0.
type Number struct {
	Literal float64    // where Op is ""
	Size    shape.Size // where Op is "size"
	Op      string     // "", "size", "neg", or one of + - * / ^
	Args    []Number
	Text    string // as the author wrote it; only shown
}

// Literal is the number x.
func Literal(x float64) Number { return Number{Literal: x} }

// OfSize is the number of places of a size.
func OfSize(s shape.Size) Number {
	if n, ok := s.Int(); ok {
		return Literal(float64(n))
	}
	return Number{Op: "size", Size: s}
}

// Arithmetic combines numbers by an operator, and computes at once what is known.
func Arithmetic(op string, args ...Number) Number {
	n := Number{Op: op, Args: args}
	if x, ok := n.Float(); ok {
		return Literal(x)
	}
	return n
}

// Float is the value, and whether it is known: no letter is left.
func (n Number) Float() (float64, bool) {
	switch n.Op {
	case "":
		return n.Literal, true
	case "size":
		places, ok := n.Size.Int()
		return float64(places), ok
	}
	x, ok := n.Args[0].Float()
	if !ok {
		return 0, false
	}
	if len(n.Args) == 1 {
		return -x, n.Op == "neg"
	}
	y, ok := n.Args[1].Float()
	return combine(n.Op, x, y), ok
}

func combine(op string, x, y float64) float64 {
	switch op {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	case "/":
		return x / y
	}
	return math.Pow(x, y)
}

// Replace puts sizes in the place of letters.
func (n Number) Replace(letter func(string) (shape.Size, bool)) Number {
	if n.Op == "" {
		return n
	}
	if n.Op == "size" {
		return OfSize(n.Size.Replace(letter))
	}
	args := make([]Number, len(n.Args))
	for i, a := range n.Args {
		args[i] = a.Replace(letter)
	}
	replaced := Arithmetic(n.Op, args...)
	replaced.Text = n.Text
	return replaced
}

// Equal reports whether two numbers are the same expression.
func (n Number) Equal(m Number) bool {
	if n.Op != m.Op || !slices.EqualFunc(n.Args, m.Args, Number.Equal) {
		return false
	}
	return n.Literal == m.Literal && n.Size.Equal(m.Size)
}

// String writes the number as the language does: k^-0.5.
func (n Number) String() string {
	switch {
	case n.Op == "":
		return strconv.FormatFloat(n.Literal, 'g', -1, 64)
	case n.Op == "size":
		return n.Size.String()
	case len(n.Args) == 1:
		return "-" + n.Args[0].String()
	case n.Op == "^":
		return fmt.Sprintf("%s^%s", n.Args[0].operand(), n.Args[1].operand())
	}
	return fmt.Sprintf("%s %s %s", n.Args[0].operand(), n.Op, n.Args[1].operand())
}

// operand is the number beside an operator: in brackets, unless it is one word.
func (n Number) operand() string {
	text := n.String()
	if len(n.Args) > 0 || n.Op == "size" && strings.ContainsAny(text, "+-*/^ ") {
		return "(" + text + ")"
	}
	return text
}
