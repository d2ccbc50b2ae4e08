package lanes

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"strings"
)

// Graphviz solves with dot's network simplex, which finds the least slope there
// is. Each lane is a small node; the nodes of a rank are chained in their order
// by invisible edges.
type Graphviz struct{}

// maxNodes bounds what is handed to Graphviz, which heeds no deadline.
const maxNodes = 4000

// pointsPerMillimetre is how much finer than Graphviz's whole points our grid
// is: a twentieth of a millimetre.
const pointsPerMillimetre = 20

// Solve implements Solver. Problems too large for Graphviz are an error.
func (Graphviz) Solve(p *Problem) (Heights, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	n := 0
	for _, rank := range p.Ranks {
		n += 2 * len(rank)
	}
	if n > maxNodes {
		return nil, fmt.Errorf("%d lanes are too many for graphviz", n/2)
	}
	plain, err := layOut(p.dot(), "plain")
	if err != nil {
		return nil, err
	}
	h, err := p.read(plain)
	if err != nil {
		return nil, err
	}
	return h.fromTop(), nil
}

// dot writes the problem as a graph. A spine of nodes above the lanes keeps
// ranks apart that no link joins.
func (p *Problem) dot() []byte {
	var b bytes.Buffer
	pitch := p.leastGap()
	fmt.Fprintf(&b, "digraph lanes {\ngraph [rankdir=LR ranksep=0.2 nodesep=%s splines=false];\n", inches(separation))
	fmt.Fprintf(&b, "node [shape=box fixedsize=true label=\"\" width=0.02 height=%s];\nedge [style=invis];\n", inches(pitch-separation))
	for r, rank := range p.Ranks {
		p.dotRank(&b, r, rank, pitch)
	}
	for r := 1; r < len(p.Ranks); r++ {
		fmt.Fprintf(&b, "s%d -> s%d [weight=1];\n", r-1, r)
	}
	for _, l := range p.Links {
		fmt.Fprintf(&b, "%s -> %s [weight=%d];\n", lane(l.Rank, l.From), lane(l.Rank+1, l.To), l.Weight*linkWeight)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// linkWeight puts links before the chain, which only packs what links leave
// free.
const linkWeight = 16

// separation is dot's least distance between nodes, mm here.
const separation = 0.1

// dotRank writes one rank; a gap larger than the least one gets a spacer.
func (p *Problem) dotRank(b *bytes.Buffer, r int, rank []Lane, pitch float64) {
	fmt.Fprintf(b, "{ rank=same; s%d;", r)
	chain := []string{fmt.Sprintf("s%d", r)}
	for i, l := range rank {
		if extra := onGrid(l.Gap) - pitch - separation; i > 0 && extra > -separation {
			fmt.Fprintf(b, " g%d_%d [height=%s];", r, i, inches(max(extra, separation)))
			chain = append(chain, fmt.Sprintf("g%d_%d", r, i))
		}
		fmt.Fprintf(b, " %s;", lane(r, i))
		chain = append(chain, lane(r, i))
	}
	b.WriteString(" }\n")
	if len(chain) > 1 {
		fmt.Fprintf(b, "%s;\n", strings.Join(chain, " -> "))
	}
}

func (p *Problem) leastGap() float64 {
	least := math.Inf(1)
	for _, rank := range p.Ranks {
		for i := 1; i < len(rank); i++ {
			least = min(least, rank[i].Gap)
		}
	}
	if math.IsInf(least, 1) {
		return 2 * separation
	}
	return max(onGrid(least), 2*separation)
}

// onGrid is the gap made larger until it, and half of it, is whole points.
func onGrid(gap float64) float64 {
	const step = 2.0 / pointsPerMillimetre
	return math.Ceil(gap/step-1e-9) * step
}

func lane(rank, i int) string { return fmt.Sprintf("n%d_%d", rank, i) }

func inches(mm float64) string { return fmt.Sprintf("%.4f", mm*pointsPerMillimetre/72) }

// read takes the heights out of Graphviz's plain format, where y grows upward.
func (p *Problem) read(plain []byte) (Heights, error) {
	h := make(Heights, len(p.Ranks))
	left := 0
	for r, rank := range p.Ranks {
		h[r] = make([]float64, len(rank))
		left += len(rank)
	}
	for lines := bufio.NewScanner(bytes.NewReader(plain)); lines.Scan(); {
		var r, i int
		var x, y float64
		if n, _ := fmt.Sscanf(lines.Text(), "node n%d_%d %g %g", &r, &i, &x, &y); n == 4 {
			h[r][i] = -math.Round(y*72) / pointsPerMillimetre
			left--
		}
	}
	if left != 0 {
		return nil, fmt.Errorf("graphviz left out %d lanes", left)
	}
	return h, nil
}
