package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// rides reports whether an axis may be on wires without being named: the batch, and
// the axes of `each`.
func (e *elaborator) rides(label string) bool { return label == ambient || e.each.Index(label) >= 0 }

// ridersOf are the axes of a wire that ride along and that a list does not name.
func (e *elaborator) ridersOf(w *diagram.Wire, named shape.Shape) shape.Shape {
	riders := shape.Shape{}
	for _, a := range w.Type.Axes {
		if e.rides(a.Label) && named.Index(a.Label) < 0 {
			riders = append(riders, a)
		}
	}
	return riders
}

// withRiders are axes of a state, and those that ride along on what flows in.
func (e *elaborator) withRiders(axes shape.Shape) shape.Shape {
	riders := shape.Shape{}
	for _, w := range e.d.In {
		for _, a := range e.ridersOf(w, slices.Concat(riders, axes)) {
			riders = append(riders, a)
		}
	}
	return slices.Concat(riders, axes)
}

// findRiders lists the axes of the caller that go through the body unnamed: the
// batch where the body asks for it, and those of `each`, which weights hang on.
func (k *call) findRiders() {
	if k.decl.needsBatch() || k.anyNeedsBatch() {
		k.riders = append(k.riders, ambient)
	}
	for _, a := range k.each {
		label := k.hygienic(a.Label)
		k.riders = append(k.riders, a.Label)
		k.inner.each = append(k.inner.each, shape.Axis{Label: label, Size: a.Size})
		k.outside[label] = a.Label
	}
}

func (k *call) anyNeedsBatch() bool {
	for _, v := range k.words.values {
		if needsBatch(v) {
			return true
		}
	}
	return false
}

// riderInside is what an axis that rides along is called in the body.
func (k *call) riderInside(label string) string {
	if label == ambient {
		return ambient
	}
	return k.hygienic(label)
}

// bindRiders lets axes go through that neither the port nor the call names.
func (k *call) bindRiders(b *binder) bool {
	for i, a := range b.wire.Type.Axes {
		if b.takes[i] == nil && slices.Contains(k.riders, a.Label) && !k.take(b, i, k.riderInside(a.Label)) {
			return false
		}
	}
	return true
}

// ridden are the axes of a port's wire in the body that only ride along.
func (k *call) ridden(b *binder) shape.Shape {
	axes := shape.Shape{}
	for i, a := range b.wire.Type.Axes {
		isNamed := slices.ContainsFunc(b.port.axes, func(s *axisSpec) bool {
			return b.takes[i] != nil && (s.name == b.takes[i].Label || s.many && k.inner.groups[s.name].Index(b.takes[i].Label) >= 0)
		})
		if b.takes[i] != nil && !isNamed && slices.Contains(k.riders, a.Label) {
			axes = append(axes, *b.takes[i])
		}
	}
	return axes
}
