package lanes

import (
	"cmp"
	"slices"
	"sort"
)

// Greedy solves without Graphviz: it joins linked lanes into level blocks, the
// weightiest links first and only where no order is turned round, and then
// stacks the blocks.
type Greedy struct{}

// Solve implements Solver. It takes time of the order of links times lanes.
func (Greedy) Solve(p *Problem) (Heights, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	g := newStack(p)
	g.join()
	g.pile()
	for range 12 {
		g.relax()
	}
	return g.heights().fromTop(), nil
}

// stack is the problem with its lanes numbered through, gathered into blocks
// that share a height. A block is named by its first lane.
type stack struct {
	problem *Problem
	first   []int // of each rank, its first lane's number
	block   []int // of each lane
	links   []link
	below   [][]order // of each block, the blocks that must lie below it
	above   [][]order
	height  []float64 // of each block
	sorted  []int     // blocks, each after those above it
	seen    []int     // by which search each block was seen last
	search  int
}

type link struct{ from, to, weight int }

type order struct {
	block int
	gap   float64
}

func newStack(p *Problem) *stack {
	g := &stack{problem: p}
	for _, rank := range p.Ranks {
		g.first = append(g.first, len(g.block))
		for range rank {
			g.block = append(g.block, len(g.block))
		}
	}
	for _, l := range p.Links {
		g.links = append(g.links, link{g.first[l.Rank] + l.From, g.first[l.Rank+1] + l.To, l.Weight})
	}
	g.height, g.seen = make([]float64, len(g.block)), make([]int, len(g.block))
	g.orders()
	return g
}

// orders rebuilds the relation between blocks.
func (g *stack) orders() {
	g.below, g.above = make([][]order, len(g.block)), make([][]order, len(g.block))
	for r, rank := range g.problem.Ranks {
		for i := 1; i < len(rank); i++ {
			up, down := g.block[g.first[r]+i-1], g.block[g.first[r]+i]
			g.below[up] = append(g.below[up], order{down, rank[i].Gap})
			g.above[down] = append(g.above[down], order{up, rank[i].Gap})
		}
	}
}

// join merges the blocks at both ends of each link unless one must lie below
// the other.
func (g *stack) join() {
	links := slices.Clone(g.links)
	slices.SortStableFunc(links, func(a, b link) int { return cmp.Compare(b.weight, a.weight) })
	for _, l := range links {
		a, b := g.blockOf(l.from), g.blockOf(l.to)
		if a == b || g.reaches(a, b) || g.reaches(b, a) {
			continue
		}
		first, other := min(a, b), max(a, b)
		g.block[other] = first
		g.below[first] = append(g.below[first], g.below[other]...)
	}
	for lane := range g.block {
		g.block[lane] = g.blockOf(lane)
	}
	g.orders()
}

// blockOf is the block of a lane while blocks are merged: each lane knows one
// that it was merged with.
func (g *stack) blockOf(lane int) int {
	for g.block[lane] != lane {
		g.block[lane] = g.block[g.block[lane]]
		lane = g.block[lane]
	}
	return lane
}

// reaches reports whether block b must lie below block a.
func (g *stack) reaches(a, b int) bool {
	g.search++
	g.seen[a] = g.search
	for queue := []int{a}; len(queue) > 0; queue = queue[1:] {
		for _, o := range g.below[queue[0]] {
			next := g.blockOf(o.block)
			if next == b {
				return true
			}
			if g.seen[next] != g.search {
				g.seen[next] = g.search
				queue = append(queue, next)
			}
		}
	}
	return false
}

// pile gives each block the least height its order allows.
func (g *stack) pile() {
	waiting := make([]int, len(g.block))
	var ready []int
	for b := range g.block {
		if g.block[b] != b {
			continue
		}
		if waiting[b] = len(g.above[b]); waiting[b] == 0 {
			ready = append(ready, b)
		}
	}
	for ; len(ready) > 0; ready = ready[1:] {
		b := ready[0]
		g.sorted = append(g.sorted, b)
		for _, o := range g.below[b] {
			g.height[o.block] = max(g.height[o.block], g.height[b]+o.gap)
			if waiting[o.block]--; waiting[o.block] == 0 {
				ready = append(ready, o.block)
			}
		}
	}
}

// relax moves each block, from the lowest up and then back down, to the median
// of what it is linked with, as far as its neighbours let it.
func (g *stack) relax() {
	wishes := make([][]wish, len(g.block))
	for _, l := range g.links {
		a, b := g.block[l.from], g.block[l.to]
		if a != b {
			wishes[a] = append(wishes[a], wish{b, l.weight})
			wishes[b] = append(wishes[b], wish{a, l.weight})
		}
	}
	for i := len(g.sorted) - 1; i >= 0; i-- {
		g.shift(g.sorted[i], wishes[g.sorted[i]])
	}
	for _, b := range g.sorted {
		g.shift(b, wishes[b])
	}
}

type wish struct{ block, weight int }

func (g *stack) shift(b int, wishes []wish) {
	if len(wishes) == 0 {
		return
	}
	h := g.median(wishes)
	for _, o := range g.below[b] {
		h = min(h, g.height[o.block]-o.gap)
	}
	for _, o := range g.above[b] {
		h = max(h, g.height[o.block]+o.gap)
	}
	g.height[b] = h
}

// median is the height at which half the weight is above.
func (g *stack) median(wishes []wish) float64 {
	sorted, total := slices.Clone(wishes), 0
	for _, w := range wishes {
		total += w.weight
	}
	sort.SliceStable(sorted, func(i, j int) bool { return g.height[sorted[i].block] < g.height[sorted[j].block] })
	sum := 0
	for _, w := range sorted {
		if sum += w.weight; 2*sum >= total {
			return g.height[w.block]
		}
	}
	return g.height[sorted[len(sorted)-1].block]
}

func (g *stack) heights() Heights {
	h := make(Heights, len(g.problem.Ranks))
	for r, rank := range g.problem.Ranks {
		h[r] = make([]float64, len(rank))
		for i := range rank {
			h[r][i] = g.height[g.block[g.first[r]+i]]
		}
	}
	return h
}
