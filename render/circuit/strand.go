package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/scene"
)

// strand is one array on its way from the step that makes it to the one that
// takes it: a segment of the paper's tuples. A wire that is read twice is two
// strands behind a copy.
type strand struct {
	wire   *diagram.Wire
	axes   []axis   // set when the step that makes it is placed
	fences []*fence // those it is inside, outermost first
	origin *strand  // the same strand at the other side of a fence's edge
	reader *step    // takes it, as its input number slot
	slot   int
	branch bool // a further copy of an array that is labelled elsewhere

	nameBehind string // a formula written behind it where it leaves the figure
	ended      bool   // it goes no further than the right edge of its fence
}

// axis is one lane of a strand. Lanes may be drawn in another order than the
// wire's own where nobody asked for one: an axis that is only lifted over may
// lie anywhere.
type axis struct {
	label string
	size  shape.Size
	kind  axisKind
	at    int  // of an ownAxis: which axis of the wire
	lift  int  // of a liftedAxis: which one, counted from 1 through the figure
	fresh bool // to be labelled where the strand begins
	told  int  // the rank where it was labelled last, but for the figure's end
	group bool // stands for any number of axes: drawn double
}

type axisKind int

const (
	ownAxis    axisKind = iota
	liftedAxis          // carried through the composite box it is inside
	placeAxis           // the elements are places along it
	unitAxis            // stands for an array without axes
)

// axesOf are the lanes of a wire in its own order, all to be labelled.
func axesOf(w *diagram.Wire) []axis {
	var axes []axis
	for i, a := range w.Type.Axes {
		axes = append(axes, axis{label: a.Label, size: a.Size, at: i, fresh: true})
	}
	if in := w.Type.In; in != nil {
		axes = append(axes, axis{label: in.Label, size: in.Size, kind: placeAxis, fresh: true})
	}
	return orUnit(axes)
}

// grouped marks the lanes whose labels stand for any number of axes.
func grouped(axes []axis, groups []string) []axis {
	for i := range axes {
		axes[i].group = slices.Contains(groups, axes[i].label)
	}
	return axes
}

// orUnit gives an array without lanes one that stands for it.
func orUnit(axes []axis) []axis {
	if len(axes) == 0 {
		return []axis{{kind: unitAxis}}
	}
	return axes
}

// halfWidth is how far the lane reaches to each side of its middle, mm.
func (a axis) halfWidth() float64 {
	if a.group {
		return scene.DoubleWidth / 2
	}
	return 0
}

// inLoop reports whether the strand is inside a loop.
func (s *strand) inLoop() bool {
	return slices.ContainsFunc(s.fences, func(f *fence) bool { return f.loop() != nil })
}

// letter says which lanes around a step are the same one: the indices of its
// box count from 0, lifted axes from -1 down.
type letter int

const (
	unitLetter  letter = -1 << 20     // the lane of an array without axes
	placeLetter letter = -(1<<20 + 1) // the lane of elements that are places
	loneLetter  letter = -(1<<20 + 2) // a lane that follows no single index
)

func letterOf(port []diagram.Affine, a axis) letter {
	switch a.kind {
	case liftedAxis:
		return letter(-a.lift)
	case placeAxis:
		return placeLetter
	case unitAxis:
		return unitLetter
	}
	if index, ok := port[a.at].Sole(); ok {
		return letter(index)
	}
	return loneLetter
}

func letters(port []diagram.Affine, axes []axis) []letter {
	l := make([]letter, len(axes))
	for i, a := range axes {
		l[i] = letterOf(port, a)
	}
	return l
}

// fence is the ground of a composite box whose inside is shown.
type fence struct {
	box         *diagram.Box
	title       string
	depth       int // how many fences are around it
	motif       int // fences of one title have the same number
	path        string
	left, right int // the ranks between which it stands
	waiting     int // steps inside that are not placed yet
	feeds       []feed
	along       int // of a scan: the number of the lifted axis that it goes along
}
