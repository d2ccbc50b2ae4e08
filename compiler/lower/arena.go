package lower

import (
	"slices"

	"ncd/compiler/plan"
)

// cacheLine is what every buffer begins at a multiple of, in bytes.
const cacheLine = 64

// layOut drops buffers that no step touches, and gives the others their places in
// the two arenas: first what lives all the time, weights and states end to end,
// and behind them the temporaries, each where it fits best while it lives.
func (l *lowerer) layOut() {
	l.dropUnused()
	numbers := &arena{unit: cacheLine / l.p.Float.Bytes()}
	places := &arena{unit: cacheLine / plan.Int32.Bytes()}
	of := func(i int) *arena {
		if l.p.Buffers[i].DType == plan.Int32 {
			return places
		}
		return numbers
	}
	lives := l.p.Lifetimes()
	born, dying := make([][]int, len(l.p.Steps)+1), make([][]int, len(l.p.Steps)+1)
	for i, b := range l.p.Buffers {
		if b.Role == plan.Own {
			continue
		}
		if b.Role != plan.Temporary {
			l.p.Buffers[i].Offset = of(i).take(b.Len())
			continue
		}
		born[lives[i].First] = append(born[lives[i].First], i)
		dying[lives[i].Last] = append(dying[lives[i].Last], i)
	}
	for step := range born {
		for _, i := range born[step] {
			l.p.Buffers[i].Offset = of(i).take(l.p.Buffers[i].Len())
		}
		for _, i := range dying[step] {
			of(i).release(l.p.Buffers[i].Offset, l.p.Buffers[i].Len())
		}
	}
	l.p.Numbers, l.p.Places = numbers.end, places.end
}

// dropUnused leaves out temporaries and constants that no step touches, sorts what
// is carried to the front, and numbers the buffers anew.
func (l *lowerer) dropUnused() {
	list := l.findUses()
	order := slices.DeleteFunc(span(0, len(l.p.Buffers)), func(i int) bool {
		role := l.p.Buffers[i].Role
		return (role == plan.Temporary || role == plan.Constant) && list[i].last() < 0
	})
	rank := map[plan.Role]int{plan.Weight: 0, plan.State: 1, plan.Input: 2, plan.Output: 3, plan.Constant: 4, plan.Temporary: 5, plan.Own: 6}
	slices.SortStableFunc(order, func(i, j int) int { return rank[l.p.Buffers[i].Role] - rank[l.p.Buffers[j].Role] })
	names := make([]int, len(l.p.Buffers))
	buffers := make([]plan.Buffer, len(order))
	for to, from := range order {
		names[from], buffers[to] = to, l.p.Buffers[from]
	}
	l.p.Buffers = buffers
	renumber(l.p.Steps, names)
}

// renumber gives buffers new numbers, inside nests too.
func renumber(steps []plan.Step, names []int) {
	for _, s := range steps {
		for _, list := range [][]plan.View{s.In, s.Out} {
			for i := range list {
				list[i].Buffer = names[list[i].Buffer]
			}
		}
		if n, ok := s.Kernel.(plan.Nest); ok {
			renumber(n.Steps, names)
		}
	}
}

// arena hands out stretches of memory, best fit first.
type arena struct {
	unit int   // every stretch is a multiple of it
	end  int   // how much there is
	free []gap // in order, none touching the next
}

type gap struct{ from, to int }

func (a *arena) round(n int) int { return (n + a.unit - 1) / a.unit * a.unit }

func (a *arena) take(n int) int {
	n = a.round(n)
	best := -1
	for i, g := range a.free {
		if size := g.to - g.from; size >= n && (best < 0 || size < a.free[best].to-a.free[best].from) {
			best = i
		}
	}
	if best < 0 {
		return a.extend(n)
	}
	from := a.free[best].from
	if a.free[best].from += n; a.free[best].from == a.free[best].to {
		a.free = slices.Delete(a.free, best, best+1)
	}
	return from
}

// extend makes room at the end, where a gap may already begin it.
func (a *arena) extend(n int) int {
	from := a.end
	if last := len(a.free) - 1; last >= 0 && a.free[last].to == a.end {
		from = a.free[last].from
		a.free = a.free[:last]
	}
	a.end = from + n
	return from
}

func (a *arena) release(from, n int) {
	to := from + a.round(n)
	if from == to {
		return
	}
	at, _ := slices.BinarySearchFunc(a.free, from, func(g gap, from int) int { return g.from - from })
	a.free = slices.Insert(a.free, at, gap{from, to})
	if at+1 < len(a.free) && a.free[at+1].from == to {
		a.free[at].to = a.free[at+1].to
		a.free = slices.Delete(a.free, at+1, at+2)
	}
	if at > 0 && a.free[at-1].to == from {
		a.free[at-1].to = a.free[at].to
		a.free = slices.Delete(a.free, at, at+1)
	}
}
