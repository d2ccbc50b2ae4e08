package check

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// reader reads what is known before data flow, where it is written: sizes,
// numbers, brackets.
type reader struct {
	*elaborator
	scope    *scope
	incoming []*diagram.Wire       // what flows into the box whose brackets are read
	indices  map[string]shape.Size // letters of an index equation
	each     map[string]shape.Size // the axis of `p..` whose size is being said

	changing func(grammar.Expr) value // evaluates a number that changes over the run, where one may stand; else nil
}

func (e *elaborator) reader() *reader { return &reader{elaborator: e, scope: e.scope} }

// static evaluates a number or size.
func (e *elaborator) static(x grammar.Expr) (static, bool) { return e.reader().number(x) }

// sizeAt evaluates a size.
func (e *elaborator) sizeAt(x grammar.Expr) (shape.Size, bool) { return e.reader().size(x) }

// size evaluates a size; it tells where it is none.
func (r *reader) size(x grammar.Expr) (shape.Size, bool) {
	s, ok := r.number(x)
	if !ok {
		return shape.Size{}, false
	}
	if !s.isSize {
		r.noSize(x, s.number)
		return shape.Size{}, false
	}
	size := r.job.unifier.Resolve(s.size)
	if err := size.Check(); err != nil && len(size.Letters()) == 0 {
		r.fault(SizeInvalid, x.Span(), "this size is %s: %v", x.Span().Text(), err)
		return shape.Size{}, false
	}
	return size, r.holdLimit(size, x)
}

// noSize tells that a number is no size.
func (r *reader) noSize(x grammar.Expr, n diagram.Number) {
	d := r.fault(SizeNeeded, x.Span(), "a size is wanted here, and %s is none", x.Span().Text())
	d.Help = append(d.Help, asSize(n))
}

// asSize tells how a number that is no size is made one.
func asSize(n diagram.Number) string {
	value, isKnown := n.Float()
	switch isWhole := isKnown && value >= 0 && value == math.Trunc(value); {
	case isWhole && value <= MostPlaces:
		return "a size is written in digits: `" + strconv.Itoa(int(value)) + "`"
	case isWhole:
		return "an axis has " + strconv.Itoa(MostPlaces) + " places at most"
	}
	return "a size is a whole number; `ceil[…]` and `floor[…]` round a quotient"
}

// number evaluates a number or size; it tells where it is none.
func (r *reader) number(x grammar.Expr) (static, bool) {
	v := r.value(x)
	if s, ok := v.(static); ok {
		return s, true
	}
	if !isPoisoned(v) {
		r.fault(SizeNeeded, x.Span(), "a size or number is wanted here, not %s", kindOf(v))
	}
	return static{}, false
}

// value evaluates an expression of static values.
func (r *reader) value(x grammar.Expr) value {
	switch x := x.(type) {
	case *grammar.Number:
		return literal(x.Text)
	case *grammar.Text:
		return text(x.Value)
	case *grammar.Name:
		return r.name(x)
	case *grammar.Binary:
		return r.arithmetic(x.Op, x.Left, x.Right, x.Span())
	case *grammar.Power:
		return r.arithmetic("^", x.Base, x.Exponent, x.Span())
	case *grammar.Negate:
		s, ok := r.number(x.Of)
		if !ok {
			return poison{}
		}
		return negated(s)
	case *grammar.Apply:
		return r.function(x)
	}
	r.fault(SizeNeeded, x.Span(), "a size or number is wanted here")
	return poison{}
}

func literal(digits string) value {
	if n, err := strconv.Atoi(digits); err == nil && n < 1<<40 {
		return sizeOf(shape.Int(n))
	}
	x, _ := strconv.ParseFloat(digits, 64) // the scanner lets only numbers through; too large is infinite
	return numberOf(diagram.Literal(x))
}

func negated(s static) static {
	n := static{number: diagram.Arithmetic("neg", s.number), isSize: s.isSize}
	if s.isSize {
		n.size = s.size.Mul(shape.Int(-1))
	}
	return n
}

func (r *reader) arithmetic(op string, left, right grammar.Expr, span source.Span) value {
	a, okA := r.number(left)
	b, okB := r.number(right)
	if !okA || !okB {
		return poison{}
	}
	s, ok := combined(op, a, b)
	if !ok {
		r.fault(SizeInvalid, span, "`%s` divides by nothing, or grows beyond all size", span.Text())
		return poison{}
	}
	return s
}

// largestPower is the highest exponent that a size is raised to.
const largestPower = 64

// combined is arithmetic on static numbers; false where it has no result.
func combined(op string, a, b static) (static, bool) {
	result := static{number: diagram.Arithmetic(op, a.number, b.number)}
	if !a.isSize || !b.isSize {
		return result, true
	}
	result.isSize = true
	switch op {
	case "+":
		result.size = a.size.Add(b.size)
	case "-":
		result.size = a.size.Sub(b.size)
	case "*":
		result.size = a.size.Mul(b.size)
	case "/":
		if b.size.IsZero() {
			return static{}, false
		}
		result.size = a.size.Div(b.size)
	case "^":
		return raised(result, a, b)
	}
	if result.number.Op != "" && op != "/" {
		result.number = diagram.OfSize(result.size)
	}
	return result, true
}

func raised(result, a, b static) (static, bool) {
	n, known := b.size.Int()
	if known && n < 0 {
		result.isSize = false
		return result, true
	}
	base, isNumber := a.size.Int()
	isLong := !isNumber && len(a.size.String()) > 40
	if known && (n > largestPower || n > 4 && isNumber && base > 1<<12 || n > 4 && isLong) {
		return static{}, false
	}
	result.size = a.size.Pow(b.size)
	return result, true
}

// function evaluates ceil[n/2], floor[n/2], min[a, b], max[a, b] and
// window_count[n, size].
func (r *reader) function(x *grammar.Apply) value {
	name, ok := x.Fn.(*grammar.Name)
	if !ok || !isStaticFunction(x) {
		return r.otherwise(x)
	}
	if name.Text == "window_count" {
		return r.windowCount(x)
	}
	args := plainArgs(x.Args)
	if args == nil {
		r.fault(SizeNeeded, x.Span(), "`%s` takes sizes", name.Text)
		return poison{}
	}
	if name.Text == "ceil" || name.Text == "floor" {
		return r.rounded(name.Text, args[0])
	}
	first, ok := r.size(args[0])
	for _, arg := range args[1:] {
		next, okNext := r.size(arg)
		if ok = ok && okNext; !ok {
			return poison{}
		}
		if name.Text == "min" {
			first = first.Min(next)
		} else {
			first = first.Max(next)
		}
	}
	return sizeOf(first)
}

// otherwise evaluates brackets that are no static function: a box handed over.
func (r *reader) otherwise(x *grammar.Apply) value {
	return r.withScope().eval(x)
}

// withScope is the elaborator as it is where the brackets are written.
func (r *reader) withScope() *elaborator {
	e := *r.elaborator
	e.scope = r.scope
	return &e
}

// isStaticFunction reports whether brackets are those of a function of sizes;
// min and max are boxes too, where one list of axes stands in their brackets.
func isStaticFunction(x *grammar.Apply) bool {
	name, ok := x.Fn.(*grammar.Name)
	if !ok {
		return false
	}
	switch name.Text {
	case "ceil", "floor":
		return len(x.Args) == 1
	case "min", "max":
		return len(x.Args) > 1
	case "window_count":
		return true
	}
	return false
}

func plainArgs(args []*grammar.Arg) []grammar.Expr {
	var plain []grammar.Expr
	for _, a := range args {
		if a.Plain() == nil {
			return nil
		}
		plain = append(plain, a.Plain())
	}
	return plain
}

func (r *reader) rounded(function string, x grammar.Expr) value {
	quotient, ok := x.(*grammar.Binary)
	if !ok || quotient.Op != "/" {
		s, ok := r.size(x)
		if !ok {
			return poison{}
		}
		return sizeOf(s)
	}
	a, okA := r.size(quotient.Left)
	b, okB := r.size(quotient.Right)
	if !okA || !okB {
		return poison{}
	}
	if b.IsZero() {
		r.fault(SizeInvalid, x.Span(), "`%s` divides by nothing", x.Span().Text())
		return poison{}
	}
	if function == "ceil" {
		return sizeOf(a.Ceil(b))
	}
	return sizeOf(a.Floor(b))
}

// name finds the static value of a name: an index letter, a parameter, const or
// loop letter, then the size of a label that flows in, of a port's axis, of an
// axis of the file.
func (r *reader) name(x *grammar.Name) value {
	if x.Many {
		if s, ok := r.each[x.Text]; ok {
			return sizeOf(s)
		}
		r.fault(SizeNeeded, x.Span(), "`%s..` stands for any number of axes, and a size is wanted here", x.Text)
		return poison{}
	}
	if s, ok := r.indices[x.Text]; ok {
		return sizeOf(s)
	}
	b := r.scope.look(x.Text)
	if b != nil {
		if _, isWire := b.value.(wire); !isWire {
			b.isUsed = true
			return b.value
		}
	}
	if axis, ok := r.label(x.Text); ok {
		return sizeOf(axis.size)
	}
	if d := r.unit.find(x.Text); d != nil && d.kind == "const" {
		return r.constant(d)
	}
	switch {
	case x.Text == "true" || x.Text == "false":
		return flag(x.Text == "true")
	case b != nil:
		return b.value
	case r.isBox(x.Text):
		return r.withScope().eval(x)
	}
	return r.unknownName(x)
}

// label finds the axis that a label means: one that flows in, one of the ports',
// one that the file declares, or that of the unprimed name.
func (r *reader) label(name string) (labelled, bool) {
	if r.isGroup(name) {
		return labelled{}, false
	}
	for _, w := range r.incoming {
		for _, a := range w.Type.Axes {
			if a.Label == name {
				from, _ := r.origin(w, a)
				return labelled{a.Size, from}, true
			}
		}
		if w.Type.IsPlace() && w.Type.In.Label == name {
			return labelled{w.Type.In.Size, source.Span{}}, true
		}
	}
	if axis, ok := r.labels[name]; ok {
		return axis, true
	}
	if axis, ok := r.declaredAxis(name); ok {
		return axis, true
	}
	if unprimed, isPrimed := strings.CutSuffix(name, "'"); isPrimed && unprimed != "" {
		return r.label(unprimed)
	}
	return labelled{}, false
}

// isGroup reports whether a label is no axis, but one letter that stands for all of a `p..`.
func (r *reader) isGroup(label string) bool { return r.d != nil && slices.Contains(r.d.Groups, label) }

// declaredAxis is an `axis` of the file.
func (e *elaborator) declaredAxis(name string) (labelled, bool) {
	d := e.unit.find(name)
	if d == nil || d.kind != "axis" {
		return labelled{}, false
	}
	v := e.constant(d)
	s, ok := v.(static)
	if !ok || !s.isSize {
		return labelled{e.open(name, d.span), source.Span{}}, true
	}
	return labelled{s.size, d.value.Span()}, true
}

// constant evaluates an axis or const where it is declared.
func (e *elaborator) constant(d *declared) value {
	if d.isBusy {
		e.program.report.fault(CyclicValue, d.span, "%s `%s` is defined by itself", d.kind, d.name)
		return poison{}
	}
	d.isBusy = true
	defer func() { d.isBusy = false }()
	at := e.program.elaborator(&e.program.report, d.unit)
	if x, isSet := e.program.set[d.name]; isSet && d.unit != e.program.library {
		return at.reader().value(x)
	}
	return at.reader().value(d.value)
}

func (r *reader) unknownName(x *grammar.Name) value {
	if r.unit.isBroken(x.Text) {
		return poison{}
	}
	known := r.scope.all()
	for _, w := range r.incoming {
		known = append(known, w.Type.Axes.Labels()...)
	}
	known = append(known, slices.Sorted(maps.Keys(r.labels))...)
	known = append(append(known, r.unit.known("const")...), r.unit.known("axis")...)
	d := r.fault(UnknownName, x.Span(), "no size, number or axis `%s` is known here%s", x.Text, meant(x.Text, known))
	if r.groups[x.Text] != nil {
		d.Help = append(d.Help, "the size of each axis of `"+x.Text+"..` is said `"+x.Text+"..`: `slice["+x.Text+".., 0, "+x.Text+"../2]`")
	}
	return poison{}
}
