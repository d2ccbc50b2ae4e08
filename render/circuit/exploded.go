package circuit

import (
	"slices"

	"ncd/compiler/diagram"
)

// exploded is a box of the flat form as the backward view shows it: a Map that makes
// several arrays, or does more than one thing with several, becomes a box for each of
// its functions. Others stand as they are.
func exploded(b *diagram.Box) []*diagram.Box {
	m, isMap := b.Op.(diagram.Map)
	if !isMap || !isInvolved(m, b) {
		return []*diagram.Box{b}
	}
	e := &explosion{of: b, op: m}
	for i := range b.In {
		e.registers = append(e.registers, register{b.In[i], b.Weave.In[i]})
	}
	for _, in := range m.Program {
		e.add(in)
	}
	return e.boxes
}

// isInvolved reports whether a Map is more than one sign or one arrow can say, and can
// be taken apart: every result is made by a function of its own.
func isInvolved(m diagram.Map, b *diagram.Box) bool {
	functions := 0
	for _, in := range m.Program {
		if in.Fn != diagram.FnConstant {
			functions++
		}
	}
	results := slices.Clone(m.Results)
	slices.Sort(results)
	if results[0] < len(b.In) || len(slices.Compact(results)) < len(m.Results) {
		return false
	}
	return len(m.Results) > 1 || functions > 1 && len(b.In) > 1
}

// register is a wire that holds a register of a Map, and where its axes are in the
// index space of the Map's box.
type register struct {
	wire *diagram.Wire
	port []diagram.Affine
}

// explosion is the boxes of a Map while it is taken apart.
type explosion struct {
	of        *diagram.Box
	op        diagram.Map
	registers []register
	boxes     []*diagram.Box
}

// add makes the box of an instruction.
func (e *explosion) add(in diagram.Instr) {
	b := *e.of
	b.In, b.Weave.In = nil, nil
	if in.Fn == diagram.FnConstant {
		b.Op = diagram.Constant{Value: in.Value}
		b.Weave.Degree = nil
	} else {
		b.Op = diagram.Apply(in.Fn)
	}
	for _, a := range in.Args {
		b.In, b.Weave.In = append(b.In, e.registers[a].wire), append(b.Weave.In, e.registers[a].port)
	}
	made := e.made(&b)
	b.Out, b.Weave.Out = []*diagram.Wire{made.wire}, [][]diagram.Affine{made.port}
	e.registers, e.boxes = append(e.registers, made), append(e.boxes, &b)
}

// made is the register that a box writes: a result of the Map, or an array along the
// axes that what it reads has.
func (e *explosion) made(b *diagram.Box) register {
	if at := slices.Index(e.op.Results, len(e.registers)); at >= 0 {
		b.Weave.Degree = e.of.Weave.Degree
		return register{e.of.Out[at], e.of.Weave.Out[at]}
	}
	r := register{wire: diagram.NewWire("")}
	for index, axis := range b.Weave.Degree {
		isRead := slices.ContainsFunc(b.Weave.In, func(port []diagram.Affine) bool {
			return slices.ContainsFunc(port, func(a diagram.Affine) bool { return a.Equal(diagram.At(index)) })
		})
		if isRead {
			r.wire.Type.Axes, r.port = append(r.wire.Type.Axes, axis), append(r.port, diagram.At(index))
		}
	}
	return r
}
