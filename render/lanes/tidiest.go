package lanes

import "math"

// Tidiest solves with Graphviz, which finds the least slope there is, and with
// Greedy, which often finds as little with fewer wires that bend, and takes the
// answer with the less weight on links that are not level. Where Graphviz gives
// up, it is Greedy's answer.
type Tidiest struct{}

// Solve implements Solver.
func (Tidiest) Solve(p *Problem) (Heights, error) {
	greedy, err := Greedy{}.Solve(p)
	if err != nil {
		return nil, err
	}
	solved, err := Graphviz{}.Solve(p)
	if err != nil || greedy.bent(p) < solved.bent(p) {
		return greedy, nil
	}
	return solved, nil
}

// level is the difference in height that nobody sees, mm.
const level = 0.02

// bent is the weight of the links that are not level.
func (h Heights) bent(p *Problem) int {
	sum := 0
	for _, l := range p.Links {
		if math.Abs(h[l.Rank][l.From]-h[l.Rank+1][l.To]) > level {
			sum += l.Weight
		}
	}
	return sum
}
