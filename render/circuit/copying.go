package circuit

import "ncd/render/scene"

// copying draws an array that is read several times: each wire branches from a
// dot, and the branches are labelled. Without readers the wires end in open
// dots.
type copying struct{}

func (copying) settle(s *step) {
	for o, out := range s.out {
		out.branch = o > 0
		for _, a := range s.in[0].axes {
			a.fresh = o > 0
			out.axes = append(out.axes, a)
		}
	}
}

func (copying) middle(s *step) middle {
	n := len(s.in[0].axes)
	m := middle{in: [][]tie{make([]tie, n)}}
	for j := range n {
		m.lanes = append(m.lanes, room{wireRoom, wireRoom})
		m.in[0][j] = tie{j, weightRun}
	}
	for o := range s.out {
		m.out = append(m.out, make([]tie, n))
		for j := range n {
			m.out[o][j] = tie{j, weightArm}
			if o == 0 {
				m.out[o][j].weight = weightRun
			}
		}
	}
	return m
}

func (copying) width(*frame) (left, right float64) { return 0, 0 }

func (copying) draw(f *frame) {
	if len(f.out) > 0 {
		f.pass(func(int) bool { return true })
		return
	}
	for j, y := range f.yMid {
		t := f.reach([2]int{0, j}, y)
		f.signs = append(f.signs, &scene.Dot{About: t.wire.About, Kind: "drop", Open: true,
			Center: scene.Point{X: f.middle, Y: y}, Radius: dotRadius})
	}
}
