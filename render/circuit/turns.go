package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// asDrawn is the boxes of a body as a figure has them: memory is panels rather
// than wires, and a loop that stands there turn by turn is one loop again.
func (f *flattener) asDrawn(d *diagram.Diagram, fences []*fence) []*diagram.Box {
	boxes := f.hideBatch(cutMemory(d.Boxes), fences)
	var drawn []*diagram.Box
	for i := 0; i < len(boxes); {
		n := runOf(boxes[i:])
		if loop := f.rolledUp(boxes[i:i+n], readOutside(d, boxes, i, i+n)); loop != nil {
			drawn = append(drawn, loop)
		} else {
			for _, b := range boxes[i : i+max(n, 1)] {
				drawn = append(drawn, splitApart(b)...)
			}
		}
		i += max(n, 1)
	}
	return drawn
}

// runOf counts the boxes in front that are turns of one loop.
func runOf(boxes []*diagram.Box) int {
	if boxes[0].Turn == nil {
		return 0
	}
	n := slices.IndexFunc(boxes, func(b *diagram.Box) bool { return b.Turn == nil || b.Turn.Loop != boxes[0].Turn.Loop })
	if n < 0 {
		return len(boxes)
	}
	return n
}

// readOutside are the wires that others than the boxes from..to read.
func readOutside(d *diagram.Diagram, boxes []*diagram.Box, from, to int) map[*diagram.Wire]bool {
	read := map[*diagram.Wire]bool{}
	for i, b := range boxes {
		if i < from || i >= to {
			for _, w := range b.In {
				read[w] = true
			}
		}
	}
	for _, w := range boundary(d.Out, d.States, func(s *diagram.State) *diagram.Wire { return s.Out }) {
		read[w] = true
	}
	return read
}

// rolledUp is the loop that some boxes are the turns of: its body is the first
// turn, and out of it comes what the last one makes. It is nil where the turns are
// not alike.
func (f *flattener) rolledUp(boxes []*diagram.Box, outside map[*diagram.Wire]bool) *diagram.Box {
	turns := byTurn(boxes)
	if len(turns) == 0 || !alike(turns) {
		return nil
	}
	first, last := turns[0], turns[len(turns)-1]
	of := boxes[0].Turn.Loop
	body := &diagram.Diagram{Name: "turn", Span: of.Span, Boxes: f.rolled(turns)}
	loop := &diagram.Box{Name: "for", Span: of.Span, Op: diagram.Repeat{
		Letter: of.Letter, From: of.From, To: of.To, Down: of.Down, Turns: []*diagram.Diagram{body}}}
	body.In = readFromOutside(first)
	loop.In = body.In
	for j, b := range last {
		for port, w := range b.Out {
			if outside[w] {
				loop.Out, body.Out = append(loop.Out, w), append(body.Out, first[j].Out[port])
			}
		}
	}
	loop.Weave = byLabel(loop.In, loop.Out)
	return loop
}

// standsFor lists the boxes of the diagram that a box of the figure is.
func (f *flattener) standsFor(b *diagram.Box) []*diagram.Box {
	if of, ok := f.written[b]; ok {
		return of
	}
	return []*diagram.Box{b}
}

// standIn lets the boxes of a body that is shown stand for those of all the turns,
// and of all the boxes that its own box stands for.
func (f *flattener) standIn(b *diagram.Box) {
	var bodies [][]*diagram.Box
	for _, of := range f.standsFor(b) {
		all := diagram.Bodies(of.Op)
		if _, loop := of.Op.(diagram.Repeat); !loop {
			all = all[:1]
		}
		for _, body := range all {
			bodies = append(bodies, body.Boxes)
		}
	}
	if len(bodies) < 2 || !alike(bodies) {
		return
	}
	for i, shown := range bodies[0] {
		f.written[shown] = nil
		for _, boxes := range bodies {
			f.written[shown] = append(f.written[shown], boxes[i])
		}
	}
}

// rolled is the boxes of the first of some turns, as those of the body of a loop.
// Each stands for that of every turn.
func (f *flattener) rolled(turns [][]*diagram.Box) []*diagram.Box {
	body := make([]*diagram.Box, len(turns[0]))
	for i, b := range turns[0] {
		once := *b
		once.Turn, body[i] = nil, &once
		for _, turn := range turns {
			f.written[&once] = append(f.written[&once], turn[i])
		}
	}
	return body
}

func byTurn(boxes []*diagram.Box) [][]*diagram.Box {
	var turns [][]*diagram.Box
	for i, b := range boxes {
		if i == 0 || b.Turn != boxes[i-1].Turn {
			turns = append(turns, nil)
		}
		turns[len(turns)-1] = append(turns[len(turns)-1], b)
	}
	return turns
}

// alike reports whether turns have the same boxes, whatever their sizes.
func alike(turns [][]*diagram.Box) bool {
	for _, turn := range turns[1:] {
		if !slices.EqualFunc(turns[0], turn, func(a, b *diagram.Box) bool {
			return a.Op.Kind() == b.Op.Kind() && len(a.In) == len(b.In) && len(a.Out) == len(b.Out)
		}) {
			return false
		}
	}
	return true
}

func readFromOutside(boxes []*diagram.Box) []*diagram.Wire {
	made := map[*diagram.Wire]bool{}
	var read []*diagram.Wire
	for _, b := range boxes {
		for _, w := range b.In {
			if !made[w] && !slices.Contains(read, w) {
				read = append(read, w)
			}
		}
		for _, w := range b.Out {
			made[w] = true
		}
	}
	return read
}

// byLabel is the weave of a box all of whose axes are its own.
func byLabel(in, out []*diagram.Wire) diagram.Weave {
	var w diagram.Weave
	ports := func(wires []*diagram.Wire) (ports [][]diagram.Affine) {
		for _, wire := range wires {
			port := []diagram.Affine{}
			for _, a := range wire.Type.Axes {
				index := slices.IndexFunc(w.Own, func(b shape.Axis) bool { return a.Equal(b) })
				if index < 0 {
					index, w.Own = len(w.Own), append(w.Own, a)
				}
				port = append(port, diagram.At(index))
			}
			ports = append(ports, port)
		}
		return ports
	}
	w.In = ports(in)
	w.Out = ports(out)
	return w
}
