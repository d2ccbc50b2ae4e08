package rule

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/circuit"
)

// cell is what the rule says of a layer, as one diagram: from what the layer has made and
// what comes back to it, to the change of its weights and what it sends on.
type cell struct {
	layer   Layer
	isHeard func(phase string) bool // a layer before it listens to what it sends
	arrives map[string]bool         // phases in which the layers behind it send something; "": outside of them
	diagram *diagram.Diagram
	pasting
	sends map[string]*diagram.Wire // by phase
	piece *circuit.Piece           // nil: nothing is said
}

func newCell(l Layer) *cell {
	c := &cell{layer: l, arrives: map[string]bool{}, sends: map[string]*diagram.Wire{}}
	c.diagram = &diagram.Diagram{Name: l.Path}
	c.pasting = pasting{into: c.diagram, wires: map[string]*diagram.Wire{}, names: map[*diagram.Wire]string{}, made: map[string]*diagram.Box{}, layer: l}
	return c
}

// compose puts the programs of the rule together.
func (c *cell) compose() {
	says := c.layer.Says
	for _, phase := range says.Phases {
		c.settle(phase)
	}
	signals := c.signals()
	c.changes(signals)
	c.states()
	if send := c.sent(signals[""]); send != nil {
		c.sends[""] = send
	}
	for _, phase := range c.sentIn() {
		c.diagram.Out = append(c.diagram.Out, c.sends[phase])
	}
	c.order()
}

// isOwn reports whether the layer says itself what its signal is.
func (c *cell) isOwn() bool { return !c.layer.AtLoss || c.layer.Says.Reaches }

// signals are what arrives at the output of the layer, by phase.
func (c *cell) signals() map[string]*diagram.Wire {
	says, signals := c.layer.Says, map[string]*diagram.Wire{}
	switch {
	case c.isOwn() && says.Objective != nil:
		c.objective(signals)
	case len(says.Signals) > 0:
		for _, phase := range sorted(says.Signals) {
			signals[phase] = c.paste(says.Signals[phase])[0]
		}
	case c.isOwn() && says.Signal != nil:
		signals[""] = c.paste(says.Signal)[0]
	case c.layer.AtLoss || c.arrives[""]:
		signals[""] = c.given("signal", c.layer.Makes)
	}
	if w := signals[""]; w != nil {
		c.wires["signal"] = w
	}
	return signals
}

// objective draws the layer's own loss in a fence, and its derivative by what the layer
// has made.
func (c *cell) objective(signals map[string]*diagram.Wire) {
	program := c.layer.Says.Objective
	inner := &diagram.Diagram{Name: "objective", Title: "objective"}
	inside := &pasting{into: inner, wires: map[string]*diagram.Wire{}, names: map[*diagram.Wire]string{}, made: map[string]*diagram.Box{}, layer: c.layer}
	inner.Out = inside.paste(program)
	box := &diagram.Box{Op: diagram.Composite{Body: inner}, Name: "objective"}
	for _, w := range inner.In {
		box.In = append(box.In, c.given(inside.names[w], w.Type))
	}
	box.Out = []*diagram.Wire{{Name: "objective", Type: inner.Out[0].Type}}
	box.Weave = whole(box.In, box.Out)
	c.into.Boxes = append(c.into.Boxes, box)
	derivative := &diagram.Box{Op: diagram.Gradient{}, In: []*diagram.Wire{box.Out[0]}}
	for i, w := range inner.In {
		name, phase, _ := strings.Cut(inside.names[w], "@")
		if name != "y" && name != "out" {
			continue
		}
		derivative.In = append(derivative.In, box.In[i])
		signals[phase] = &diagram.Wire{Type: w.Type}
		derivative.Out = append(derivative.Out, signals[phase])
	}
	derivative.Weave = whole(derivative.In, derivative.Out)
	c.into.Boxes = append(c.into.Boxes, derivative)
}

// changes are what the weights want to become: what the rule says, and for the others
// minus the signals, pulled.
func (c *cell) changes(signals map[string]*diagram.Wire) {
	var others []*diagram.Weight
	for _, w := range c.layer.Weights {
		if program := c.layer.Says.Change[roleOf(w)]; program != nil {
			c.out("change/"+nameOf(w), c.paste(program)[0])
		} else {
			others = append(others, w)
		}
	}
	if len(others) == 0 || len(signals) == 0 {
		return
	}
	var sum *diagram.Wire
	for _, phase := range sorted(signals) {
		pulled := c.pull(signals[phase], others[0], phase)
		if sum != nil {
			both := []*diagram.Wire{sum, pulled}
			pulled = c.add(diagram.Apply(diagram.FnAdd), pulled.Type, both...)
		}
		sum = pulled
	}
	name := nameOf(others[0])
	if len(others) > 1 {
		name = "theta"
	}
	c.out("change/"+name, sum)
}

// pull is the change of a weight that a signal asks for: minus its derivative.
func (c *cell) pull(signal *diagram.Wire, w *diagram.Weight, phase string) *diagram.Wire {
	name := "x"
	if phase != "" {
		name += "@" + phase
	}
	x := c.given(name, c.layer.Reads)
	b := &diagram.Box{Op: diagram.Pull{}, Kind: circuit.MinusKind, In: []*diagram.Wire{x, signal}, Out: []*diagram.Wire{{Type: shape.Type{Axes: w.Axes}}}}
	return c.boxed(b)
}

// sent is what goes on to the layer before, outside of phases.
func (c *cell) sent(signal *diagram.Wire) *diagram.Wire {
	says := c.layer.Says
	isolated := says.SendNothing || says.Send == nil && (says.Signal != nil || says.Objective != nil || len(says.Signals) > 0)
	switch {
	case isolated || !c.isHeard("") || signal == nil:
		return nil
	case says.Send != nil:
		return c.paste(says.Send)[0]
	}
	return c.add(diagram.Push{}, shape.Type{Axes: c.layer.Reads.Axes}, signal)
}

// states carries the states of the rule on.
func (c *cell) states() {
	for _, s := range c.layer.Says.States {
		if s.Next == nil {
			continue
		}
		next := c.paste(s.Next)[0]
		c.diagram.States = append(c.diagram.States, &diagram.State{Path: s.Name, In: c.given("state."+s.Name, next.Type), Out: next})
	}
	for _, s := range c.diagram.States { // it is no longer of those that come from outside
		c.diagram.In = slices.DeleteFunc(c.diagram.In, func(w *diagram.Wire) bool { return w == s.In })
	}
}

func (c *cell) out(name string, w *diagram.Wire) {
	if w.Name == "" {
		w.Name = name
	} else {
		named := &diagram.Wire{Name: name, Type: w.Type}
		c.into.Boxes = append(c.into.Boxes, &diagram.Box{Op: diagram.View{Name: "rename"}, In: []*diagram.Wire{w}, Out: []*diagram.Wire{named}, Weave: whole([]*diagram.Wire{w}, []*diagram.Wire{named})})
		w = named
	}
	c.diagram.Out = append(c.diagram.Out, w)
}

// sentIn lists the phases in which the layer sends something.
func (c *cell) sentIn() []string { return sorted(c.sends) }

// order puts what has been made above, so that strokes come to it from there, and what
// arrives from behind below.
func (c *cell) order() {
	rank := func(w *diagram.Wire) int {
		name, _, _ := strings.Cut(c.names[w], "@")
		switch name {
		case "x":
			return 0
		case "y", "out", "weight", "bias":
			return 1
		case "signal":
			return 3
		case "error":
			return 4
		}
		return 2
	}
	slices.SortStableFunc(c.diagram.In, func(a, b *diagram.Wire) int { return rank(a) - rank(b) })
}

// roleOf is what a rule knows a weight by, and nameOf what it is called in the figure.
func roleOf(w *diagram.Weight) string { return w.Path[strings.LastIndex(w.Path, ".")+1:] }

func nameOf(w *diagram.Weight) string {
	switch role := roleOf(w); role {
	case "weight":
		return "w"
	case "bias":
		return "b"
	default:
		return role
	}
}
