package circuit

import (
	"ncd/compiler/diagram"
)

// arranged is the sheet of a diagram. The order of a copied array's copies is
// turned, one array after another, where that leaves less to cross.
func arranged(d *diagram.Diagram, depth int, cost *Cost) (*sheet, error) {
	turned := map[int]bool{}
	best, err := arrangeTurned(d, depth, cost, turned)
	if err != nil {
		return nil, err
	}
	for i := 0; i < min(best.copies, maxTurned) && best.crossed > 0; i++ {
		turned[i] = true
		s, err := arrangeTurned(d, depth, cost, turned)
		if err == nil && s.crossed < best.crossed {
			best = s
			continue
		}
		delete(turned, i)
	}
	return best, nil
}

// maxTurned bounds how many copies are tried the other way up.
const maxTurned = 48

func arrangeTurned(d *diagram.Diagram, depth int, cost *Cost, turned map[int]bool) (*sheet, error) {
	steps, inputs, err := flatten(d, depth, cost, turned)
	if err != nil {
		return nil, err
	}
	s, err := arrange(steps, inputs)
	if err != nil {
		return nil, err
	}
	for _, step := range steps {
		if _, ok := step.glyph.(copying); ok {
			s.copies++
		}
	}
	return s, nil
}

// turns counts the pairs of lanes of different strands that a crossing turns
// round.
func turns(s *step, order []int) int {
	n := 0
	for o, i := range order {
		for _, later := range order[o+1:] {
			if later < i {
				n += len(s.in[i].axes) * len(s.in[later].axes)
			}
		}
	}
	return n
}
