package circuit

import (
	"math"
	"slices"

	"ncd/render/scene"
)

// withNumber lets a lone number leave from the middle of the first cup, or else
// from the first lane that ends.
func withNumber(slots []slot) []slot {
	slots = slices.DeleteFunc(slots, func(s slot) bool { return s.letter == unitLetter })
	at := slices.IndexFunc(slots, func(s slot) bool { return s.role == cupTop })
	if at >= 0 {
		return slices.Insert(slots, at+1, slot{unitLetter, leaves})
	}
	at = slices.IndexFunc(slots, func(s slot) bool { return s.role == ends })
	if at < 0 {
		return append(slots, slot{letter: unitLetter})
	}
	slots[at].role = endsInNumber
	return slots
}

const leastCup = 1.7 // radius, mm

// factor is the number that a cup's arrow is scaled by.
func (g *join) factor(s *step) string {
	if g.sign != "" {
		return ""
	}
	return factorText(s)
}

func (g *join) arrowWidth(s *step) float64 {
	return 2.6 + widthOf(g.factor(s), scene.Math, labelSize)
}

// leave begins the lane of a lone number at the tip of its cup.
func (g *join) leave(f *frame, at int) {
	top, foot := f.yMid[at-1], f.yMid[g.foot(at-1)]
	t := f.newTrack(f.step.about(), scene.Point{X: f.middle + (foot-top)/2, Y: f.yMid[at]})
	f.depart(t, 0, 0)
}

// foot is the lane of the foot of the cup whose top is at a lane.
func (g *join) foot(top int) int {
	for i := top + 1; i < len(g.slots); i++ {
		if g.slots[i] == (slot{g.slots[top].letter, cupFoot}) {
			return i
		}
	}
	return top
}

// cup bends the arms of a letter into each other and lets an arrow go.
func (g *join) cup(f *frame, at int) {
	foot := g.foot(at)
	upper, lower := f.yMid[at], f.yMid[foot]
	upperArm := f.reach(f.arms(at)[0], upper)
	for i, arm := range f.arms(foot) {
		f.reach(arm, lower)
		if i > 0 {
			f.dot(upperArm.wire.About, "diagonal", f.middle, lower)
		}
	}
	upperArm.wire.Path = upperArm.wire.Path.Cup(scene.Point{X: f.middle, Y: lower})
	g.arrow(f, f.middle+(lower-upper)/2, (upper+lower)/2, at)
}

// tighten brings the arms of a wide cup closer. An arm that comes level stays
// so.
func (g *join) tighten(f *frame) {
	for at, slot := range g.slots {
		foot := g.foot(at)
		if slot.role != cupTop || f.yMid[foot]-f.yMid[at] <= 2*maxCup {
			continue
		}
		top, arm := f.arms(at)[0], f.arms(foot)[0]
		come, leave := f.yIn[top[0]][top[1]], f.yIn[arm[0]][arm[1]]
		switch {
		case math.Abs(come-f.yMid[at]) <= level:
			f.yMid[foot] = f.yMid[at] + 2*maxCup
		case math.Abs(leave-f.yMid[foot]) <= level:
			f.yMid[at] = f.yMid[foot] - 2*maxCup
		default:
			middle := (f.yMid[at] + f.yMid[foot]) / 2
			f.yMid[at], f.yMid[foot] = middle-maxCup, middle+maxCup
		}
	}
	for at, slot := range g.slots {
		if slot.role == leaves {
			f.yMid[at] = (f.yMid[at-1] + f.yMid[g.foot(at-1)]) / 2
		}
	}
}

func (g *join) arrow(f *frame, x, y float64, at int) {
	about, text := f.step.about(), ""
	first := slices.IndexFunc(g.slots, func(s slot) bool { return s.role == cupTop })
	length := 2.6
	if at == first {
		text = g.factor(f.step)
		length = g.arrowWidth(f.step)
	}
	f.shaft(about, x, x+length-1, y)
	f.arrowhead(about, x+length, y)
	if text != "" {
		f.text(about, text, scene.Math, labelSize, x+0.6, y-labelLift-0.3)
	}
}
