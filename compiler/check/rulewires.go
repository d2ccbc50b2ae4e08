package check

import (
	"maps"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// separate gives what the layer makes labels of their own where its weights have one
// label for what comes in and what goes out.
func (in *instance) separate() {
	twice := map[string]string{}
	for i, w := range in.layer.Weights {
		axes := slices.Clone(w.Axes)
		for j, a := range axes {
			if axes[:j].Index(a.Label) >= 0 {
				twice[a.Label] = a.Label + "'"
				axes[j].Label += "'"
			}
		}
		made := *w
		made.Axes = axes
		in.layer.Weights = slices.Clone(in.layer.Weights)
		in.layer.Weights[i] = &made
	}
	if len(twice) == 0 || in.layer.IsUse {
		return
	}
	for i, w := range in.layer.Weights[1:] { // a bias has what goes out
		made := *w
		made.Axes = relabelled(w.Axes, twice)
		if distinct(w.Axes) {
			in.layer.Weights[i+1] = &made
		}
	}
	in.layer.Made.Axes, in.layer.Output.Axes = relabelled(in.layer.Made.Axes, twice), relabelled(in.layer.Output.Axes, twice)
	in.relabels = twice
}

func relabelled(axes shape.Shape, by map[string]string) shape.Shape {
	made := slices.Clone(axes)
	for i, a := range made {
		if label, ok := by[a.Label]; ok {
			made[i].Label = label
		}
	}
	return made
}

// asTold gives a wire the labels by which the layer was told.
func (e *elaborator) asTold(w *diagram.Wire, span source.Span) *diagram.Wire {
	back := map[string]string{}
	for label, own := range e.rule.relabels {
		back[own] = label
	}
	axes := relabelled(w.Type.Axes, back)
	if axes.Equal(w.Type.Axes) {
		return w
	}
	return e.renamed(w, axes, span)
}

// renamed is the same array with other labels, axis by axis.
func (e *elaborator) renamed(w *diagram.Wire, axes shape.Shape, span source.Span) *diagram.Wire {
	out := &diagram.Wire{Type: shape.Type{Axes: axes, In: w.Type.In}, Span: span}
	port := ownPort(len(axes))
	e.add(&diagram.Box{
		Op: diagram.View{Name: "rename"}, In: []*diagram.Wire{w}, Out: []*diagram.Wire{out}, Span: span,
		Weave: diagram.Weave{Degree: distinctly(axes), In: [][]diagram.Affine{port}, Out: [][]diagram.Affine{port}},
	})
	return out
}

// distinctly primes labels that are there twice.
func distinctly(axes shape.Shape) shape.Shape {
	made := slices.Clone(axes)
	for i := range made {
		for made[:i].Index(made[i].Label) >= 0 {
			made[i].Label += "'"
		}
	}
	return made
}

// facts are the numbers of the layer: `index` among the `layers` that learn by the rule,
// from 1.
func (in *instance) facts(e *elaborator) {
	e.scope.define("index", sizeOf(shape.Int(in.layer.Index)), in.layer.Span).isUsed = true
	e.scope.define("layers", sizeOf(shape.Int(in.layer.Count)), in.layer.Span).isUsed = true
}

// ruleWires lets flow in what a rule may read: only what it does read is kept.
func (e *elaborator) ruleWires(names *atNames) {
	r, layer := e.rule, e.rule.layer
	e.enter(names.input, "x", layer.Input)
	e.enter(names.output, "y", r.output())
	if names.atBox && names.output != "y" {
		e.enter("y", "out", layer.Output)
	}
	signal := r.output().Axes
	if r.settles {
		signal = layer.Output.Axes
	}
	e.enter("signal", "signal", shape.Type{Axes: signal})
	e.enter("error", "error", layer.Error)
	for _, w := range layer.Data {
		if e.scope.look(w.Name) == nil {
			e.enter(w.Name, w.Name, w.Type)
		}
		e.labelAxes(w)
	}
	for _, name := range slices.Sorted(maps.Keys(names.weights)) {
		role := names.weights[name]
		if w := r.weight(role); w != nil && e.scope.look(name) == nil {
			e.enter(name, role, shape.Type{Axes: w.Axes})
		}
	}
	e.ruleGroups()
}

// ruleGroups are the axes that `i..`, `o..`, `e..` and `l..` stand for: of the input, the
// output and the error without the batch; and all others of the output. Said at a box, i
// and o are the axes of its weight.
func (e *elaborator) ruleGroups() {
	r := e.rule
	made := r.output().Axes
	in, out := withoutBatch(r.layer.Input), withoutBatch(r.output())
	if w := r.weight("weight"); w != nil && r.names.atBox {
		in, out = shape.Shape{}, shape.Shape{}
		for _, a := range w.Axes {
			if made.Index(a.Label) >= 0 && r.layer.Input.Axes.Index(a.Label) < 0 {
				out = append(out, a)
			} else {
				in = append(in, a)
			}
		}
	}
	others := axesWithout(made, out)
	for name, axes := range map[string]shape.Shape{"i": in, "o": out, "e": withoutBatch(r.layer.Error), "l": others} {
		e.groups[name] = axes
	}
}

// axesWithout are the axes that are not among others.
func axesWithout(axes, others shape.Shape) shape.Shape {
	return slices.DeleteFunc(slices.Clone(axes), func(a shape.Axis) bool { return others.Index(a.Label) >= 0 })
}

// enter lets a wire of the layer flow in under a name.
func (e *elaborator) enter(name, meaning string, t shape.Type) *diagram.Wire {
	w := &diagram.Wire{Name: meaning, Type: t, Span: e.rule.layer.Span}
	e.d.In = append(e.d.In, w)
	e.scope.define(name, wire{w}, w.Span).isUsed = true
	e.rule.meanings[name] = w
	return w
}

// labelAxes lets brackets of the rule name the axes of the data.
func (e *elaborator) labelAxes(w *diagram.Wire) {
	axes := w.Type.Axes
	if w.Type.IsPlace() {
		axes = append(axes[:len(axes):len(axes)], *w.Type.In)
	}
	for _, a := range axes {
		if _, known := e.labels[a.Label]; !known {
			e.labels[a.Label] = labelled{a.Size, w.Span}
		}
	}
}

// inPhase is a wire of the layer as it is in a phase: `y@real`.
func (e *elaborator) inPhase(x *grammar.At) value {
	name, isName := x.Of.(*grammar.Name)
	if !isName {
		e.fault(InvalidEntry, x.Span(), "`@` names a wire of a layer in a phase of a learning rule: `y@real`")
		return poison{}
	}
	known := e.rule.meanings[name.Text]
	if known == nil || strings.HasPrefix(known.Name, "state.") || known.Name == "error" || known.Name == "signal" || e.rule.weight(known.Name) != nil {
		e.fault(UnknownName, name.Span(), "the layer has no wire `%s` that a phase changes", name.Text)
		return poison{}
	}
	if !e.rule.holdPhase(x.Phase) {
		return poison{}
	}
	meaning := known.Name + "@" + x.Phase.Text
	for _, w := range e.d.In {
		if w.Name == meaning {
			return wire{w}
		}
	}
	w := &diagram.Wire{Name: meaning, Type: known.Type, Span: x.Span()}
	e.d.In = append(e.d.In, w)
	return wire{w}
}

// weight is the layer's weight of that name, or nil.
func (in *instance) weight(role string) *diagram.Weight {
	for _, w := range in.layer.Weights {
		if lastSegment(w.Path) == role {
			return w
		}
	}
	return nil
}

// ruleState is a state of the rule's own: its wire is what it holds before the step.
func (e *elaborator) ruleState(s *grammar.State) {
	axes, ok := e.stateAxes(s.Axes)
	if !ok {
		e.define(s.Name.Text, poison{}, s.Name.Span())
		return
	}
	e.enter(s.Name.Text, "state."+s.Name.Text, shape.Type{Axes: axes})
}

// states makes what the states of the rule begin at, and what they become.
func (in *instance) states() {
	for _, line := range in.lines {
		s, ok := line.stmt.(*grammar.State)
		if !ok {
			continue
		}
		from := len(in.report.said)
		e := in.elaborator(&ruleSite{title: "state " + s.Name.Text}, "state "+s.Name.Text)
		for _, line := range in.lines {
			e.ruleStatement(line.stmt)
		}
		in.state(e, s, from)
	}
}

func (in *instance) state(e *elaborator, s *grammar.State, from int) {
	held := e.rule.meanings[s.Name.Text]
	start, isNumber := e.eval(s.Value).(static)
	if held == nil || in.report.hasErrors(from) {
		return
	}
	if !isNumber {
		in.report.fault(NumberNeeded, s.Value.Span(), "a state of a rule starts at a number")
		return
	}
	made := diagram.RuleState{Name: s.Name.Text, Axes: held.Type.Axes, Init: e.initial(start, s.Value.Span())}
	if next, ok := e.scope.look(s.Name.Text).value.(wire); ok && next.Wire != held {
		if !isWithin(held.Type.Axes, next.Type.Axes) {
			in.report.fault(RuleMismatch, s.Span(), "state `%s` is %s, and becomes %s", s.Name.Text, e.typeOf(held), e.typeOf(next.Wire))
			return
		}
		made.Next = in.ended(e, next.Wire, from)
	}
	in.made.States = append(in.made.States, made)
}
