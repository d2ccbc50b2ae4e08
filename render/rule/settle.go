package rule

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// settle draws a phase in which the layer comes to rest: the turns stand between
// parentheses, and what is sent on in each of them leaves with what they come to.
func (c *cell) settle(phase diagram.Phase) {
	if phase.Settle == nil {
		return
	}
	turn := &diagram.Diagram{Name: "turn"}
	inside := &pasting{into: turn, wires: map[string]*diagram.Wire{}, names: map[*diagram.Wire]string{}, made: map[string]*diagram.Box{}, layer: c.layer}
	y := c.settled()
	turn.Out = []*diagram.Wire{inside.paste(phase.Settle)[0]}
	if send := c.sentInTurn(phase, inside); send != nil {
		turn.Out = append(turn.Out, send)
	}
	box := &diagram.Box{Op: diagram.Repeat{Letter: "tau", From: shape.Int(1), To: shape.Int(phase.Turns), Turns: []*diagram.Diagram{turn}}, Name: phase.Name}
	for _, w := range turn.In {
		name := inside.names[w]
		box.In = append(box.In, c.entering(name, y, phase, inside.wires[name].Type))
	}
	for _, w := range turn.Out {
		box.Out = append(box.Out, &diagram.Wire{Type: w.Type})
	}
	box.Weave = whole(box.In, box.Out)
	c.into.Boxes = append(c.into.Boxes, box)
	c.wires[y+"@"+phase.Name] = box.Out[0]
	if len(box.Out) > 1 {
		c.sends[phase.Name] = box.Out[1]
	}
}

// settled is what programs call the output that settles.
func (c *cell) settled() string {
	if c.layer.Says.AtBox {
		return "out"
	}
	return "y"
}

// sentInTurn is what a layer sends on in each turn.
func (c *cell) sentInTurn(phase diagram.Phase, inside *pasting) *diagram.Wire {
	switch {
	case !c.isHeard(phase.Name) || c.layer.Says.SendNothing:
		return nil
	case phase.Send != nil:
		return inside.paste(phase.Send)[0]
	}
	return inside.add(diagram.Push{}, shape.Type{Axes: c.layer.Reads.Axes}, inside.given("signal", c.layer.Makes))
}

// entering is what a turn is given by a name: what it settles begins with what the layer
// has made, or as the phase says.
func (c *cell) entering(name, y string, phase diagram.Phase, t shape.Type) *diagram.Wire {
	switch {
	case name == y && phase.Start != nil:
		return c.paste(phase.Start)[0]
	case name == "x", name == "signal" && !c.layer.AtLoss:
		return c.given(name+"@"+phase.Name, t)
	}
	return c.given(name, t)
}
