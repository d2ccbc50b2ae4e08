package circuit

import (
	"ncd/compiler/diagram"
)

// glyphOf chooses the sign of a step's box, and whether its strands must lie in
// the order of its ports.
func glyphOf(s *step) (g glyph, ordered bool) {
	switch op := s.box.Op.(type) {
	case diagram.Contract, diagram.Sum:
		return contractGlyph(s.box), false
	case diagram.View:
		if way, ok := memoryWay(s.box); ok {
			return remembering{loads: way == "load"}, true
		}
		return viewGlyph(s.box, op), true
	case diagram.Map:
		return mapGlyph(s, op)
	case diagram.Softmax:
		return triangle{}, true
	case diagram.Reduce:
		return reduction{op.Fn}, true
	case diagram.Linear:
		return linearGlyph(s.box, op), true
	case diagram.Scale:
		return scaleGlyph(op), true
	case diagram.Push, diagram.Pull, diagram.Ahead, diagram.Gradient:
		return transport{}, true
	case diagram.Learned, diagram.Random, diagram.Constant, diagram.Places:
		return origin{}, true
	case diagram.Detach:
		return detached{}, true
	case diagram.Composite:
		return compositeGlyph(s.box, op), true
	case diagram.Repeat:
		return closedBox{solid: true}, true
	case diagram.Scan:
		return closedBox{solid: true, recurs: true}, true
	}
	return closedBox{}, true
}

// contractGlyph is a join where each axis follows one index, else windows.
func contractGlyph(b *diagram.Box) glyph {
	for i, port := range b.Weave.In {
		if len(b.In[i].Type.Axes) > 0 && shapeOfMap(port) != follows {
			if shapeOfMap(port) == mixes && len(b.In) == 1 {
				return windowing{}
			}
			return closedBox{}
		}
	}
	_, contract := b.Op.(diagram.Contract)
	return &join{strict: contract}
}

// linearGlyph is a bold letter: that of the array, where it is fixed by a learning rule.
func linearGlyph(b *diagram.Box, op diagram.Linear) glyph {
	if b.Kind == FixedKind {
		return learned{symbol: b.Name, unnamed: true}
	}
	return learned{symbol: "L", bias: op.Bias != nil}
}

func scaleGlyph(op diagram.Scale) glyph {
	if op.Adds {
		return learned{symbol: "+"}
	}
	return learned{symbol: `\ast `}
}

// mapGlyph is an arrow above the wires for a function of one array, and a join
// for one of several.
func mapGlyph(s *step, op diagram.Map) (glyph, bool) {
	arrays := len(s.ports)
	if len(s.box.Out) != 1 {
		return closedBox{}, true
	}
	switch arrays {
	case 0:
		return origin{}, true
	case 1:
		return elementwise{op: op}, true
	}
	fn := op.Sole()
	return &join{sign: joinSign(op, s)}, fn != diagram.FnAdd && fn != diagram.FnMul
}

// viewGlyph is a crossing where each axis follows one index, a bar where axes
// merge or split, a pentagon where a place is picked, a trapezoid for windows, and
// else a box.
func viewGlyph(b *diagram.Box, op diagram.View) glyph {
	in, out := shapeOfMap(b.Weave.In[0]), shapeOfMap(b.Weave.Out[0])
	switch {
	case in == picks && out == follows:
		return pick{}
	case op.Name == "merge" && in == follows, op.Name == "split" && out == follows:
		return bar{}
	case in == follows && out == follows:
		return &join{strict: true}
	case op.Name == "window":
		return windowing{}
	case op.Name == "unwindow":
		return windowing{transposed: true}
	}
	return closedBox{}
}

// mapShape is what a wire's maps look like.
type mapShape int

const (
	follows mapShape = iota // each axis one index
	picks                   // some axes are at a fixed place
	mixes                   // some axes follow several indices, or with strides
)

func shapeOfMap(port []diagram.Affine) mapShape {
	shape := follows
	for _, a := range port {
		if _, ok := a.Sole(); ok {
			continue
		}
		if len(a.Terms) > 0 {
			return mixes
		}
		shape = picks
	}
	return shape
}
