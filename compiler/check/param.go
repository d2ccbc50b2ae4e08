package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// axisWord is an axis as brackets name it.
type axisWord struct {
	label string
	many  bool
	size  grammar.Expr // nil: not said
	span  source.Span

	known   shape.Size // of an axis of a group
	isKnown bool
	group   string // of `p..` that stands for it
}

// brackets is what stands in a box's brackets, sorted by the parameters of its
// signature.
type brackets struct {
	values  map[string]value // static parameters
	spans   map[string]source.Span
	axes    map[string][]axisWord // lists of axes, by the first name of the parameter
	to      map[string][]axisWord // behind the arrow
	renames map[string]axisWord   // `y = seq`: which axis a port's axis is
	where   grammar.Cond
	many    []grammar.Expr  // by place, behind the last parameter
	others  []*grammar.Item // `name = value` where the name is no parameter
}

// bracketsOf sorts brackets by parameters: by name, else by place. A list with an
// arrow fits a parameter with an arrow only.
func (r *reader) bracketsOf(s *signature, args []*grammar.Arg, title string, span source.Span) (*brackets, bool) {
	b := &brackets{
		values: map[string]value{}, spans: map[string]source.Span{}, axes: map[string][]axisWord{}, to: map[string][]axisWord{},
		renames: map[string]axisWord{},
	}
	ok := true
	filled := map[*parameter]bool{}
	for _, a := range args {
		if a.Where != nil {
			b.where = a.Where
		}
		if item, isNamed := namedArg(a); isNamed {
			ok = r.namedArg(s, b, item, title, filled) && ok
			continue
		}
		p := nextParameter(s, a, filled)
		if p == nil && s.takesMany && a.Plain() != nil {
			b.many = append(b.many, a.Plain())
			continue
		}
		if p == nil {
			d := r.fault(UnknownParameter, a.Span(), "`%s` has no place for `%s`", title, a.Span().Text())
			d.Help = append(d.Help, "it is written "+usage(title, s))
			ok = false
			continue
		}
		if skipped := arrowBefore(s, p, filled); skipped != nil {
			d := r.fault(BadAxes, a.Span(), "`%s` wants the axes that come in and those that go out, with an arrow between", title)
			d.Help = append(d.Help, "it is written "+usage(title, s))
			return b, false
		}
		filled[p] = true
		ok = r.fill(b, p, a) && ok
	}
	return b, ok
}

// namedArg is an argument `name = value`.
func namedArg(a *grammar.Arg) (*grammar.Item, bool) {
	if len(a.Items) != 1 || a.Arrow {
		return nil, false
	}
	item := a.Items[0]
	return item, item.Value != nil && item.Name() != nil && item.Size == nil
}

// arrowBefore is a list with an arrow that stands before a parameter and that nothing
// has been given to, as in `linear[m, 5]`; nil where there is none.
func arrowBefore(s *signature, p *parameter, filled map[*parameter]bool) *parameter {
	for _, q := range s.params {
		if q == p {
			break
		}
		if q.kind == "arrow" && !filled[q] && p.kind != "arrow" {
			return q
		}
	}
	return nil
}

func nextParameter(s *signature, a *grammar.Arg, filled map[*parameter]bool) *parameter {
	for _, p := range s.params {
		if !filled[p] && (p.kind == "arrow") == a.Arrow {
			return p
		}
	}
	return nil
}

func (r *reader) namedArg(s *signature, b *brackets, item *grammar.Item, title string, filled map[*parameter]bool) bool {
	name := item.Name().Text
	p := s.parameter(name)
	isAxis := s.isPortAxis(name)
	if axis, isName := item.Value.(*grammar.Name); isAxis && isName && (p == nil || r.isLabel(axis.Text)) {
		b.renames[name] = axisWord{label: axis.Text, span: axis.Span()}
		return true
	}
	if p == nil && s.takesMore {
		b.others = append(b.others, item)
		return true
	}
	if p == nil {
		d := r.fault(UnknownParameter, item.Span(), "`%s` has no parameter `%s`%s", title, name, meant(name, s.names()))
		if s.isStateAxis(name) {
			d.Help = append(d.Help, "`"+name+"` is an axis of a state; to be said here it must be a parameter: `diagram "+title+"["+name+"](…)`")
		}
		return false
	}
	if filled[p] {
		r.fault(DeclaredTwice, item.Span(), "parameter `%s` is given twice", name)
		return false
	}
	filled[p] = true
	return r.set(b, p, item.Value)
}

// isLabel reports whether a name is an axis of what flows in.
func (r *reader) isLabel(name string) bool {
	return slices.ContainsFunc(r.incoming, func(w *diagram.Wire) bool { return w.Type.Axes.Index(name) >= 0 })
}

// fill gives an argument by place to its parameter.
func (r *reader) fill(b *brackets, p *parameter, a *grammar.Arg) bool {
	if p.isAxes() {
		var okFrom, okTo bool
		b.axes[p.name], okFrom = r.axisWords(a.Items)
		b.to[p.name], okTo = r.axisWords(a.To)
		return okFrom && okTo
	}
	if a.Plain() == nil {
		r.fault(ParameterKind, a.Span(), "parameter `%s` is %s, not `%s`", p.name, p.wants(), a.Span().Text())
		return false
	}
	return r.set(b, p, a.Plain())
}

func (r *reader) axisWords(items []*grammar.Item) ([]axisWord, bool) {
	words := []axisWord{}
	ok := true
	for _, item := range items {
		name := item.Name()
		if name == nil || item.Value != nil {
			d := r.fault(BadAxes, item.Span(), "a list of axes is wanted here, and `%s` is no axis", item.Span().Text())
			d.Help = append(d.Help, "axes have names, and a size behind `:` where they are made: `m`, `h:64`; they are not counted")
			ok = false
			continue
		}
		words = append(words, r.spelt(axisWord{label: name.Text, many: name.Many, size: item.Size, span: item.Span()})...)
	}
	return words, ok
}

// spelt are the axes that `p..` in brackets stands for where it is written, and any
// other word itself. A new `p..`, as behind an arrow, stays.
func (r *reader) spelt(word axisWord) []axisWord {
	group, isKnown := r.groups[word.label]
	if !word.many || !isKnown || word.size != nil {
		return []axisWord{word}
	}
	words := []axisWord{}
	for _, a := range group {
		words = append(words, axisWord{label: a.Label, span: word.span, known: a.Size, isKnown: true, group: word.label})
	}
	return words
}

// set evaluates a static argument and holds it against the parameter's kind.
func (r *reader) set(b *brackets, p *parameter, x grammar.Expr) bool {
	v := r.argument(p, x)
	if isPoisoned(v) {
		return false
	}
	b.values[p.name], b.spans[p.name] = v, x.Span()
	return true
}

func (r *reader) argument(p *parameter, x grammar.Expr) value {
	var v value
	switch p.kind {
	case "size", "number":
		if r.changing != nil && r.changes(x) {
			return r.changing(x)
		}
		s, ok := r.number(x)
		if !ok {
			return poison{}
		}
		v = s
	case "word":
		v = r.wordValue(x)
	case "bool", "string":
		v = r.flagOrText(x)
	default:
		v = r.withScope().handed(x)
	}
	if isPoisoned(v) || p.accepts(v) {
		return v
	}
	d := r.fault(ParameterKind, x.Span(), "parameter `%s` is %s, not %s", p.name, p.wants(), kindOf(v))
	if s, isNumber := v.(static); isNumber && p.kind == "size" {
		d.Help = append(d.Help, asSize(s.number))
	}
	return poison{}
}

// wants says in words what a parameter takes.
func (p *parameter) wants() string {
	switch p.kind {
	case "bool":
		return "`true` or `false`"
	case "string":
		return "a text in quotes"
	case "diagram":
		return "a box"
	}
	return "a " + p.kind
}

// flagOrText evaluates a truth or a text: a name is a parameter here before it is a
// box, so that `bias = bias` hands a parameter on.
func (r *reader) flagOrText(x grammar.Expr) value {
	if name, ok := x.(*grammar.Name); ok {
		if v, isKnown := r.handedOn(name); isKnown {
			return v
		}
		return r.withScope().handed(x)
	}
	return r.value(x)
}

// handedOn is what a parameter, a letter of a loop or a `const` of that name stands
// for.
func (r *reader) handedOn(x *grammar.Name) (value, bool) {
	if b := r.scope.look(x.Text); b != nil {
		switch b.value.(type) {
		case static, text, flag, word, counting:
			b.isUsed = true
			return b.value, true
		}
		return nil, false
	}
	if d := r.unit.find(x.Text); d != nil && d.kind == "const" {
		return r.constant(d), true
	}
	return nil, false
}

// wordValue evaluates a word of a closed list, with a number or without.
func (r *reader) wordValue(x grammar.Expr) value {
	if name, ok := x.(*grammar.Name); ok {
		return r.wordOrParameter(name)
	}
	apply, ok := x.(*grammar.Apply)
	if !ok {
		return r.value(x)
	}
	name, ok := countingWord(apply)
	if !ok {
		return r.value(x)
	}
	n, ok := r.number(apply.Args[0].Plain())
	if !ok {
		return poison{}
	}
	return counting{name, n}
}

// countingWord is the word that stands before a number: `last[4]`.
func countingWord(x *grammar.Apply) (string, bool) {
	name, ok := x.Fn.(*grammar.Name)
	if !ok || len(x.Args) != 1 || x.Args[0].Plain() == nil || name.Text != "last" && name.Text != "random" {
		return "", false
	}
	return name.Text, true
}

// wordOrParameter is a word of a closed list, or what a parameter of that name stands
// for: a word, or the number that some lists have beside their words (`pad = 1`).
func (r *reader) wordOrParameter(x *grammar.Name) value {
	if v, isKnown := r.handedOn(x); isKnown {
		return v
	}
	return word(x.Text)
}

// handed evaluates a box, text or truth that is handed over in brackets.
func (e *elaborator) handed(x grammar.Expr) value {
	switch x := x.(type) {
	case *grammar.Name, *grammar.Apply:
		return e.named(x, true)
	}
	v := e.eval(x)
	return v
}

func (p *parameter) accepts(v value) bool {
	switch p.kind {
	case "size":
		s, ok := v.(static)
		return ok && s.isSize
	case "number":
		_, ok := v.(static)
		return ok
	case "string":
		_, ok := v.(text)
		return ok
	case "bool":
		_, ok := v.(flag)
		return ok
	case "diagram":
		_, ok := v.(box)
		return ok
	}
	return true
}

// usage writes how a box is written, for helps: `softmax[a..]`.
func usage(title string, s *signature) string {
	text := ""
	for i, p := range s.params {
		if i > 0 {
			text += ", "
		}
		text += p.usage()
	}
	if text == "" {
		return "`" + title + "`"
	}
	return "`" + title + "[" + text + "]`"
}

func (p *parameter) usage() string {
	switch p.kind {
	case "axes":
		return namesText(p.from)
	case "arrow":
		return namesText(p.from) + " -> " + namesText(p.to)
	}
	if p.preset != nil {
		return p.name + " = " + p.preset.Span().Text()
	}
	return p.name
}

func namesText(names []*grammar.Name) string {
	text := ""
	for i, n := range names {
		if i > 0 {
			text += " "
		}
		text += n.Text
		if n.Many {
			text += ".."
		}
	}
	return text
}

// sized is the axis of a word: at the size it says, else at that of the label as
// it flows in, else at that of a parameter or of an axis the diagram knows.
func (r *reader) sized(word axisWord) (shape.Axis, source.Span, bool) {
	if word.size != nil {
		size, ok := r.size(word.size)
		return shape.Axis{Label: word.label, Size: size}, word.span, ok
	}
	if word.isKnown {
		return shape.Axis{Label: word.label, Size: word.known}, word.span, true
	}
	flows := &reader{elaborator: &elaborator{report: r.report, unit: &unit{}, origins: r.origins}, scope: newScope(nil), incoming: r.incoming}
	if axis, ok := flows.label(word.label); ok {
		r.shadowed(word, axis.size)
		return shape.Axis{Label: word.label, Size: axis.size}, axis.origin, true
	}
	if b := r.scope.look(word.label); b != nil {
		if s, ok := b.value.(static); ok && s.isSize {
			b.isUsed = true
			return shape.Axis{Label: word.label, Size: s.size}, b.span, true
		}
	}
	known := &reader{elaborator: r.elaborator, scope: r.scope}
	if axis, ok := known.label(word.label); ok {
		return shape.Axis{Label: word.label, Size: axis.size}, axis.origin, true
	}
	return shape.Axis{Label: word.label, Size: r.open(word.label, word.span)}, source.Span{}, true
}

// shadowed remarks that a static parameter does not size the label of its name.
func (r *reader) shadowed(word axisWord, size shape.Size) {
	b := r.scope.look(word.label)
	if b == nil {
		return
	}
	s, ok := b.value.(static)
	if !ok || !s.isSize || r.job.unifier.Resolve(s.size).Equal(r.job.unifier.Resolve(size)) {
		return
	}
	b.isUsed = true
	d := r.remark(AxisUnderstood, word.span, "axis `%s` is %s, as it flows in; the parameter `%s`, which is %s, does not size it",
		word.label, closed(size.String()), word.label, s.size)
	d.Notes = append(d.Notes, source.Note{Span: b.span, Message: "the parameter"})
}
