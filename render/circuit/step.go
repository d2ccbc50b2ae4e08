package circuit

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// step is one operation of the figure: a box, or a copy, a crossing or the
// edge of a fence. It takes strands that lie together and puts others in their
// place.
type step struct {
	box       *diagram.Box            // nil where there is none
	in, out   []*strand               // in the order in which they lie
	ports     []int                   // of each input, its port of the box
	constants map[int]*diagram.Number // ports that are numbers known beforehand
	fences    []*fence                // those it is inside
	cost      float64                 // in the unit of the figure's Cost
	glyph     glyph                   // nil for the edges of a fence
	gate      *fence                  // the fence whose edge this is
	enters    bool                    // of a gate: its left edge
	shares    bool                    // its weights are those of another step, too
	ordered   bool                    // its strands must lie in the order of its ports
}

// glyph draws one kind of step.
type glyph interface {
	// settle gives the step's outputs their lanes, once the inputs have theirs.
	settle(s *step)
	// middle lays out the lanes in the middle of the step's column.
	middle(s *step) middle
	// width is the room the glyph wants left and right of the middle, mm.
	width(f *frame) (left, right float64)
	// draw adds the marks of the glyph and carries the wires through.
	draw(f *frame)
}

// middle is the rank of lanes in the middle of a step, and how the lanes at its
// edges are tied to it.
type middle struct {
	lanes []room
	own   []bool  // of each lane, whether the glyph sits on it; nil: none
	in    [][]tie // for each strand and lane
	out   [][]tie
}

// room is what a lane needs above and below itself, mm.
type room struct{ above, below float64 }

// tie joins a lane at the edge of a step to one in the middle.
type tie struct {
	lane   int // -1: none
	weight int
}

// The weights of links: fences stay rectangles; wires come level into a box, so
// that it is as tall as they lie and no taller; a wire that runs on is kept level
// before those that leave a box, those before what ends in a dot on another wire,
// and those before the arms of a cup.
const (
	weightFence = 40
	weightRun   = 12
	weightInto  = 14
	weightBox   = 8
	weightMeet  = 2
	weightArm   = 1
	weightDash  = 1
)

func (s *step) about() scene.About {
	if s.box == nil {
		return scene.About{}
	}
	return scene.About{Box: boxName(s.box), Path: pathOf(s.fences, s.box), Span: s.box.Span}
}

// pathOf is the names of the boxes around one, and its own.
func pathOf(fences []*fence, b *diagram.Box) string {
	var names []string
	for _, f := range fences {
		names = append(names, boxName(f.box))
	}
	return strings.Join(append(names, boxName(b)), "/")
}

func boxName(b *diagram.Box) string {
	if b.Name != "" {
		return b.Name
	}
	return b.Op.Kind()
}

// inLetters are the letters of the lanes of each input.
func (s *step) inLetters() [][]letter {
	all := make([][]letter, len(s.in))
	for i, in := range s.in {
		all[i] = letters(s.box.Weave.In[s.ports[i]], in.axes)
	}
	return all
}

// outLetters are the letters of the lanes of each output.
func (s *step) outLetters() [][]letter {
	all := make([][]letter, len(s.out))
	for i, out := range s.out {
		all[i] = letters(s.box.Weave.Out[i], out.axes)
	}
	return all
}

// isOwn reports whether a letter is one of the axes the box works on, rather
// than one it is lifted over.
func (s *step) isOwn(l letter) bool {
	switch {
	case l == placeLetter, l == loneLetter:
		return true
	case l == unitLetter:
		return len(s.box.Weave.Own) == 0
	case l < 0:
		return false
	}
	return !s.box.Weave.IsLifted(int(l))
}
