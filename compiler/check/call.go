package check

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

func (d *declared) title() string { return d.name }

// DeepestCall is how far calls may nest.
const DeepestCall = 100

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
	use         *configured // as it stands in the text

	ports   []*port           // those that wires flow into, started states last
	riders  []string          // axes of the caller that go through unnamed
	isWide  bool              // a wire got the axis `batch` for the call only
	binders []*binder         // one a port
	sized   []sizedTake       // axes that ports give a size of their own
	degree  shape.Shape       // axes lifted over
	outside map[string]string // label in the body → the caller's
}

// apply binds the ports' axes, elaborates the body for the sizes that flow in, and
// puts a composite box into the caller.
func (d *declared) apply(e *elaborator, c *configured, in value, at use) value {
	e.program.ensure(d)
	d.isApplied = true
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
	words.complete(c.known)
	name := e.boxName(at, Segment(d.name))
	k := &call{elaborator: e, at: at, decl: d, sign: d.signature, wires: wires, words: words, reader: r, use: c, outside: map[string]string{}}
	k.inner = e.inside(d.unit, e.storeOf(at, name))
	k.inner.begin(d)
	k.inner.mayRemember = k.inner.mayRemember || at.scan != nil
	if d.diagram.Ports == nil {
		return k.applyOpen(name)
	}
	return k.applyClosed(name)
}

// enter counts a call; it tells where there is no end of them.
func (j *job) enter(e *elaborator, d *declared, at use) bool {
	j.depth++
	j.calls++
	if j.depth <= DeepestCall && j.calls <= e.program.options.Limits.Calls {
		return true
	}
	j.depth--
	j.isStuck = true
	if j.depth >= DeepestCall {
		e.fault(EndlessDiagram, at.span, "`%s` is used inside itself without end", d.name)
	} else {
		e.fault(EndlessDiagram, at.span, "more than %d diagrams are used inside each other", e.program.options.Limits.Calls)
	}
	return false
}

func (j *job) leave() { j.depth-- }

// begin names the diagram after its declaration.
func (e *elaborator) begin(d *declared) {
	e.decl = d
	e.d.Name, e.d.Doc, e.d.Span = d.name, d.diagram.Doc(), d.span
	e.d.Library = d.unit == e.program.library
	if d.diagram.Title != nil {
		e.d.Title = d.diagram.Title.Value
	}
}

// applyOpen applies a diagram without port names to whole wires.
func (k *call) applyOpen(name string) value {
	if k.decl.broken || !k.given() || !k.inner.presets(k.sign, k.words, k.at.span) {
		return k.told()
	}
	k.labelsOfWires()
	k.inner.each = k.each
	result := value(poison{})
	if f, ok := k.inner.step(k.decl.diagram.Expr); ok {
		result = k.inner.applied(f, k.inner.copies(k.elaborator, k.wires), use{span: k.at.span})
	}
	if k.inner.hasErrors(0) {
		return k.told()
	}
	return k.enclose(k.inner, name, k.wires, result, k.at.span)
}

// labelsOfWires lets the body name the axes that flow in.
func (k *call) labelsOfWires() {
	for _, w := range k.wires {
		for _, a := range w.Type.Axes {
			from, _ := k.origin(w, a)
			k.inner.labels[a.Label] = labelled{a.Size, from}
		}
	}
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
	if !k.given() || !k.openPorts() || !k.bindPorts() || !k.inner.presets(k.sign, k.words, k.at.span) || !k.holdSizes() || !k.collectDegree() {
		return nil
	}
	if !k.holdScanned() || !k.enterPorts() {
		return nil
	}
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

// holdSizes holds the sizes that ports say (`x[m:4*k]`) against what flows in.
func (k *call) holdSizes() bool {
	if !k.holdPrimes() {
		return false
	}
	for _, s := range k.sized {
		at := slices.IndexFunc(s.binder.port.axes, func(a *axisSpec) bool { return a.name == s.inner.Label })
		spec := s.binder.port.axes[at]
		said, ok := k.inner.sizeAt(spec.size)
		if !ok {
			return false
		}
		if !k.job.unifier.Unify(s.outer.Size, said) {
			k.sizeFault(s.outer.Label, s.outer.Size, said, k.at.span, s.from, spec.span)
			return false
		}
		known := k.inner.labels[spec.name]
		if k.sign.said(spec.name) != nil && !k.job.unifier.Unify(known.size, said) {
			k.sizeFault(k.labelOutside(spec.name), known.size, said, k.at.span, known.origin, spec.span)
			return false
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

// openPorts lists what wires flow into: the ports, and the states that a scan starts.
func (k *call) openPorts() bool {
	k.ports = slices.Clone(k.sign.ports)
	if k.at.scan != nil && !k.openStarts() {
		return false
	}
	k.findRiders()
	k.widen()
	return true
}

// enterPorts makes the body's wires for the ports and its states.
func (k *call) enterPorts() bool {
	starts := map[string]*diagram.Wire{}
	for _, b := range k.binders {
		axes := k.taken(b)
		w := &diagram.Wire{Name: b.port.name, Type: shape.Type{Axes: axes}, Span: b.port.span}
		if b.wire.Type.IsPlace() {
			w.Type.In = &shape.Axis{Label: k.inner.placeLabel(b.port.in), Size: b.wire.Type.In.Size}
		}
		if slices.Contains(k.sign.states, b.port) {
			starts[b.port.name] = w
			k.inner.d.In = append(k.inner.d.In, w)
			continue
		}
		k.inner.enterPort(w)
	}
	for _, p := range k.sign.states {
		if !k.inner.enterState(p, starts[p.name]) {
			return false
		}
	}
	return true
}

// taken are the axes of a port in its own order, at the sizes that flow in.
func (k *call) taken(b *binder) shape.Shape {
	axes := k.ridden(b)
	for _, spec := range b.port.axes {
		if spec.many {
			axes = append(axes, k.inner.groups[spec.name]...)
			continue
		}
		at := slices.IndexFunc(b.takes, func(a *shape.Axis) bool { return a != nil && a.Label == spec.name })
		axes = append(axes, *b.takes[at])
	}
	return axes
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
