package circuit

import (
	"cmp"
	"slices"
)

// crossing changes the order of strands, and at the end of the figure that of
// their axes.
type crossing struct {
	order []int // of each output, the input it is
}

// boundaryOrder is where a lane stands at the edge of the figure.
func boundaryOrder(a axis) int {
	if a.kind == ownAxis {
		return a.at
	}
	return 1 << 20
}

func (g crossing) settle(s *step) {
	for o, i := range g.order {
		if s.out[o] == s.in[i] {
			continue
		}
		for _, a := range s.in[i].axes {
			s.out[o].axes = append(s.out[o].axes, stale(a))
		}
		slices.SortStableFunc(s.out[o].axes, func(a, b axis) int { return cmp.Compare(boundaryOrder(a), boundaryOrder(b)) })
	}
}

func (g crossing) middle(s *step) middle {
	m := middle{in: make([][]tie, len(s.in))}
	for o, i := range g.order {
		m.in[i] = make([]tie, len(s.in[i].axes))
		out := make([]tie, len(s.out[o].axes))
		for j, a := range s.out[o].axes {
			from := 0
			for m.in[i][from].weight > 0 || !s.in[i].axes[from].isSame(a) {
				from++
			}
			m.in[i][from] = tie{len(m.lanes), weightRun}
			out[j] = tie{len(m.lanes), weightRun}
			m.lanes = append(m.lanes, room{wireRoom, wireRoom})
		}
		m.out = append(m.out, out)
	}
	return m
}

// isSame reports whether two lanes are one axis; the lanes of a diagonal that opens
// are alike, and follow in their order.
func (a axis) isSame(b axis) bool { return a.kind == b.kind && a.at == b.at && a.lift == b.lift }

func (crossing) width(*frame) (left, right float64) { return 0, 0 }

func (crossing) draw(f *frame) { f.pass(func(int) bool { return true }) }
