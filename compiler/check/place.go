package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// degreeBut are the axes of a wire but those at some places.
func degreeBut(w *diagram.Wire, but []int) shape.Shape {
	degree := shape.Shape{}
	for i, a := range w.Type.Axes {
		if !slices.Contains(but, i) {
			degree = append(degree, a)
		}
	}
	return degree
}

func picked(w *diagram.Wire, at []int) shape.Shape {
	axes := shape.Shape{}
	for _, i := range at {
		axes = append(axes, w.Type.Axes[i])
	}
	return axes
}

// placed puts made axes where the first axis that was taken stood, and leaves the
// others where they are. It returns the axes with their index in the weave.
func placed(w *diagram.Wire, taken []int, made shape.Shape, firstMade int) (shape.Shape, []diagram.Affine) {
	axes, port := shape.Shape{}, []diagram.Affine{}
	first := len(w.Type.Axes)
	if len(taken) > 0 {
		first = slices.Min(taken)
	}
	put := func() {
		for j, a := range made {
			axes, port = append(axes, a), append(port, diagram.At(firstMade+j))
		}
	}
	lifted := 0
	for i, a := range w.Type.Axes {
		if i == first {
			put()
		}
		if !slices.Contains(taken, i) {
			axes, port = append(axes, a), append(port, diagram.At(lifted))
			lifted++
		}
	}
	if first == len(w.Type.Axes) {
		put()
	}
	return axes, port
}

// holdFree holds that axes which a box makes are not left over on its wire.
func (a *application) holdFree(w *diagram.Wire, taken []int, made shape.Shape) bool {
	for j, axis := range made {
		if i := w.Type.Axes.Index(axis.Label); i >= 0 && !slices.Contains(taken, i) {
			d := a.fault(AxisCapture, a.at.span, "axis `%s` is free in the argument but also made by `%s`", axis.Label, a.made.name)
			d.Help = append(d.Help, "rename it first: `["+axis.Label+" -> "+axis.Label+"']`")
			return false
		}
		if made.Index(axis.Label) < j {
			a.fault(AxisTwice, a.at.span, "axis `%s` twice on one wire", axis.Label)
			return false
		}
	}
	return true
}

// inPort is the weave of a wire whose taken axes are the box's own.
func inPort(w *diagram.Wire, taken []int, degree int) []diagram.Affine {
	port := []diagram.Affine{}
	lifted := 0
	for i := range w.Type.Axes {
		if at := slices.Index(taken, i); at >= 0 {
			port = append(port, diagram.At(degree+at))
		} else {
			port = append(port, diagram.At(lifted))
			lifted++
		}
	}
	return port
}

// put adds the box of the application.
func (a *application) put(op diagram.Op, name string, weave diagram.Weave, in []*diagram.Wire, out *diagram.Wire) value {
	if out.Span.IsZero() {
		out.Span = a.at.span
	}
	a.add(&diagram.Box{Op: op, In: in, Out: []*diagram.Wire{out}, Weave: weave, Name: name, Span: a.at.span})
	for _, axis := range out.Type.Axes {
		a.setOrigin(out, axis.Label, a.at.span)
	}
	return wire{out}
}
