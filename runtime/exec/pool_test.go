package exec

import (
	"sync/atomic"
	"testing"
	"time"
)

// Every piece of every call is run once, and none before the last call is done,
// whether workers spin, park or are few.
func TestPool(t *testing.T) {
	for _, threads := range []int{1, 2, 5} {
		var current, ran atomic.Int64
		calls := make([]call, 6)
		for i := range calls {
			calls[i] = call{pieces: 1 + i*3, run: func(piece int, _ *workspace) error {
				if current.Load() != int64(i) {
					t.Errorf("%d threads: a piece of call %d is run during call %d", threads, i, current.Load())
				}
				ran.Add(1)
				return nil
			}}
		}
		p := newPool(calls, threads)
		for round := range 2000 {
			for i := range calls {
				current.Store(int64(i))
				ran.Store(0)
				if err := p.do(i); err != nil {
					t.Fatal(err)
				}
				if got := ran.Load(); got != int64(calls[i].pieces) {
					t.Fatalf("%d threads: %d pieces of %d", threads, got, calls[i].pieces)
				}
			}
			if round%500 == 0 {
				time.Sleep(time.Millisecond) // long enough for workers to park
			}
		}
		p.close()
		p.close()
	}
}
