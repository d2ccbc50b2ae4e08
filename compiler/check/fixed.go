package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// fixed makes an array that is drawn once and never changes.
func (e *elaborator) fixed(s *grammar.Fixed) {
	axes, ok := e.fixedAxes(s)
	if !ok {
		e.define(s.Name.Text, poison{}, s.Name.Span())
		return
	}
	init := diagram.Init{Kind: "uniform", Scale: 1}
	if s.Like != nil {
		init = e.rule.weight(e.rule.names.weights[s.Like.Text]).Init
	} else if init, ok = e.drawn(s.Value); !ok {
		e.define(s.Name.Text, poison{}, s.Name.Span())
		return
	}
	weight := &diagram.Weight{Path: s.Name.Text, Axes: axes, Init: init, Frozen: true, Span: s.Span()}
	e.d.Weights = append(e.d.Weights, weight)
	out := &diagram.Wire{Name: s.Name.Text, Type: shape.Type{Axes: axes}, Span: s.Span()}
	weave := diagram.Weave{Own: axes, Out: [][]diagram.Affine{ownPort(len(axes))}}
	e.add(&diagram.Box{Op: diagram.Learned{Weight: weight}, Out: []*diagram.Wire{out}, Weave: weave, Name: s.Name.Text, Span: s.Span()})
	e.define(s.Name.Text, wire{out}, s.Name.Span())
}

func (e *elaborator) fixedAxes(s *grammar.Fixed) (shape.Shape, bool) {
	if s.Like != nil {
		w := e.rule.weight(e.rule.names.weights[s.Like.Text])
		if w == nil {
			e.fault(RuleMismatch, s.Like.Span(), "this layer has no weight `%s`", s.Like.Text)
			return nil, false
		}
		return w.Axes, true
	}
	if s.Axes == nil {
		return shape.Shape{}, true
	}
	axes := shape.Shape{}
	for _, spec := range e.axisSpecs(s.Axes.List) {
		some, _, ok := e.typed([]*axisSpec{spec}, "")
		if !ok {
			return nil, false
		}
		for _, a := range some {
			for axes.Index(a.Label) >= 0 {
				a.Label += "'"
			}
			axes = append(axes, a)
		}
	}
	return axes, true
}

// drawn is how the numbers of a fixed array are drawn: `uniform` from -1 to 1 or
// `normal`, times a number, or a number alone.
func (e *elaborator) drawn(x grammar.Expr) (diagram.Init, bool) {
	switch x := x.(type) {
	case *grammar.Name:
		if x.Text == "uniform" || x.Text == "normal" {
			return diagram.Init{Kind: x.Text, Scale: 1}, true
		}
	case *grammar.Binary:
		if x.Op != "*" && x.Op != "/" {
			break
		}
		init, ok := e.drawn(x.Left)
		scale, okScale := e.drawn(x.Right)
		if !ok || !okScale || scale.Kind != "constant" && (init.Kind != "constant" || x.Op == "/") {
			break
		}
		if init.Kind == "constant" {
			init.Kind = scale.Kind
		}
		if x.Op == "/" {
			init.Scale /= scale.Scale
		} else {
			init.Scale *= scale.Scale
		}
		return init, true
	}
	if s, ok := e.eval(x).(static); ok {
		if n, isNumber := s.number.Float(); isNumber {
			return diagram.Init{Kind: "constant", Scale: n}, true
		}
	}
	e.fault(RuleMismatch, x.Span(), "a fixed array is `uniform`, `normal`, or a number times one of them")
	return diagram.Init{}, false
}
