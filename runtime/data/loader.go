package data

import (
	"sync"

	"ncd/runtime/tensor"
)

// Position is a place in a run: epochs, and batches within one, are counted
// from 0.
type Position struct {
	Epoch, Batch int
}

// Dealing says how a set is dealt out in batches.
type Dealing struct {
	Batch int // examples in a batch, at least 1

	// IsTraining deals forever, every epoch in another order, in full batches: what
	// is left of an epoch is dropped, and a set smaller than a batch is repeated
	// within it. Otherwise every example is dealt once, in order.
	IsTraining bool

	Seed  uint64   // of the order, in training
	Start Position // the first batch to deal; may lie behind the end of its epoch
}

// Batches is how many batches an epoch has.
func (d Dealing) Batches(examples int) int {
	if d.IsTraining {
		return max(1, examples/d.Batch)
	}
	return (examples + d.Batch - 1) / d.Batch
}

// Batch is some examples, ready for a plan.
type Batch struct {
	Position
	// Count is how many of the batch's places hold examples. The others, which only
	// the last batch of a test has, repeat the first of the batch.
	Count int
	// Streams is a seed of random numbers for each example, by Stream of the
	// dealing's seed, the epoch and the example.
	Streams []uint64
	// Values is an array for each column of the set, with the batch as its outermost
	// axis: Int32 for places, Float32 for numbers.
	Values []*tensor.Tensor
}

// Loader deals a set out, preparing one batch while the one before is used. Once
// it runs it takes no more memory. One goroutine at a time may use it.
type Loader struct {
	free, ready chan *Batch
	inUse       *Batch
	stop        chan struct{}
	stopOnce    sync.Once
}

// NewLoader starts to deal a set out. It must be closed.
func NewLoader(set *Set, how Dealing) *Loader {
	const batches = 2 // one in use, one in the making
	l := &Loader{
		free:  make(chan *Batch, batches),
		ready: make(chan *Batch, batches),
		stop:  make(chan struct{}),
	}
	for range batches {
		l.free <- newBatch(set, how.Batch)
	}
	go l.prepare(set, newDealer(set.Len(), how))
	return l
}

func newBatch(set *Set, size int) *Batch {
	b := &Batch{Streams: make([]uint64, size)}
	for _, c := range set.Columns {
		dtype := tensor.Float32
		if c.IsPlaces {
			dtype = tensor.Int32
		}
		axes := append([]string{"batch"}, c.Axes...)
		b.Values = append(b.Values, tensor.New(dtype, axes, append([]int{size}, c.Dims...)...))
	}
	return b
}

// Next is the next batch, or nil behind the last. It and its arrays are the
// caller's until the next call.
func (l *Loader) Next() *Batch {
	if l.inUse != nil {
		l.free <- l.inUse
	}
	l.inUse = <-l.ready
	return l.inUse
}

// Close ends the dealing. Next must not be called again.
func (l *Loader) Close() {
	l.stopOnce.Do(func() { close(l.stop) })
}

// prepare fills the free batches as the dealer says, until it or the loader ends.
func (l *Loader) prepare(set *Set, d *dealer) {
	defer close(l.ready)
	for d.next() {
		select {
		case <-l.stop:
			return
		case b := <-l.free:
			b.Position, b.Count = d.at, d.count
			copy(b.Streams, d.streams)
			for i, c := range set.Columns {
				gather(b.Values[i], c, d.examples)
			}
			l.ready <- b // has room for every batch there is
		}
	}
}
