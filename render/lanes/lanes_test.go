package lanes

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

var solvers = map[string]Solver{"graphviz": Graphviz{}, "greedy": Greedy{}, "tidiest": Tidiest{}}

func rank(gaps ...float64) []Lane {
	lanes := make([]Lane, len(gaps))
	for i, g := range gaps {
		lanes[i].Gap = g
	}
	return lanes
}

// Two lanes run on; a third ends between them, so that they may close up or
// stay level: level costs nothing.
func TestWiresStayLevel(t *testing.T) {
	p := &Problem{
		Ranks: [][]Lane{rank(0, 4, 4), rank(0, 4), rank(0, 4)},
		Links: []Link{{0, 0, 0, 4}, {0, 2, 1, 4}, {1, 0, 0, 4}, {1, 1, 1, 4}},
	}
	for name, s := range solvers {
		h, err := s.Solve(p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := h.Slope(p); got != 0 {
			t.Errorf("%s: slope %v, want 0: %v", name, got, h)
		}
	}
}

// A crossing cannot be level; the weightier of the two wires is.
func TestCrossingBendsTheLighter(t *testing.T) {
	p := &Problem{
		Ranks: [][]Lane{rank(0, 4), rank(0, 4)},
		Links: []Link{{0, 0, 1, 8}, {0, 1, 0, 2}},
	}
	for name, s := range solvers {
		h, err := s.Solve(p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := h.Slope(p); math.Abs(got-16) > 0.5 {
			t.Errorf("%s: slope %v, want 16: %v", name, got, h)
		}
	}
}

// The tidiest answer bends no more than either.
func TestTidiest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := problems(t)
		best, err := Tidiest{}.Solve(p)
		if err != nil {
			t.Fatal(err)
		}
		for name, s := range solvers {
			if h, err := s.Solve(p); err != nil || h.bent(p) < best.bent(p) {
				t.Fatalf("%s bends less than the tidiest: %v", name, err)
			}
		}
	})
}

// A problem too large for Graphviz is solved all the same.
func TestTooManyLanesForGraphviz(t *testing.T) {
	p := &Problem{Ranks: [][]Lane{make([]Lane, maxNodes), make([]Lane, maxNodes)}}
	for i := range maxNodes {
		p.Ranks[0][i].Gap, p.Ranks[1][i].Gap = 4, 4
		p.Links = append(p.Links, Link{Rank: 0, From: i, To: i, Weight: 1})
	}
	if _, err := (Graphviz{}).Solve(p); err == nil {
		t.Error("Graphviz took more lanes than it should")
	}
	h, err := Tidiest{}.Solve(p)
	if err != nil || h.Slope(p) != 0 {
		t.Errorf("got %v, want level lanes", err)
	}
}

func TestBadProblems(t *testing.T) {
	cases := map[string]*Problem{
		"a rank too many": {Ranks: [][]Lane{rank(0)}, Links: []Link{{0, 0, 0, 1}}},
		"a lane too many": {Ranks: [][]Lane{rank(0), rank(0)}, Links: []Link{{0, 0, 1, 1}}},
		"no weight":       {Ranks: [][]Lane{rank(0), rank(0)}, Links: []Link{{0, 0, 0, 0}}},
	}
	for name, p := range cases {
		for solver, s := range solvers {
			if _, err := s.Solve(p); err == nil {
				t.Errorf("%s: %s solved it", name, solver)
			}
		}
	}
}

// problems draws ranks of lanes with links that do not always keep the order.
func problems(t *rapid.T) *Problem {
	p := &Problem{}
	for range rapid.IntRange(1, 6).Draw(t, "ranks") {
		gaps := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 4, 4.2, 6.5}), 1, 6).Draw(t, "gaps")
		p.Ranks = append(p.Ranks, rank(gaps...))
	}
	for r := range len(p.Ranks) - 1 {
		for range rapid.IntRange(0, 5).Draw(t, "links") {
			p.Links = append(p.Links, Link{
				Rank: r, Weight: rapid.IntRange(1, 8).Draw(t, "weight"),
				From: rapid.IntRange(0, len(p.Ranks[r])-1).Draw(t, "from"),
				To:   rapid.IntRange(0, len(p.Ranks[r+1])-1).Draw(t, "to"),
			})
		}
	}
	return p
}

func TestGapsHoldAndAnswersRepeat(t *testing.T) {
	for name, s := range solvers {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := problems(t)
				h, err := s.Solve(p)
				if err != nil {
					t.Fatal(err)
				}
				for r, rank := range p.Ranks {
					for i := 1; i < len(rank); i++ {
						if d := h[r][i] - h[r][i-1]; d < rank[i].Gap-1e-9 {
							t.Fatalf("rank %d: lanes %d and %d are %v apart, want %v", r, i-1, i, d, rank[i].Gap)
						}
					}
				}
				if again, _ := s.Solve(p); !reflect.DeepEqual(h, again) {
					t.Fatalf("solved twice: %v and %v", h, again)
				}
			})
		})
	}
}
