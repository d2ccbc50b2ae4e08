package importer

import (
	"fmt"
	"math"
	"slices"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// operator is how uses of one are written, and how many inputs it needs.
type operator struct {
	least int
	write func(*translation, *onnx.Node) error
}

// operators are all that are known. The table is filled when the package starts, since
// the functions of it look nodes up themselves.
var operators map[string]operator

func init() {
	operators = map[string]operator{}
	for name, words := range unary {
		operators[name] = operator{1, flow(words)}
	}
	for name, sign := range map[string]string{"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"} {
		operators[name] = operator{2, arithmetic(sign)}
	}
	for name, box := range map[string]string{"Less": "less", "Greater": "greater", "Equal": "equal", "And": "min", "Or": "max"} {
		operators[name] = operator{2, tuple("(%s, %s) >> " + box)}
	}
	operators["Mod"] = operator{2, (*translation).remainder}
	operators["Xor"] = operator{2, tuple("%s - %s >> abs")}
	operators["GreaterOrEqual"] = operator{2, tuple("1 - ((%s, %s) >> less)")}
	operators["LessOrEqual"] = operator{2, tuple("1 - ((%s, %s) >> greater)")}
	operators["Where"] = operator{3, tuple("(%s, %s, %s) >> select")}
	operators["IsInf"] = operator{1, (*translation).isInfinite}
	operators["PRelu"] = operator{2, (*translation).prelu}
	operators["Pow"] = operator{2, (*translation).pow}
	operators["Max"] = operator{1, chained("(%s, %s) >> max")}
	operators["Min"] = operator{1, chained("(%s, %s) >> min")}
	operators["Mean"] = operator{1, (*translation).meanOf}
	operators["Sum"] = operator{1, chained("%s + %s")}
	operators["Clip"] = operator{1, (*translation).clip}
	operators["Cast"] = operator{1, (*translation).cast}
	operators["CastLike"] = operator{1, (*translation).cast}
	operators["Dropout"] = operator{1, (*translation).identity}
	operators["Identity"] = operator{1, (*translation).identity}
	for name, op := range shaping {
		operators[name] = op
	}
	for name, op := range products {
		operators[name] = op
	}
	for name, op := range reducing {
		operators[name] = op
	}
	for name, op := range windowing {
		operators[name] = op
	}
}

// unary are the functions of one number, as flows. $ stands for the number; where there
// is none, the flow goes on from it. Attributes stand in braces with their defaults.
var unary = map[string]string{
	"Abs": "abs", "Neg": "-$", "Exp": "exp", "Log": "log", "Sqrt": "sqrt", "Reciprocal": "reciprocal", "Sigmoid": "sigmoid",
	"Tanh": "tanh", "Relu": "relu", "Softplus": "softplus", "Sin": "sin", "Cos": "cos", "Sign": "sign", "Erf": "erf", "Not": "1 - $",
	"Tan": "($ >> sin) / ($ >> cos)", "Sinh": "(($ >> exp) - (-$ >> exp)) / 2", "Cosh": "(($ >> exp) + (-$ >> exp)) / 2",
	"Asinh": "$ + ($ * $ + 1 >> sqrt) >> log", "Acosh": "$ + ($ * $ - 1 >> sqrt) >> log", "Atanh": "((1 + $) / (1 - $) >> log) / 2",
	"Softsign": "$ / (1 + ($ >> abs))", "HardSwish": "$ * ($ / 6 + 0.5 >> clamp[0, 1])", "Mish": "$ * ($ >> softplus >> tanh)",
	"HardSigmoid":     "{alpha:0.2} * $ + {beta:0.5} >> clamp[0, 1]",
	"LeakyRelu":       "($ >> relu) - {alpha:0.01} * (-$ >> relu)",
	"Elu":             "($ >> relu) - {alpha:1} * (1 - (-(-$ >> relu) >> exp))",
	"Selu":            "{gamma:1.0507009873554805} * (($ >> relu) - {alpha:1.6732632423543772} * (1 - (-(-$ >> relu) >> exp)))",
	"Celu":            "($ >> relu) - {alpha:1} * (1 - (-(-$ >> relu) / {alpha:1} >> exp))",
	"ThresholdedRelu": "$ * ($ - {alpha:1} >> step)",
	"Shrink":          "($ - {bias:0}) * ($ - {lambd:0.5} >> step) + ($ + {bias:0}) * (-$ - {lambd:0.5} >> step)",
	"Swish":           "$ * ({alpha:1} * $ >> sigmoid)",
	"Gelu":            "gelu",
}

// flow writes a function of one number.
func flow(words string) func(*translation, *onnx.Node) error {
	return func(t *translation, n *onnx.Node) error {
		if n.Op == "Gelu" && t.text(n, "approximate", "none") != "none" {
			return refuse(n, "only the exact function is known")
		}
		if x := t.in(n, 0); x.isConstant() && n.Op == "Sqrt" {
			t.set(n, 0, constant(x.data.mapped(math.Sqrt)))
			return nil
		}
		v := t.wire(t.in(n, 0))
		said := t.filled(n, words)
		if !hasHole(said) {
			made := then(v, said)
			made.order = v.order
			t.set(n, 0, made)
			return nil
		}
		v = t.name(v)
		made := met(replaceHole(said, v.text), v.axes)
		made.order = v.order
		if n.Op == "Not" {
			made.mask = v.mask.negated()
		}
		t.set(n, 0, made)
		return nil
	}
}

// filled puts attributes in the place of their names.
func (t *translation) filled(n *onnx.Node, words string) string {
	return attributeHole.ReplaceAllStringFunc(words, func(hole string) string {
		parts := attributeHole.FindStringSubmatch(hole)
		otherwise, _ := parseFloat(parts[2])
		return literal(t.float(n, parts[1], otherwise))
	})
}

func arithmetic(sign string) func(*translation, *onnx.Node) error {
	return func(t *translation, n *onnx.Node) error {
		if done, err := t.sizeArithmetic(n, sign); done || err != nil {
			return err
		}
		if a, b := t.in(n, 0), t.in(n, 1); a.isConstant() && b.isConstant() && !a.data.isWhole {
			if made, ok := folded(a.data, b.data, sign); ok {
				t.set(n, 0, constant(made))
				return nil
			}
		}
		if t.scaled(n, sign) {
			return nil
		}
		return t.together(n, "%s "+sign+" %s", t.in(n, 0), t.in(n, 1))
	}
}

// scaled writes arithmetic with a constant as a learned gain or bias, and reports whether
// it is that.
func (t *translation) scaled(n *onnx.Node, sign string) bool {
	x, c := t.in(n, 0), t.in(n, 1)
	if x.isConstant() && (sign == "+" || sign == "*") {
		x, c = c, x
	}
	if x.isConstant() || !c.isConstant() || len(c.data.values) == 1 || c.rank() > x.rank() {
		return false
	}
	var labels shape.Shape
	var dims []int
	for i, size := range c.data.dims {
		a := x.axes[x.rank()-c.rank()+i]
		if size == 1 {
			continue
		}
		if !a.Size.Equal(shape.Int(size)) || a.Label == examples {
			return false
		}
		labels, dims = append(labels, a), append(dims, size)
	}
	t.set(n, 0, changed(x, sign, labels.Labels(), c.data.reshaped(dims)))
	return true
}

// tuple writes a function of several numbers.
func tuple(format string) func(*translation, *onnx.Node) error {
	return func(t *translation, n *onnx.Node) error {
		var values []*value
		for i := range operators[n.Op].least {
			values = append(values, t.in(n, i))
		}
		return t.together(n, format, values...)
	}
}

// together writes values that meet place by place.
func (t *translation) together(n *onnx.Node, format string, values ...*value) error {
	values, axes, err := t.aligned(n, values...)
	if err != nil {
		return err
	}
	values = t.covering(values, axes)
	words := make([]any, len(values))
	for i, v := range values {
		words[i] = operand(v)
	}
	made := met(fmt.Sprintf(format, words...), nil, values...)
	made.axes = t.spreadOver(made, axes, values)
	made.order = slices.Equal(inOrderMet(values), made.axes.Labels())
	if n.Op == "Where" {
		made.masked = t.maskedBy(n, values)
	}
	if len(values) == 2 {
		made.mask = comparison(n.Op, values)
	}
	if n.Op == "Sub" && values[0].text == "1" {
		made.mask = values[1].mask.negated()
	}
	t.set(n, 0, made)
	return nil
}

// inOrderMet is the order in which values that meet are joined: nil where that of one is
// not known.
func inOrderMet(values []*value) []string {
	var list []string
	for _, v := range values {
		if !v.order && len(shown(v.axes)) > 1 {
			return nil
		}
		for _, a := range v.axes {
			if !slices.Contains(list, a.Label) {
				list = append(list, a.Label)
			}
		}
	}
	return list
}

// spreadOver adds the axes of one place that no operand has kept.
func (t *translation) spreadOver(made *value, axes shape.Shape, values []*value) shape.Shape {
	for _, a := range axes {
		isThere := false
		for _, v := range values {
			isThere = isThere || v.axes.Index(a.Label) >= 0
		}
		if !isThere {
			made.text = "(" + made.text + ") >> spread[" + a.String() + "]"
		}
	}
	return axes
}

// chained writes a function of any number of values, two by two.
func chained(format string) func(*translation, *onnx.Node) error {
	return func(t *translation, n *onnx.Node) error {
		total := t.in(n, 0)
		for i := 1; i < len(n.Inputs); i++ {
			step := &onnx.Node{Op: n.Op, Name: n.Name, Outputs: []string{"\x00"}}
			if err := t.together(step, format, total, t.in(n, i)); err != nil {
				return err
			}
			total = t.values["\x00"]
		}
		t.set(n, 0, t.wire(total))
		return nil
	}
}

// meanOf is the mean of several values, place by place.
func (t *translation) meanOf(n *onnx.Node) error {
	sum := *n
	sum.Outputs = []string{"\x02"}
	if err := chained("%s + %s")(t, &sum); err != nil {
		return err
	}
	total := t.values["\x02"]
	t.set(n, 0, met(fmt.Sprintf("%s / %d", operand(total), len(n.Inputs)), total.axes, total))
	return nil
}

func (t *translation) pow(n *onnx.Node) error {
	if x, ok := t.in(n, 1).scalar(); ok && !t.in(n, 0).isConstant() {
		v := t.in(n, 0)
		made := then(v, "power["+literal(x)+"]")
		made.order = v.order
		t.set(n, 0, made)
		return nil
	}
	return t.together(n, "%s^%s", t.in(n, 0), t.in(n, 1))
}

// remainder is known of sizes.
func (t *translation) remainder(n *onnx.Node) error {
	if done, err := t.sizeArithmetic(n, "mod"); done || err != nil {
		return err
	}
	return refuse(n, "what is left of a division is known of sizes alone")
}

func (t *translation) isInfinite(n *onnx.Node) error {
	const largest = "3.4028234e38"
	v := t.name(t.wire(t.in(n, 0)))
	up, down := t.int(n, "detect_positive", 1) != 0, t.int(n, "detect_negative", 1) != 0
	made := met("(-"+v.text+", "+largest+") >> greater", v.axes)
	switch {
	case up && down:
		made = met("("+v.text+" >> abs, "+largest+") >> greater", v.axes)
	case up:
		made = met("("+v.text+", "+largest+") >> greater", v.axes)
	case !down:
		return refuse(n, "it finds nothing")
	}
	t.set(n, 0, made)
	return nil
}

func (t *translation) prelu(n *onnx.Node) error {
	x := t.name(t.wire(t.in(n, 0)))
	values, axes, err := t.aligned(n, x, t.in(n, 1))
	if err != nil {
		return err
	}
	made := met(fmt.Sprintf("(%s >> relu) - %s * (-%s >> relu)", x.text, operand(values[1]), x.text), axes, values[1])
	t.set(n, 0, made)
	return nil
}

func (t *translation) clip(n *onnx.Node) error {
	low, high := t.float(n, "min", -math.MaxFloat32), t.float(n, "max", math.MaxFloat32)
	for i, bound := range []*float64{&low, &high} {
		if v := t.in(n, i+1); v != nil {
			x, ok := v.scalar()
			if !ok {
				return t.clipBetween(n)
			}
			*bound = x
		}
	}
	v := t.wire(t.in(n, 0))
	t.set(n, 0, then(v, fmt.Sprintf("clamp[%s, %s]", literal(low), literal(high))))
	return nil
}

// clipBetween is clip with bounds that are computed.
func (t *translation) clipBetween(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	for i, box := range []string{"max", "min"} {
		bound := t.in(n, i+1)
		if bound == nil {
			continue
		}
		b := t.wire(bound)
		v = met("("+operand(v)+", "+operand(b)+") >> "+box, v.axes, v, b)
	}
	t.set(n, 0, v)
	return nil
}

// cast hands numbers on: all are float32 here. To whole numbers it would cut them off.
func (t *translation) cast(n *onnx.Node) error {
	v := t.in(n, 0)
	to := onnx.DataType(t.int(n, "to", int(onnx.Float)))
	isReal := to == onnx.Float || to == onnx.Double
	if list, ok := v.ints(); ok && !v.isConstant() && isReal {
		v = constant(&array{values: widened(list), isWhole: true})
		if t.in(n, 0).rank() > 0 {
			v.data.dims = []int{len(list)}
		}
	}
	if v.isConstant() {
		made := *v
		a := *v.data
		a.isWhole = !isReal
		made.data = &a
		t.set(n, 0, &made)
		return nil
	}
	if !isReal && v.sizes == nil && v.in == nil && to != onnx.Bool {
		return refuse(n, "to type %d: numbers are float32 in the language", to)
	}
	if to == onnx.Bool && v.sizes == nil && v.mask == nil {
		t.set(n, 0, then(t.wire(v), "abs >> sign"))
		return nil
	}
	t.set(n, 0, v)
	return nil
}

func (t *translation) identity(n *onnx.Node) error {
	if len(n.Outputs) > 1 && n.Outputs[1] != "" && t.uses[n.Outputs[1]] > 0 {
		return refuse(n, "its mask is read")
	}
	if mode := t.in(n, 2); mode != nil && n.Op == "Dropout" {
		if isTraining, ok := mode.scalar(); !ok || isTraining != 0 {
			return refuse(n, "it is in training")
		}
	}
	t.set(n, 0, t.in(n, 0))
	return nil
}
