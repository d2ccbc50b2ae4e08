package onnx

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/internal/export"
	"ncd/internal/onnx"
)

// turned brings the bodies of the scans that a flat diagram still has (those along an
// axis whose size is a letter) into the flat form: that of one turn, over all axes that
// the scan is lifted over. Their weights, and what they keep, become the diagram's.
func turned(d *diagram.Diagram) *diagram.Diagram {
	made := *d
	made.Boxes, made.States = nil, slices.Clone(d.States)
	for _, b := range d.Boxes {
		if op, ok := b.Op.(diagram.Scan); ok {
			use := *b
			body := turn(b, op)
			inner := *body
			inner.Boxes, inner.States = nil, nil
			for _, x := range body.Boxes {
				if _, isSource := x.Op.(diagram.Learned); isSource {
					made.Boxes = append(made.Boxes, x)
				} else {
					inner.Boxes = append(inner.Boxes, x)
				}
			}
			for _, s := range body.States {
				if s.Kept {
					made.States = append(made.States, s)
				} else {
					inner.States = append(inner.States, s)
				}
			}
			op.Body = &inner
			use.Op = op
			b = &use
		}
		made.Boxes = append(made.Boxes, b)
	}
	return &made
}

// turn is the flat diagram of one turn of a scan: its wires are the scan's without the
// axis that it goes along.
func turn(b *diagram.Box, op diagram.Scan) *diagram.Diagram {
	along := len(b.Weave.Degree)
	name := strings.Join(append(slices.Clone(b.Path), b.Name), ".")
	use := &diagram.Box{Op: diagram.Composite{Body: op.Body}, Name: name, Span: b.Span}
	use.Weave.Degree, use.Weave.Own = b.Weave.Degree, b.Weave.Own[1:]
	place := make([]int, along+len(b.Weave.Own))
	for i := range place {
		place[i] = i
		if i > along {
			place[i] = i - 1
		}
	}
	without := func(wires []*diagram.Wire, maps [][]diagram.Affine) (list []*diagram.Wire, ports [][]diagram.Affine) {
		for i, w := range wires {
			one, port := *w, []diagram.Affine{}
			one.Type.Axes = nil
			scanned := scannedAxis(maps[i], along)
			for axis, m := range maps[i] {
				if axis != scanned {
					one.Type.Axes, port = append(one.Type.Axes, w.Type.Axes[axis]), append(port, m.Renumbered(place))
				}
			}
			list, ports = append(list, &one), append(ports, port)
		}
		return list, ports
	}
	use.In, use.Weave.In = without(b.In, b.Weave.In)
	use.Out, use.Weave.Out = without(b.Out, b.Weave.Out)
	return core(&diagram.Diagram{Name: op.Body.Name, In: use.In, Out: use.Out, Boxes: []*diagram.Box{use}, Span: b.Span})
}

// core is the flat form without what only learning needs.
func core(d *diagram.Diagram) *diagram.Diagram {
	d = rewrite.Normalize(d)
	for _, pass := range []rewrite.Pass{rewrite.OpenLenses, rewrite.FoldConstants, rewrite.RemoveDead} {
		d = pass(d)
	}
	return d
}

// scannedAxis is the axis of a wire that a scan goes along, or -1.
func scannedAxis(maps []diagram.Affine, along int) int {
	return slices.IndexFunc(maps, func(m diagram.Affine) bool { index, ok := m.Sole(); return ok && index == along })
}

// scan writes a Scan: the states are carried, what has the axis comes in and goes out
// place by place, and what hangs on neither is computed ahead of it.
func (g *graph) scan(b *diagram.Box, op diagram.Scan) {
	along := len(b.Weave.Degree)
	body := op.Body
	inner := &graph{
		Refusal: g.Refusal, span: g.span, parent: g, names: g.names, scopes: g.scopes, box: b,
		wires: map[*diagram.Wire]string{}, shared: map[string]string{}, letters: g.letters,
		lazy: map[*diagram.Wire]*diagram.Box{}, makers: g.makers,
	}
	moving := map[*diagram.Wire]bool{}
	var starts, sources []string
	var sourceAxes, resultAxes []int
	graph := &onnx.Graph{Name: inner.name("turn")}
	for _, s := range body.States {
		moving[s.In] = true
		inner.wires[s.In] = inner.name(s.Path)
		graph.Inputs = append(graph.Inputs, typed(inner.wires[s.In], s.In.Type))
	}
	for i, w := range body.In {
		axis := scannedAxis(b.Weave.In[i], along)
		if axis < 0 {
			g.wires[w] = g.value(b.In[i])
			continue
		}
		moving[w] = true
		inner.wires[w] = inner.name(w.Name)
		graph.Inputs = append(graph.Inputs, typed(inner.wires[w], w.Type))
		sources, sourceAxes = append(sources, g.value(b.In[i])), append(sourceAxes, axis)
	}
	if len(sources) == 0 {
		sources, sourceAxes = []string{g.counting(b.Weave.Own[0].Size)}, []int{0}
		graph.Inputs = append(graph.Inputs, &onnx.Value{Name: inner.name("turn"), Kind: "tensor", Type: long, HasShape: true})
	}
	still, turning := apart(body, moving)
	g.boxes(&diagram.Diagram{Boxes: still})
	for _, s := range body.States {
		starts = append(starts, g.start(s, moving))
	}
	inner.boxes(&diagram.Diagram{Boxes: turning})
	for _, s := range body.States {
		graph.Outputs = append(graph.Outputs, inner.handed(s.Out))
	}
	for _, w := range body.Out {
		graph.Outputs = append(graph.Outputs, inner.handed(w))
	}
	outputs := make([]string, 0, len(graph.Outputs))
	for _, s := range body.States {
		outputs = append(outputs, g.name(s.Path))
	}
	for i, w := range b.Out {
		g.wires[w] = g.name(g.wish("scan"))
		outputs, resultAxes = append(outputs, g.wires[w]), append(resultAxes, scannedAxis(b.Weave.Out[i], along))
	}
	graph.Nodes = inner.nodes
	g.box = b
	g.node("Scan", slices.Concat(starts, sources), outputs, "body", graph, "num_scan_inputs", len(sources), "scan_input_axes", sourceAxes, "scan_output_axes", resultAxes)
}

// apart parts the boxes that hang on something moving from those that do not.
func apart(body *diagram.Diagram, moving map[*diagram.Wire]bool) (still, turning []*diagram.Box) {
	for _, b := range body.Boxes {
		if !slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return moving[w] }) {
			still = append(still, b)
			continue
		}
		turning = append(turning, b)
		for _, w := range b.Out {
			moving[w] = true
		}
	}
	return still, turning
}

// start is the value that a state starts at.
func (g *graph) start(s *diagram.State, moving map[*diagram.Wire]bool) string {
	if s.Start == nil {
		return g.add("Expand", []string{g.real(s.Init), g.sizes(sizesOf(s.In.Type.Axes))})
	}
	if moving[s.Start] || len(s.Start.Type.Axes) != len(s.In.Type.Axes) {
		g.Refuse(s.Span, export.NotExportable, "what state `"+s.Path+"` starts at is another in each turn", "set the size of the scanned axis: --set")
		return g.real(0)
	}
	return g.value(s.Start)
}

// handed is a result of a body under a name of its own, for one value may be several.
func (g *graph) handed(w *diagram.Wire) *onnx.Value {
	v := g.value(w)
	out := g.name(v)
	g.node("Identity", []string{v}, []string{out})
	return typed(out, w.Type)
}
