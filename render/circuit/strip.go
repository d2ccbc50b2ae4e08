package circuit

import "slices"

// stripOf is the layout shared by the glyphs that sit on some lanes and let
// others pass: learned maps, triangles, bars, boxes. It lays out a step in the order of its outputs. The lanes that the box
// takes are set against those it makes, the first against the first.
func stripOf(s *step, isOwn func(letter) bool) middle {
	st := middle{}
	in, out := s.inLetters(), s.outLetters()
	st.in, st.out = ties(in), ties(out)
	passes := map[letter]int{}
	var made []int // lanes of what the box makes
	for o, ls := range out {
		for j, l := range ls {
			passing := !isOwn(l) && l != loneLetter && contains(in, l)
			if at, again := passes[l]; passing && again {
				st.out[o][j] = tie{at, weightBox}
				continue
			}
			lane := st.add(!passing)
			st.out[o][j] = tie{lane, weightBox}
			if passing {
				passes[l] = lane
				st.out[o][j].weight = weightRun
			} else {
				made = append(made, lane)
			}
		}
	}
	st.take(in, isOwn, passes, made)
	return st
}

// take ties the inputs: those that pass to their lanes, the others to the lanes
// of what is made, as far as there are.
func (m *middle) take(in [][]letter, isOwn func(letter) bool, passes map[letter]int, made []int) {
	taken, after := 0, -1
	arrived := map[int]bool{}
	for i, ls := range in {
		for j, l := range ls {
			if at, ok := passes[l]; ok && !isOwn(l) {
				m.in[i][j] = tie{at, weightRun}
				if arrived[at] {
					m.in[i][j].weight = weightArm
				}
				arrived[at], after = true, max(after, at)
				continue
			}
			lane := 0
			if taken < len(made) {
				lane = made[taken]
			} else {
				lane = m.insert(after+1, passes, made)
			}
			taken++
			after = max(after, lane)
			m.in[i][j] = tie{lane, weightInto}
		}
	}
}

// add appends a lane.
func (m *middle) add(own bool) int {
	m.lanes = append(m.lanes, room{wireRoom, wireRoom})
	m.own = append(m.own, own)
	return len(m.lanes) - 1
}

// insert puts an own lane at a place and renumbers what was tied below it.
func (m *middle) insert(at int, passes map[letter]int, made []int) int {
	m.lanes = slices.Insert(m.lanes, at, room{wireRoom, wireRoom})
	m.own = slices.Insert(m.own, at, true)
	shift := func(lane int) int {
		if lane >= at {
			return lane + 1
		}
		return lane
	}
	for _, side := range [][][]tie{m.in, m.out} {
		for _, ties := range side {
			for i := range ties {
				ties[i].lane = shift(ties[i].lane)
			}
		}
	}
	for l, lane := range passes {
		passes[l] = shift(lane)
	}
	for i := range made {
		made[i] = shift(made[i])
	}
	return at
}

// widen gives the outermost own lanes, or all lanes of a glyph without own ones,
// room for a glyph that reaches beyond them.
func (m *middle) widen(above, below float64) {
	first, last := slices.Index(m.own, true), lastIndex(m.own)
	if first < 0 {
		first, last = 0, len(m.lanes)-1
	}
	m.lanes[first].above = max(m.lanes[first].above, above)
	m.lanes[last].below = max(m.lanes[last].below, below)
}

// straddles reports whether wires pass between those that the glyph sits on: its
// text must then stand above them all.
func (m *middle) straddles() bool {
	first, last := slices.Index(m.own, true), lastIndex(m.own)
	return first >= 0 && slices.Contains(m.own[first:last], false)
}

func lastIndex(own []bool) int {
	for i := len(own) - 1; i >= 0; i-- {
		if own[i] {
			return i
		}
	}
	return -1
}

func ties(ls [][]letter) [][]tie {
	all := make([][]tie, len(ls))
	for i := range ls {
		all[i] = make([]tie, len(ls[i]))
		for j := range all[i] {
			all[i][j].lane = -1
		}
	}
	return all
}

func contains(ls [][]letter, l letter) bool {
	return slices.ContainsFunc(ls, func(row []letter) bool { return slices.Contains(row, l) })
}

// drawStrip lets lanes pass and leads the others to and from the glyph's edges.
func (f *frame) drawStrip(left, right float64) {
	own := f.mid.own
	f.pass(func(lane int) bool { return !own[lane] })
	for i, ties := range f.mid.in {
		for j, t := range ties {
			if own[t.lane] {
				f.arrive(i, j).line(left, f.height(t))
			}
		}
	}
	for o, ties := range f.mid.out {
		for j, t := range ties {
			if own[t.lane] {
				f.begin(o, j, right)
			}
		}
	}
}
