package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

var iterations = []*primitive{
	{name: "scan", form: "a.., f: diagram, gradient: word = full", shape: scan, isOpen: true},
	{name: "delay", form: "a.., n = 1", shape: delay},
}

// iteration is how a box is applied along an axis.
type iteration struct {
	axis     axisWord
	gradient diagram.Through
	starts   []started
}

// started is a state with what the call starts it at.
type started struct {
	name string
	wire *diagram.Wire
	span source.Span
}

// scan applies a box at one place of an axis after another. Wires without that axis
// are given whole to every turn, and states go from turn to turn.
func scan(a *application) value {
	words, ok := a.wanted()
	if !ok {
		return poison{}
	}
	f, isGiven := a.values["f"].(box)
	if len(words) != 1 || words[0].many || !isGiven {
		a.fault(ParameterMissing, a.at.span, "`scan` must say along which axis and which box: `scan[t, f]`")
		return poison{}
	}
	it := &iteration{axis: words[0]}
	if it.gradient, ok = a.through(); !ok || !a.readStarts(it) || !a.holdAlong(words[0]) {
		return poison{}
	}
	if scansItself(f) {
		at := a.at
		at.scan = it
		return f.apply(a.elaborator, a.in, at)
	}
	return a.scanAround(f, it)
}

// scansItself reports whether a box has a body that can be scanned as it is: it is a
// declared diagram with ports, that sends back the derivative.
func scansItself(f box) bool {
	if b, ok := f.(*bound); ok && !b.isWhole {
		f = b.of
	}
	c, ok := f.(*configured)
	if !ok {
		return false
	}
	d, ok := c.made.(*declared)
	return ok && d.diagram != nil && d.diagram.Ports != nil && d.diagram.Reverse == nil
}

// policies are the words for what of a scan the backward pass follows.
var policies = []string{"full", "local", "last", "random", "checkpoint"}

// through reads what the backward pass follows.
func (a *application) through() (diagram.Through, bool) {
	span := a.spans["gradient"]
	switch v := a.values["gradient"].(type) {
	case nil:
		return diagram.Through{Policy: "full"}, true
	case word:
		switch {
		case v == "full" || v == "local" || v == "checkpoint":
			return diagram.Through{Policy: string(v)}, true
		case v == "last" || v == "random":
			a.fault(ParameterMissing, span, "`%s` must say how many turns: `%s[4]`", string(v), string(v))
		default:
			a.fault(ParameterKind, span, "`gradient` is `full`, `local`, `last[k]`, `random[k]` or `checkpoint`, not `%s`%s", string(v), meant(string(v), policies))
		}
		return diagram.Through{}, false
	case counting:
		n, ok := a.countOf(v, span)
		return diagram.Through{Policy: v.word, Turns: n}, ok
	}
	a.fault(ParameterKind, span, "`gradient` is `full`, `local`, `last[k]`, `random[k]` or `checkpoint`")
	return diagram.Through{}, false
}

// countOf is how many turns are followed; 1 while letters stand for it.
func (a *application) countOf(v counting, span source.Span) (int, bool) {
	size := a.job.unifier.Resolve(v.number.size)
	n, isKnown := size.Int()
	if v.number.isSize && !isKnown {
		return 1, true
	}
	if !v.number.isSize || n < 1 {
		a.fault(SizeInvalid, span, "`%s` follows one turn or more, not %s", v.word, v.number.number)
		return 0, false
	}
	return n, true
}

// readStarts evaluates what the brackets start states at: `hidden = h0`.
func (a *application) readStarts(it *iteration) bool {
	for _, item := range a.others {
		name := item.Name().Text
		if a.reader.elaborator.d != a.d {
			a.fault(WireNeeded, item.Span(), "`%s` starts at a wire of another diagram: start states where the scan stands in a flow", name)
			return false
		}
		w, ok := a.oneWire(a.reader.withScope().eval(item.Value), item.Value.Span())
		if !ok {
			return false
		}
		if w.Type.Axes.Index(it.axis.label) >= 0 {
			a.fault(AxisCapture, item.Span(), "`%s` starts at %s, which has the axis `%s` that is scanned", name, a.wireName(w), it.axis.label)
			return false
		}
		it.starts = append(it.starts, started{name, w, item.Span()})
	}
	return true
}

// holdAlong holds that some wire has the axis that is scanned.
func (a *application) holdAlong(word axisWord) bool {
	for _, w := range a.wires {
		if i := w.Type.Axes.Index(word.label); i >= 0 {
			return a.reader.holdSize(word, w, i)
		}
	}
	if len(a.wires) == 0 {
		a.fault(WireCount, a.at.span, "`scan` takes wires, and none flows in")
		return false
	}
	a.noAxis(word, a.wires[0])
	return false
}

// scanAround scans a box that is no diagram of its own: its body is the box alone.
func (a *application) scanAround(f box, it *iteration) value {
	if len(it.starts) > 0 {
		a.fault(UnknownParameter, it.starts[0].span, "only a declared diagram has states to start, and this box is none")
		return poison{}
	}
	name := a.boxName(a.at, (&repeated{of: f}).kind())
	inner := a.insideOf(a.storeOf(a.at, name))
	inner.mayRemember = true
	inner.d.Name, inner.d.Span = "turn", a.at.span
	in := inner.copies(a.elaborator, a.wires)
	for _, w := range inner.d.In {
		w.Type.Axes = but(w.Type.Axes, it.axis.label)
	}
	result := inner.applied(f, in, use{span: a.at.span, isSole: true})
	if isPoisoned(result) {
		return poison{}
	}
	results, ok := inner.allWires(result, a.at.span)
	if !ok {
		return poison{}
	}
	inner.d.Out = results
	return a.laidAlong(inner, it, name)
}

func but(axes shape.Shape, label string) shape.Shape {
	return slices.DeleteFunc(slices.Clone(axes), func(a shape.Axis) bool { return a.Label == label })
}

// laidAlong puts in the box of a scan whose labels are those around it. What comes out
// has the scanned axis where the sole wire that goes in has it, else outermost.
func (a *application) laidAlong(inner *elaborator, it *iteration, name string) value {
	place, axis := 0, shape.Axis{}
	for _, w := range a.wires {
		if i := w.Type.Axes.Index(it.axis.label); i >= 0 {
			place, axis = i, w.Type.Axes[i]
		}
	}
	if len(a.wires) > 1 {
		place = 0
	}
	var out []*diagram.Wire
	var t tuple
	for _, w := range inner.d.Out {
		if w.Type.Axes.Index(axis.Label) >= 0 {
			a.fault(AxisCapture, a.at.span, "axis `%s` is scanned but also made by what is scanned", axis.Label)
			return poison{}
		}
		axes := slices.Insert(slices.Clone(w.Type.Axes), min(place, len(w.Type.Axes)), axis)
		out = append(out, &diagram.Wire{Type: shape.Type{Axes: axes, In: w.Type.In}, Span: a.at.span})
		t = append(t, wire{out[len(out)-1]})
	}
	b := &diagram.Box{Op: diagram.Scan{Body: inner.d, Gradient: it.gradient}, In: a.wires, Out: out, Name: name, Span: a.at.span}
	b.Weave = weaveFrom(shape.Shape{axis}, a.wires, out)
	a.add(b)
	if len(t) == 1 {
		return t[0]
	}
	return t
}

// isScanned reports whether the call goes along that axis.
func (k *call) isScanned(label string) bool {
	return k.at.scan != nil && k.at.scan.axis.label == label
}

// openStarts lets the wires flow in that the brackets start states at.
func (k *call) openStarts() bool {
	for _, s := range k.at.scan.starts {
		i := slices.IndexFunc(k.sign.states, func(p *port) bool { return p.name == s.name })
		if i < 0 {
			var names []string
			for _, p := range k.sign.states {
				names = append(names, p.name)
			}
			k.fault(UnknownParameter, s.span, "`%s` has no state `%s`%s", k.decl.name, s.name, meant(s.name, names))
			return false
		}
		k.ports, k.wires = append(k.ports, k.sign.states[i]), append(k.wires[:len(k.wires):len(k.wires)], s.wire)
	}
	return true
}

// holdScanned holds that the axis to go along has not been taken by a port.
func (k *call) holdScanned() bool {
	if k.at.scan == nil || k.degree.Index(k.at.scan.axis.label) >= 0 {
		return true
	}
	k.fault(AxisCapture, k.at.span, "axis `%s` is scanned, and cannot be an axis of a port of `%s` as well", k.at.scan.axis.label, k.decl.name)
	return false
}

// scanned makes a box that is lifted over the scanned axis one that goes along it.
func (k *call) scanned(b *diagram.Box) {
	along := k.degree.Index(k.at.scan.axis.label)
	order := []int{}
	for i := range len(b.Weave.Degree) + len(b.Weave.Own) {
		if i != along {
			order = append(order, i)
		}
	}
	degree := len(b.Weave.Degree) - 1
	b.Weave = b.Weave.Reordered(slices.Insert(order, degree, along), degree)
	b.Op = diagram.Scan{Body: k.inner.d, Gradient: k.at.scan.gradient}
}

// delay hands on what came n places earlier along an axis, and zeros before that.
// Without an axis it is a state: what flowed in at the last turn.
func delay(a *application) value {
	w, ok := a.one()
	if !ok {
		return poison{}
	}
	if a.list() == nil {
		return a.delayed(w)
	}
	i, ok := a.oneAxis(w)
	if !ok {
		return poison{}
	}
	axis, n := w.Type.Axes[i], a.step("n")
	if isNegative(n) || isNegative(axis.Size.Sub(n)) {
		a.fault(IndexOutside, a.at.span, "axis `%s` has %s places, and cannot be put back by %s", axis.Label, axis.Size, n)
		return poison{}
	}
	return a.viewed("delay", w, i, axis.Size.Sub(n), shifted(shape.Size{}), shifted(n), &axis)
}

func (a *application) delayed(w *diagram.Wire) value {
	if !a.holdCarried(a.at.span) {
		return poison{}
	}
	held := &diagram.Wire{Type: w.Type, Span: a.at.span}
	a.d.States = append(a.d.States, &diagram.State{Path: a.boxName(a.at, "delay"), In: held, Out: w, Span: a.at.span})
	return wire{held}
}
