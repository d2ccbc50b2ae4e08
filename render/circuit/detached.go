package circuit

import "ncd/render/scene"

// detached draws wires along which nothing is sent back: each is broken by a short
// double bar.
type detached struct{}

func (detached) settle(s *step) { settleInPlace(s) }

// breakGap is between the two bars, and breakHalf their reach, mm.
const (
	breakGap  = 0.9
	breakHalf = 1.1
)

func (detached) middle(s *step) middle {
	m := stripOf(s, func(letter) bool { return false })
	for i := range m.lanes {
		m.lanes[i] = room{max(wireRoom, breakHalf+0.2), max(wireRoom, breakHalf+0.2)}
	}
	return m
}

func (detached) width(*frame) (left, right float64) { return breakGap/2 + 0.4, breakGap/2 + 0.4 }

func (detached) draw(f *frame) {
	left, right := f.middle-breakGap/2, f.middle+breakGap/2
	for i, ties := range f.mid.in {
		for j, t := range ties {
			f.arrive(i, j).line(left, f.height(t))
		}
	}
	for o, ties := range f.mid.out {
		for j := range ties {
			f.begin(o, j, right)
		}
	}
	for _, y := range f.yMid {
		for _, x := range []float64{left, right} {
			f.signs = append(f.signs, &scene.Glyph{About: f.step.about(), Kind: "break", Stroke: scene.Ink, Weight: scene.Medium,
				Outline: scene.From(scene.Point{X: x, Y: y - breakHalf}).Line(scene.Point{X: x, Y: y + breakHalf})})
		}
	}
}
