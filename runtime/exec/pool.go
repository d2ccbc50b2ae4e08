package exec

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// call is a step made ready: pieces that any workers may run in any order. A call
// that can fail is one piece.
type call struct {
	pieces  int
	scratch int // float32s that run needs
	run     func(piece int, space *workspace) error
}

// workspace is what a worker has of its own.
type workspace struct {
	worker  int // its number; the caller is 0
	scratch []float32
}

// pool shares the pieces of one call after another between its workers, the caller
// among them. Workers that find nothing to do look again for a bounded while and
// then park.
type pool struct {
	calls   []call
	workers []*worker
	own     *workspace // the caller's

	// claim is the call under way in the upper half, and in the lower how many of
	// its pieces are taken. Calls do not change, so that a worker which read claim
	// long ago and still finds it so takes a piece that nobody has.
	claim atomic.Uint64
	done  atomic.Int64 // pieces that have been run
	waits atomic.Bool  // the caller is parked until the last piece is done
	ready chan struct{}

	closed  atomic.Bool
	running sync.WaitGroup
}

// worker is a goroutine that helps.
type worker struct {
	own    *workspace
	parked atomic.Bool
	wake   chan struct{}
}

const (
	// spins is how often a worker looks for a piece before it parks: about a hundred
	// microseconds, longer than what one goroutine does alone between two steps.
	spins = 50000
	// yields is how often it looks before it lets other goroutines run.
	yields = 1000
	taken  = 1<<32 - 1
)

func newPool(calls []call, threads int) *pool {
	p := &pool{calls: calls, ready: make(chan struct{}, 1)}
	p.claim.Store(taken)
	scratch, most := 0, 1
	for _, c := range calls {
		scratch, most = max(scratch, c.scratch), max(most, c.pieces)
	}
	p.own = &workspace{0, aligned[float32](scratch)}
	for i := range min(threads, most) - 1 {
		w := &worker{own: &workspace{i + 1, aligned[float32](scratch)}, wake: make(chan struct{}, 1)}
		p.workers = append(p.workers, w)
		p.running.Go(func() { p.help(w) })
	}
	return p
}

// do runs call i and returns when all of it is done.
func (p *pool) do(i int) error {
	c := &p.calls[i]
	if c.pieces == 1 {
		return c.run(0, p.own)
	}
	if len(p.workers) == 0 {
		for piece := range c.pieces {
			if err := c.run(piece, p.own); err != nil {
				return err
			}
		}
		return nil
	}
	p.done.Store(0)
	p.claim.Store(uint64(i) << 32)
	for _, w := range p.workers {
		w.rouse()
	}
	for p.takePiece(p.own) {
	}
	p.await(int64(c.pieces))
	p.claim.Store(taken)
	return nil
}

// takePiece runs a piece that nobody has taken and reports whether there was one.
func (p *pool) takePiece(own *workspace) bool {
	for {
		claim := p.claim.Load()
		piece := int(claim & taken)
		if piece == taken {
			return false
		}
		c := &p.calls[claim>>32]
		if piece >= c.pieces {
			return false
		}
		if !p.claim.CompareAndSwap(claim, claim+1) {
			continue
		}
		c.run(piece, own)
		if p.done.Add(1) == int64(c.pieces) && p.waits.Swap(false) {
			p.ready <- struct{}{}
		}
		return true
	}
}

// await returns when that many pieces are done.
func (p *pool) await(pieces int64) {
	for i := range spins {
		if p.done.Load() == pieces {
			return
		}
		if i%yields == yields-1 {
			runtime.Gosched()
		}
	}
	// A worker that was slow to see that it did the last piece of an earlier call
	// may answer in the place of this one's last: so look again.
	for p.done.Load() != pieces {
		p.waits.Store(true)
		if p.done.Load() == pieces && p.waits.Swap(false) {
			return
		}
		<-p.ready
	}
}

// help takes pieces until the pool is closed.
func (p *pool) help(w *worker) {
	for idle := 0; !p.closed.Load(); idle++ {
		switch {
		case p.takePiece(w.own):
			idle = 0
		case idle > spins:
			p.park(w)
			idle = 0
		case idle%yields == yields-1:
			runtime.Gosched()
		}
	}
}

// park waits to be roused. Work that came while it lay down is seen by looking
// once more.
func (p *pool) park(w *worker) {
	w.parked.Store(true)
	if p.hasWork() && w.parked.Swap(false) {
		return
	}
	<-w.wake
}

func (p *pool) hasWork() bool {
	claim := p.claim.Load()
	piece := int(claim & taken)
	return p.closed.Load() || piece != taken && piece < p.calls[claim>>32].pieces
}

// rouse wakes the worker if it is parked.
func (w *worker) rouse() {
	if w.parked.Load() && w.parked.Swap(false) {
		w.wake <- struct{}{}
	}
}

func (p *pool) close() {
	if p.closed.Swap(true) {
		return
	}
	for _, w := range p.workers {
		w.rouse()
	}
	p.running.Wait()
}
