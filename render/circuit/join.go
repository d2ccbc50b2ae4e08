package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// join draws what brings arrays together lane by lane: index equations, sums,
// arithmetic, rearrangements. A lane that several inputs have goes on from a
// dot; two that are summed together bend into a cup; one that is summed alone
// ends in a dot.
type join struct {
	strict bool    // the result's axes lie in its own order, as the author wrote them
	sign   string  // written above, for arithmetic
	bar    *letter // concatenated: its lanes run into a bar
	slots  []slot
}

func (g *join) settle(s *step) {
	in := s.inLetters()
	made := axesOf(s.out[0].wire)
	names := letters(s.box.Weave.Out[0], made)
	fixed, units := g.sort(in, names)
	g.slots = weaving{slices.Concat(in...), wantedTogether(s)}.place(fixed, units)
	if hasLifts := slices.ContainsFunc(g.slots, func(s slot) bool { return s.role == goesOn && s.letter != unitLetter }); hasLifts && !contains(in, unitLetter) {
		g.slots = slices.DeleteFunc(g.slots, func(s slot) bool { return s.letter == unitLetter })
	}
	out := s.out[0]
	out.axes = nil
	for i, slot := range g.slots {
		if slot.role == goesOn || g.firstArm(i) {
			out.axes = append(out.axes, joined(s, in, slot.letter, made, names))
		}
	}
	if lone := len(out.axes) == 1 && out.axes[0].kind == unitAxis; lone && !contains(in, unitLetter) {
		g.slots = withNumber(g.slots)
	}
}

// sort parts the letters into those whose order is fixed and those that may go
// anywhere.
func (g *join) sort(in [][]letter, names []letter) (fixed []slot, units [][]slot) {
	settled := names
	if !g.strict {
		settled = in[0]
	}
	for _, l := range settled {
		if slices.Contains(names, l) || isLift(l) && contains(in, l) {
			fixed = append(fixed, g.unitFor(l, in, true)...)
		}
	}
	placed := map[letter]bool{}
	for _, s := range fixed {
		placed[s.letter] = true
	}
	for _, l := range slices.Concat(append(slices.Clone(in), names)...) {
		if placed[l] {
			continue
		}
		placed[l] = true
		units = append(units, g.unitFor(l, in, slices.Contains(names, l) || isLift(l)))
	}
	return fixed, units
}

func isLift(l letter) bool { return l < 0 && l > unitLetter }

// unitFor are the slots of a letter, which stay together.
func (g *join) unitFor(l letter, in [][]letter, goes bool) []slot {
	switch {
	case g.bar != nil && *g.bar == l:
		return slices.Repeat([]slot{{l, barArm}}, countOf(l, in))
	case goes:
		return []slot{{letter: l}}
	case countOf(l, in) > 1:
		return []slot{{l, cupTop}, {l, cupFoot}}
	}
	return []slot{{l, ends}}
}

// joined is the lane of a letter in the result.
func joined(s *step, in [][]letter, l letter, made []axis, names []letter) axis {
	var before *axis
	for i, ls := range in {
		if j := slices.Index(ls, l); j >= 0 && before == nil {
			before = &s.in[i].axes[j]
		}
	}
	j := slices.Index(names, l)
	switch {
	case j < 0:
		return stale(*before)
	case before == nil:
		return made[j]
	case isRenamed(s, *before, made[j]), !before.size.Equal(made[j].size) && before.kind == ownAxis:
		return made[j]
	}
	return goOn(*before, made[j])
}

// isRenamed reports whether the step is there to give a lane another name.
func isRenamed(s *step, before, after axis) bool {
	_, view := s.box.Op.(diagram.View)
	return view && before.kind == ownAxis && before.at < len(s.in[0].wire.Type.Axes) &&
		s.in[0].wire.Type.Axes[before.at].Label != after.label
}

func (g *join) middle(s *step) middle {
	in := s.inLetters()
	m := middle{in: ties(in), out: ties(s.outLetters())}
	for _, slot := range g.slots {
		m.lanes = append(m.lanes, g.room(s, slot))
	}
	g.tieArms(m.in, in)
	lane := 0
	for at, slot := range g.slots {
		if slot.role == goesOn || slot.role == leaves || slot.role == endsInNumber || g.firstArm(at) {
			m.out[0][lane] = tie{at, weightRun}
			lane++
		}
	}
	if g.mark(s) != "" && len(m.lanes) > 0 {
		m.lanes[0].above = g.markLift() + 2
	}
	return m
}

// tieArms ties every input lane to its slot. Of lanes that meet, the one that
// climbs least is to stay level.
func (g *join) tieArms(arms [][]tie, in [][]letter) {
	levelest := map[letter]*tie{}
	climb, seen := map[letter]int{}, map[letter]int{}
	n := 0
	for i, ls := range in {
		for j, l := range ls {
			_, again := climb[l]
			at := slotOf(g.slots, l, seen[l])
			seen[l]++
			arms[i][j] = tie{at, g.weight(at, in)}
			if c := max(at-n, n-at); !again || c < climb[l] {
				levelest[l], climb[l] = &arms[i][j], c
			}
			n++
		}
	}
	for _, t := range levelest {
		if t.weight == weightMeet {
			t.weight = weightRun
		}
	}
}

// weight keeps a lane of one input level before lanes that meet, and those
// before arms that end.
func (g *join) weight(at int, in [][]letter) int {
	switch {
	case g.slots[at].role != goesOn:
		return weightArm
	case countOf(g.slots[at].letter, in) > 1:
		return weightMeet
	}
	return weightRun
}

func countOf(l letter, in [][]letter) int {
	n := 0
	for _, ls := range in {
		for _, m := range ls {
			if m == l {
				n++
			}
		}
	}
	return n
}

func (g *join) room(s *step, slot slot) room {
	switch slot.role {
	case cupTop:
		if g.factor(s) != "" {
			return room{2.9, leastCup}
		}
		return room{wireRoom, leastCup}
	case cupFoot:
		return room{leastCup, wireRoom}
	case ends, endsInNumber:
		return room{2.6, wireRoom}
	case leaves:
		return room{0, 0}
	case barArm:
		return room{barReach + signRoom, barReach}
	}
	return room{wireRoom, wireRoom}
}

func (g *join) width(f *frame) (left, right float64) {
	if g.hasCup() {
		return 0.3, maxCup + g.arrowWidth(f.step)
	}
	half := widthOf(g.mark(f.step), scene.Math, markSize) / 2
	return max(0.3, half), max(1, half)
}

func (g *join) hasCup() bool {
	return slices.ContainsFunc(g.slots, func(s slot) bool { return s.role == cupTop })
}

const markSize = labelSize + 0.4

// mark stands above the lanes: the sign of arithmetic, or else the number that all is
// multiplied by, where no cup has an arrow for it.
func (g *join) mark(s *step) string {
	switch {
	case g.bar != nil:
		return ""
	case g.sign == "" && !g.hasCup():
		return factorText(s)
	}
	return g.sign
}

// markLift is how far above the first lane the mark stands: over the sign of a sum, if
// there is one.
func (g *join) markLift() float64 {
	if role := g.slots[0].role; role == ends || role == endsInNumber {
		return 4.4
	}
	return 2.2
}

func (g *join) draw(f *frame) {
	if !g.hasCup() { // the mark stands above the dots
		f.meet = f.middle
	}
	f.pass(func(lane int) bool { return g.slots[lane].role == goesOn })
	for at, slot := range g.slots {
		switch slot.role {
		case cupTop:
			g.cup(f, at)
		case ends, endsInNumber:
			g.end(f, at)
		case goesOn:
			g.start(f, at)
		case leaves:
			g.leave(f, at)
		case barArm:
			g.arm(f, at)
		}
	}
	if mark := g.mark(f.step); mark != "" && len(g.slots) > 0 {
		f.centered(f.step.about(), mark, scene.Math, markSize, scene.Point{X: f.middle, Y: f.yMid[0] - g.markLift()})
	}
}

// start begins a lane that no input has: what is spread.
func (g *join) start(f *frame, at int) {
	for j, t := range f.mid.out[0] {
		if t.lane == at && f.out[0][j] == nil {
			f.begin(0, j, f.middle)
			f.signs = append(f.signs, &scene.Dot{About: f.step.about(), Kind: "spread", Open: true,
				Center: scene.Point{X: f.middle, Y: f.yMid[at]}, Radius: dotRadius})
		}
	}
}

// arms are the inputs tied to a lane.
func (f *frame) arms(lane int) (arms [][2]int) {
	for i, ties := range f.mid.in {
		for j, t := range ties {
			if t.lane == lane {
				arms = append(arms, [2]int{i, j})
			}
		}
	}
	return arms
}

// reach carries an input to a height at the middle.
func (f *frame) reach(arm [2]int, y float64) *track {
	t := f.in[arm[0]][arm[1]]
	t.line(f.x0, f.yIn[arm[0]][arm[1]])
	t.swerve(f.x1, y)
	t.line(f.middle, y)
	return t
}

// end sums a lane away.
func (g *join) end(f *frame, at int) {
	for _, arm := range f.arms(at) {
		t := f.reach(arm, f.yMid[at])
		f.dot(t.wire.About, "sum", f.middle, f.yMid[at])
		if f.step.in[arm[0]].axes[arm[1]].kind != unitAxis {
			f.text(f.step.about(), `\Sigma`, scene.Math, 2.2, f.middle-0.8, f.yMid[at]-dotRadius-0.3)
		}
	}
	if g.slots[at].role == endsInNumber {
		f.begin(0, 0, f.middle)
	}
}

// changesNothing reports whether the step hands on the lanes as they lie, so
// that there is nothing to draw: a rearrangement into the order drawn anyway, or
// a name for a wire that is labelled elsewhere.
func (g *join) changesNothing(s *step) bool {
	if _, view := s.box.Op.(diagram.View); !view {
		return false
	}
	g.settle(s)
	in, out := s.in[0].axes, s.out[0].axes
	if len(in) != len(out) {
		return false
	}
	lanes := s.inLetters()[0]
	for i, slot := range g.slots {
		if slot.role != goesOn || slot.letter != lanes[i] || out[i].fresh && in[i].fresh && !s.in[0].branch {
			return false
		}
	}
	return true
}
