package onnx

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/internal/export"
)

// boxes writes the boxes of a diagram in order. A view is written when it is first
// read, for a convolution, a pooling or a concatenation may take it over.
func (g *graph) boxes(d *diagram.Diagram) {
	for _, b := range d.Boxes {
		for _, w := range b.Out {
			g.makers[w] = b
		}
		if _, isView := b.Op.(diagram.Contract); isView && len(b.In) == 1 {
			g.lazy[b.Out[0]] = b
			continue
		}
		g.write(b)
	}
}

// value is the value of a wire.
func (g *graph) value(w *diagram.Wire) string {
	for at := g; at != nil; at = at.parent {
		if v, ok := at.wires[w]; ok {
			return v
		}
		if b, ok := at.lazy[w]; ok {
			box := at.box
			at.write(b)
			at.box = box
			return at.wires[w]
		}
	}
	panic("onnx: a wire is read before it is made")
}

func (g *graph) write(b *diagram.Box) {
	g.box = b
	switch op := b.Op.(type) {
	case diagram.Contract:
		g.contract(b)
	case diagram.Map:
		g.mapped(b, op)
	case diagram.Reduce:
		g.reduced(b, op)
	case diagram.Softmax:
		g.softmax(b, op)
	case diagram.Take:
		g.take(b)
	case diagram.Put:
		g.put(b)
	case diagram.OneHot:
		g.oneHot(b)
	case diagram.Places, diagram.Constant:
		g.spreadSource(b)
	case diagram.Detach:
		g.wires[b.Out[0]] = g.value(b.In[0])
	case diagram.Learned:
	case diagram.Scan:
		g.scan(b, op)
	case diagram.Random:
		g.refuse(b, "`"+b.Op.Kind()+"` draws by chance, and a model for inference is the same on every run")
	default:
		g.refuse(b, "ONNX has no operator for `"+b.Op.Kind()+"`")
	}
}

// refuse has a box refused, and goes on with zeros in the place of its results.
func (g *graph) refuse(b *diagram.Box, message string) {
	g.Refuse(b.Span, export.NotExportable, message)
	for _, w := range b.Out {
		g.wires[w] = g.real(0)
	}
}

// reductions are the operators that take one number from many.
var reductions = map[string]string{
	"max": "ReduceMax", "min": "ReduceMin", "product": "ReduceProd", "logsumexp": "ReduceLogSumExp", "argmax": "ArgMax", "argmin": "ArgMin",
}

func (g *graph) reduced(b *diagram.Box, op diagram.Reduce) {
	if op.Fn == "max" && g.pooled(b) {
		return
	}
	s := spaceOf(b)
	a := g.gathered(s, b.In[0], b.Weave.In[0])
	out := s.indicesOf(b.Weave.Out[0])
	var own []int
	for _, index := range a.along {
		if !slices.Contains(out, index) {
			own = append(own, index)
		}
	}
	switch {
	case op.Fn == "argmax" || op.Fn == "argmin":
		axis := slices.Index(a.along, own[0])
		v := g.add(reductions[op.Fn], []string{a.value}, "axis", axis, "keepdims", 0)
		a = array{v, slices.Delete(slices.Clone(a.along), axis, axis+1)}
	case reductions[op.Fn] != "":
		a = g.summed(a, own, reductions[op.Fn])
	default:
		g.refuse(b, "ONNX has no operator for `"+op.Fn+"`")
		return
	}
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, a, out), b.Out[0], b.Weave.Out[0])
}

// softmax normalises over one axis; several become one for the while. A row with
// nothing left gives zeros, where a mask can leave such a row.
func (g *graph) softmax(b *diagram.Box, op diagram.Softmax) {
	s := spaceOf(b)
	n := len(b.Weave.Degree)
	a := g.gathered(s, b.In[0], b.Weave.In[0])
	out := s.indicesOf(b.Weave.Out[0])
	order := slices.Clone(out)
	axis := slices.IndexFunc(order, func(i int) bool { return i >= n })
	var own []int
	if len(b.Weave.Own) > 1 {
		own = slices.DeleteFunc(slices.Clone(out), func(i int) bool { return i < n })
		order = append(slices.DeleteFunc(order, func(i int) bool { return i >= n }), own...)
		axis = len(order) - len(own)
	}
	a = g.spread(s, a, order)
	sizes := s.sizes(order)
	v := a.value
	joined := sizes
	if len(own) > 1 {
		joined = append(slices.Clone(sizes[:axis]), b.Weave.Own.Places())
		v = g.reshape(v, sizes, joined)
	}
	v = g.normalised(v, axis, op.Log, g.isMasked(b.In[0]))
	v = g.reshape(v, joined, sizes)
	g.wires[b.Out[0]] = g.scattered(s, g.ordered(array{v, order}, out), b.Out[0], b.Weave.Out[0])
}

func (g *graph) normalised(v string, axis int, isLog, isMasked bool) string {
	op := "Softmax"
	if isLog {
		op = "LogSoftmax"
	}
	made := g.add(op, []string{v}, "axis", axis)
	if !isMasked {
		return made
	}
	largest := g.add("ReduceMax", []string{v, g.ints(int64(axis))}, "keepdims", 1)
	isEmpty := g.add("IsInf", []string{largest}, "detect_positive", 0)
	return g.add("Where", []string{isEmpty, g.real(0), made})
}

// isMasked reports whether a wire may hold minus infinity by the program's own word.
func (g *graph) isMasked(w *diagram.Wire) bool {
	b := g.makers[w]
	if b == nil {
		return false
	}
	op, isMap := b.Op.(diagram.Map)
	if !isMap {
		return slices.ContainsFunc(b.In, g.isMasked) && len(b.In) == 1
	}
	if g.isCausal(b, op) {
		return false
	}
	return slices.ContainsFunc(op.Program, func(in diagram.Instr) bool {
		x, known := in.Value.Float()
		return in.Fn == diagram.FnConstant && known && x < -1e38
	})
}

// isCausal reports whether a program takes away what lies ahead, and nothing else: each
// row then keeps its first place.
func (g *graph) isCausal(b *diagram.Box, op diagram.Map) bool {
	var kinds []string
	for _, in := range op.Program {
		if in.Fn != diagram.FnConstant {
			kinds = append(kinds, string(in.Fn))
		}
	}
	if strings.Join(kinds, " ") != "greater sub select" || len(b.In) != 3 {
		return false
	}
	at := slices.IndexFunc(op.Program, func(in diagram.Instr) bool { return in.Fn == diagram.FnGreater })
	for _, register := range op.Program[at].Args {
		if register >= len(b.In) || g.makers[b.In[register]] == nil {
			return false
		}
		if _, counts := g.makers[b.In[register]].Op.(diagram.Places); !counts {
			return false
		}
	}
	return true
}

// spreadSource writes a source: 0, 1, 2 … along the own axis, or one number.
func (g *graph) spreadSource(b *diagram.Box) {
	s := spaceOf(b)
	out := s.indicesOf(b.Weave.Out[0])
	var a array
	if op, ok := b.Op.(diagram.Constant); ok {
		a.value = g.number(op.Value)
	} else {
		own := len(b.Weave.Degree)
		a = array{g.add("Cast", []string{g.counting(s.size(own))}, "to", int(float)), []int{own}}
	}
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, a, out), b.Out[0], b.Weave.Out[0])
}
