// Package lanes decides how high the wires of a figure run. Ranks of lanes,
// each in a fixed order from top to bottom, and links between neighbouring
// ranks go in; a height for every lane comes out, such that gaps hold and
// links are as level as they can be.
//
// It also draws plain graphs of boxes and arrows. It is the only package that
// speaks to Graphviz, which costs some 25 ms when first used: whoever draws
// nothing must not import it. It knows nothing of diagrams and scenes.
//
// The heights are the coordinate assignment of Gansner, Koutsofios, North and
// Vo, "A technique for drawing directed graphs", 1993, section 4.
package lanes

import (
	"fmt"
	"math"
)

// Problem is lanes in ranks, and links between lanes of neighbouring ranks.
type Problem struct {
	Ranks [][]Lane // from left to right; each from top to bottom
	Links []Link
}

// Lane is one place in a rank.
type Lane struct {
	Gap float64 // at least so far below the lane above it, mm; of no meaning for the first
}

// Link wants two lanes to be level: lane From of a rank and lane To of the
// next.
type Link struct {
	Rank     int // of From
	From, To int
	Weight   int // how much a millimetre of slope costs, at least 1
}

// Heights are the places of the lanes, mm downward, by rank and lane. The
// highest is 0.
type Heights [][]float64

// Solver finds heights. The same problem has the same answer each time.
type Solver interface {
	Solve(*Problem) (Heights, error)
}

// check says what is wrong with a problem.
func (p *Problem) check() error {
	for i, l := range p.Links {
		if l.Rank < 0 || l.Rank+1 >= len(p.Ranks) {
			return fmt.Errorf("link %d leaves from rank %d of %d", i, l.Rank, len(p.Ranks))
		}
		if l.From < 0 || l.From >= len(p.Ranks[l.Rank]) || l.To < 0 || l.To >= len(p.Ranks[l.Rank+1]) {
			return fmt.Errorf("link %d joins lanes %d and %d of ranks with %d and %d", i, l.From, l.To, len(p.Ranks[l.Rank]), len(p.Ranks[l.Rank+1]))
		}
		if l.Weight < 1 {
			return fmt.Errorf("link %d has weight %d", i, l.Weight)
		}
	}
	return nil
}

// fromTop shifts the heights so that the highest is 0, and takes the dust of
// adding off them.
func (h Heights) fromTop() Heights {
	top, found := 0.0, false
	for _, rank := range h {
		if len(rank) > 0 && (!found || rank[0] < top) {
			top, found = rank[0], true
		}
	}
	for _, rank := range h {
		for i := range rank {
			rank[i] = math.Round((rank[i]-top)*1e6) / 1e6
		}
	}
	return h
}

// Slope is what a solver makes small: the sum over links of weight times
// difference in height.
func (h Heights) Slope(p *Problem) float64 {
	var sum float64
	for _, l := range p.Links {
		d := h[l.Rank][l.From] - h[l.Rank+1][l.To]
		sum += float64(l.Weight) * max(d, -d)
	}
	return sum
}
