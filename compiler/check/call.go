package check

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

func (d *declared) title() string { return d.name }

// deepestCall and mostCalls bound how far calls may nest, and how many there may
// be in one diagram.
const (
	deepestCall = 100
	mostCalls   = 20000
)

// call is one application of a declared diagram.
type call struct {
	*elaborator // of the caller
	at          use
	decl        *declared
	sign        *signature
	wires       []*diagram.Wire
	words       *brackets
	reader      *reader // of the brackets
	inner       *elaborator

	binders []*binder         // one a port
	degree  shape.Shape       // axes lifted over
	outside map[string]string // label in the body → the caller's
}

// apply binds the ports' axes, elaborates the body for the sizes that flow in, and
// puts a composite box into the caller.
func (d *declared) apply(e *elaborator, c *configured, in value, at use) value {
	e.program.ensure(d)
	if d.signature == nil || e.job.isStuck || !e.job.enter(e, d, at) {
		return poison{}
	}
	defer e.job.leave()
	wires, ok := e.allWires(in, at.span)
	if !ok {
		return poison{}
	}
	r := &reader{elaborator: c.site, scope: c.scope, incoming: wires}
	words, ok := r.bracketsOf(d.signature, c.args, d.name, at.span)
	if !ok || !r.override(words, d.signature, c.set) {
		return poison{}
	}
	name := e.boxName(at, snake(d.name))
	k := &call{elaborator: e, at: at, decl: d, sign: d.signature, wires: wires, words: words, reader: r, outside: map[string]string{}}
	k.inner = e.inside(d.unit, e.storeOf(at, name))
	k.inner.begin(d)
	if d.diagram.Ports == nil {
		return k.applyOpen(name)
	}
	return k.applyClosed(name)
}

// override puts values that are set from outside in the place of what the brackets
// say.
func (r *reader) override(b *brackets, s *signature, set map[string]grammar.Expr) bool {
	for _, p := range s.params {
		if x, isSet := set[p.name]; isSet && !p.isAxes() && !r.set(b, p, x) {
			return false
		}
	}
	return true
}

// enter counts a call; it tells where there is no end of them.
func (j *job) enter(e *elaborator, d *declared, at use) bool {
	j.depth++
	j.calls++
	if j.depth <= deepestCall && j.calls <= mostCalls {
		return true
	}
	j.depth--
	j.isStuck = true
	if j.depth >= deepestCall {
		e.fault(EndlessDiagram, at.span, "`%s` is used inside itself without end", d.name)
	} else {
		e.fault(EndlessDiagram, at.span, "more than %d diagrams are used inside each other", mostCalls)
	}
	return false
}

func (j *job) leave() { j.depth-- }

// begin names the diagram after its declaration.
func (e *elaborator) begin(d *declared) {
	e.decl = d
	e.d.Name, e.d.Doc, e.d.Span = d.name, d.diagram.Doc(), d.span
	if d.diagram.Title != nil {
		e.d.Title = d.diagram.Title.Value
	}
}

// applyOpen applies a diagram without port names to whole wires.
func (k *call) applyOpen(name string) value {
	if k.decl.broken || !k.given() || !k.inner.presets(k.sign, k.words, k.at.span) {
		return k.told()
	}
	result := value(poison{})
	if f, ok := k.inner.step(k.decl.diagram.Expr); ok {
		result = k.inner.applied(f, k.inner.copies(k.elaborator, k.wires), use{span: k.at.span})
	}
	if k.inner.hasErrors(0) {
		return k.told()
	}
	return k.enclose(k.inner, name, k.wires, result, k.at.span)
}

func (k *call) applyClosed(name string) value {
	if len(k.wires) != len(k.sign.ports) {
		d := k.fault(WireCount, k.at.span, "`%s` takes %s, and %s in", k.decl.name, counted(len(k.sign.ports), "wire"), flows(len(k.wires)))
		d.Notes = append(d.Notes, source.Note{Span: k.decl.diagram.Ports.Span(), Message: "its ports"})
		return poison{}
	}
	results := k.results()
	if results == nil || k.inner.hasErrors(0) {
		return k.told()
	}
	return k.composite(name, results)
}

// results elaborates the body for the wires that flow in; nil where it fails.
func (k *call) results() []*diagram.Wire {
	if !k.given() || !k.bindPorts() || !k.inner.presets(k.sign, k.words, k.at.span) || !k.holdSizes() || !k.collectDegree() {
		return nil
	}
	k.enterPorts()
	if k.decl.broken {
		return k.promised()
	}
	return k.inner.bodyResults(k.decl)
}

func flows(n int) string {
	if n == 1 {
		return "1 flows"
	}
	return counted(n, "wire")[:len(counted(n, "wire"))-len(" wires")] + " flow"
}

// told tells at the call what went wrong inside, naming the diagram; what is wrong
// with the declaration itself has been told there.
func (k *call) told() value {
	k.job.failed = true
	first := k.inner.firstError(0)
	if first == nil || k.decl.broken {
		return poison{}
	}
	d := k.fault(first.Code, k.at.span, "in `%s`: %s", k.decl.name, first.Message)
	d.Notes = append(d.Notes, source.Note{Span: first.Span, Message: "here in `" + k.decl.name + "`"})
	d.Notes = append(d.Notes, first.Notes...)
	return poison{}
}

// promised are results as the signature says, of a body that is broken.
func (k *call) promised() []*diagram.Wire {
	k.job.failed = true
	results := []*diagram.Wire{}
	for _, r := range k.sign.results {
		axes, in, ok := k.inner.typed(r.axes, r.in)
		if !ok {
			return nil
		}
		results = append(results, &diagram.Wire{Type: shape.Type{Axes: axes, In: in}})
	}
	k.inner.said = nil
	return results
}

// given defines the parameters that the brackets say, and the axes behind arrows.
func (k *call) given() bool {
	for _, p := range k.sign.params {
		if p.isAxes() {
			if !k.holdCount(p) || !k.givenAxes(p) {
				return false
			}
			continue
		}
		if v, ok := k.words.values[p.name]; ok {
			k.inner.defineParameter(p, v, k.words.spans[p.name])
		}
	}
	return true
}

// defineParameter defines a parameter in the body. A box that is written in the
// brackets gets the parameter's name, and all its uses in the body the same weights.
func (e *elaborator) defineParameter(p *parameter, v value, span source.Span) {
	if f, ok := v.(box); ok {
		c, isPlain := f.(*configured)
		if _, isBound := f.(*bound); !isBound && !(isPlain && c.plain) {
			v = e.bind(p.name, f)
		}
	}
	e.scope.define(p.name, v, span).isUsed = true
}

// givenAxes makes groups of the axes behind an arrow, which no port brings.
func (k *call) givenAxes(p *parameter) bool {
	words := k.words.to[p.name]
	if len(p.to) == 0 || k.words.axes[p.name] == nil && words == nil {
		return true
	}
	if len(p.to) != 1 || !p.to[0].Many && len(words) != 1 {
		k.fault(BadAxes, k.at.span, "`%s` makes %s, and the brackets say %s", k.decl.name, counted(len(p.to), "axis"), counted(len(words), "axis"))
		return false
	}
	group := shape.Shape{}
	for _, word := range words {
		axis, _, ok := k.reader.sized(word)
		if !ok {
			return false
		}
		label := k.hygienic(axis.Label)
		k.outside[label] = axis.Label
		group = append(group, shape.Axis{Label: label, Size: axis.Size})
	}
	k.inner.groups[p.to[0].Text] = group
	if !p.to[0].Many {
		k.inner.labels[p.to[0].Text] = labelled{group[0].Size, place{words[0].span, ""}}
		k.outside[p.to[0].Text] = words[0].label
		delete(k.inner.groups, p.to[0].Text)
	}
	return true
}

// holdCount holds that the brackets name as many axes as a list without `..` has.
func (k *call) holdCount(p *parameter) bool {
	words, said := k.words.axes[p.name]
	hasMany := slices.ContainsFunc(p.from, func(n *grammar.Name) bool { return n.Many })
	if !said || hasMany || len(words) == len(p.from) {
		return true
	}
	d := k.fault(BadAxes, k.at.span, "`%s` wants %s here, and the brackets name %s", k.decl.name, counted(len(p.from), "axis"), counted(len(words), "axis"))
	d.Help = append(d.Help, "it is written "+usage(k.decl.name, k.sign))
	return false
}

// hygienic is a label of the caller as it stands in the body, where the
// declaration may mean something else by the same word.
func (k *call) hygienic(label string) string {
	for k.decl.usesLabel(label) {
		label += "'"
	}
	return label
}

// usesLabel reports whether a declaration itself names an axis so.
func (d *declared) usesLabel(label string) bool {
	if d.ownLabels == nil {
		d.ownLabels = map[string]bool{}
		grammar.Walk(d.diagram, func(n grammar.Node) bool {
			if item, ok := n.(*grammar.Item); ok && item.Name() != nil && !item.Name().Many {
				d.ownLabels[item.Name().Text] = true
			}
			return true
		})
	}
	return d.ownLabels[label]
}

// holdSizes holds the sizes that ports say (`x[m:4*k]`) against what flows in.
func (k *call) holdSizes() bool {
	if !k.holdPrimes() {
		return false
	}
	for _, b := range k.binders {
		for _, spec := range b.port.axes {
			if spec.size == nil || spec.many {
				continue
			}
			said, ok := k.inner.sizeAt(spec.size)
			if !ok {
				return false
			}
			flows := k.inner.labels[spec.name]
			if !k.job.unifier.Unify(flows.size, said) {
				k.sizeFault(k.outside[spec.name], flows.size, said, k.at.span, flows.origin, place{spec.span, ""})
				return false
			}
		}
	}
	return true
}

// holdPrimes holds that a primed axis has the size of the unprimed one.
func (k *call) holdPrimes() bool {
	for _, name := range k.sign.portAxes() {
		unprimed, known := k.inner.labels[strings.TrimRight(name, "'")]
		primed := k.inner.labels[name]
		if known && !k.job.unifier.Unify(primed.size, unprimed.size) {
			k.sizeFault(k.outside[name], primed.size, unprimed.size, k.at.span, primed.origin, unprimed.origin)
			return false
		}
	}
	return true
}

// enterPorts makes the body's wires for the ports.
func (k *call) enterPorts() {
	for _, b := range k.binders {
		axes, _, _ := k.inner.typed(bare(b.port.axes), "")
		w := &diagram.Wire{Name: b.port.name, Type: shape.Type{Axes: axes}, Span: b.port.span}
		if b.wire.Type.IsPlace() {
			w.Type.In = &shape.Axis{Label: k.inner.placeLabel(b.port.in), Size: b.wire.Type.In.Size}
		}
		k.inner.enterPort(w)
	}
}

// placeLabel is the label of the axis that a port's places are along: that of the
// sole axis where `p..` is named.
func (e *elaborator) placeLabel(in string) string {
	if group := e.groups[in]; len(group) == 1 {
		return group[0].Label
	}
	return in
}

// enterPort makes a wire flow into the diagram.
func (e *elaborator) enterPort(w *diagram.Wire) {
	e.d.In = append(e.d.In, w)
	for _, a := range w.Type.Axes {
		e.setOrigin(w, a.Label, e.labels[a.Label].origin)
	}
	e.scope.define(w.Name, wire{w}, w.Span).isPort = true
}

// bare are the axes of a port without the sizes it says: those that flow in hold.
func bare(specs []*axisSpec) []*axisSpec {
	axes := make([]*axisSpec, len(specs))
	for i, s := range specs {
		axes[i] = &axisSpec{name: s.name, many: s.many, span: s.span}
	}
	return axes
}

// presets defines the parameters that are not given by their defaults, which may
// use earlier ones and the ports' axes.
func (e *elaborator) presets(s *signature, words *brackets, span source.Span) bool {
	for _, p := range s.params {
		if p.isAxes() || e.scope.names[p.name] != nil {
			continue
		}
		v, ok := e.preset(p, words, span)
		if !ok {
			return false
		}
		e.defineParameter(p, v, p.span)
	}
	return true
}

func (e *elaborator) preset(p *parameter, words *brackets, span source.Span) (value, bool) {
	if p.preset != nil {
		v := e.reader().argument(p, p.preset)
		return v, !isPoisoned(v)
	}
	if axis, ok := e.labels[p.name]; ok {
		return sizeOf(axis.size), true
	}
	if words == nil {
		return e.letterOf(p), true
	}
	e.fault(ParameterMissing, span, "parameter `%s` is not given, and has no default", p.name)
	return nil, false
}

// letterOf stands for a parameter of which nothing is known.
func (e *elaborator) letterOf(p *parameter) value {
	switch p.kind {
	case "size":
		return sizeOf(shape.Letter(p.name))
	case "number":
		return numberOf(diagram.OfSize(shape.Letter(p.name)))
	case "string":
		return text("")
	case "bool":
		return flag(false)
	}
	return poison{}
}

// composite puts the box of the call into the caller.
func (k *call) composite(name string, results []*diagram.Wire) value {
	b := &diagram.Box{
		Op: diagram.Composite{Body: k.inner.d}, In: k.wires, Name: name, Span: k.at.span,
		Weave: diagram.Weave{Degree: k.degree},
	}
	for _, bound := range k.binders {
		b.Weave.In = append(b.Weave.In, k.portMap(&b.Weave, bound))
	}
	var out tuple
	for _, r := range results {
		w, port, ok := k.resultWire(&b.Weave, r)
		if !ok {
			k.job.failed = true
			return poison{}
		}
		b.Out, b.Weave.Out = append(b.Out, w), append(b.Weave.Out, port)
		out = append(out, wire{w})
	}
	k.add(b)
	for i, w := range b.Out {
		k.takeOrigins(w, results[i])
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

// portMap is the weave of a wire that flows in.
func (k *call) portMap(w *diagram.Weave, b *binder) []diagram.Affine {
	port := []diagram.Affine{}
	for i, axis := range b.wire.Type.Axes {
		if inner := b.takes[i]; inner != nil {
			port = append(port, diagram.At(len(w.Degree)+ownIndex(&w.Own, k.settled(*inner))))
		} else {
			port = append(port, diagram.At(w.Degree.Index(axis.Label)))
		}
	}
	return port
}

func (k *call) settled(a shape.Axis) shape.Axis {
	return shape.Axis{Label: a.Label, Size: k.job.unifier.Resolve(a.Size)}
}

// resultWire is the caller's wire for a result, with its weave. What is lifted
// over stays where it is with one wire, and comes first with several.
func (k *call) resultWire(weave *diagram.Weave, r *diagram.Wire) (*diagram.Wire, []diagram.Affine, bool) {
	w := &diagram.Wire{Type: shape.Type{In: k.outsidePlace(r.Type.In)}, Span: k.at.span}
	port := []diagram.Affine{}
	put := func(a shape.Axis, index int) {
		w.Type.Axes = append(w.Type.Axes, a)
		port = append(port, diagram.At(index))
	}
	made := func() {
		for _, a := range r.Type.Axes {
			put(shape.Axis{Label: k.labelOutside(a.Label), Size: a.Size}, len(weave.Degree)+ownIndex(&weave.Own, k.settled(a)))
		}
	}
	before := k.liftedBefore()
	for i, a := range k.degree {
		if i == before {
			made()
		}
		put(a, i)
	}
	if before >= len(k.degree) {
		made()
	}
	return w, port, k.holdDistinct(w, r)
}

// liftedBefore counts the lifted axes that stand before what the box makes.
func (k *call) liftedBefore() int {
	if len(k.binders) != 1 {
		return len(k.degree)
	}
	taken := slices.IndexFunc(k.binders[0].takes, func(a *shape.Axis) bool { return a != nil })
	if taken < 0 {
		return len(k.degree)
	}
	return taken
}

func (k *call) labelOutside(label string) string {
	if outer, ok := k.outside[label]; ok {
		return outer
	}
	return label
}

func (k *call) outsidePlace(in *shape.Axis) *shape.Axis {
	if in == nil {
		return nil
	}
	return &shape.Axis{Label: k.labelOutside(in.Label), Size: in.Size}
}

// holdDistinct holds that no axis stands twice on a result.
func (k *call) holdDistinct(w, r *diagram.Wire) bool {
	for i, a := range w.Type.Axes {
		first := w.Type.Axes.Index(a.Label)
		if first == i {
			continue
		}
		if k.degree.Index(a.Label) >= 0 {
			d := k.fault(AxisCapture, k.at.span, "axis `%s` is free in the argument but also made by `%s`", a.Label, k.decl.name)
			d.Help = append(d.Help, "rename it first: `["+a.Label+" -> "+a.Label+"']`")
		} else {
			d := k.fault(AxisTwice, k.at.span, "axis `%s` twice on one wire: `%s` makes %s", a.Label, k.decl.name, k.inner.typeOf(r))
			d.Help = append(d.Help, "rename one of them before: `["+a.Label+" -> "+a.Label+"']`")
		}
		return false
	}
	return true
}

// takeOrigins gives a result's axes the places of sizes that the body knows.
func (k *call) takeOrigins(w, inner *diagram.Wire) {
	for _, a := range inner.Type.Axes {
		if from, ok := k.inner.origins[inner][a.Label]; ok && from.span.File == k.at.span.File {
			k.setOrigin(w, k.labelOutside(a.Label), from)
		}
	}
	for _, a := range w.Type.Axes {
		k.setOrigin(w, a.Label, place{k.at.span, ""})
	}
}
