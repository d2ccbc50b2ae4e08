package data

// dealer decides which examples each batch holds. It moves no data.
type dealer struct {
	how      Dealing
	order    []int32  // the examples in the order of the epoch
	shuffled int      // the epoch whose order it is, -1 before the first
	upcoming Position // what next is to deal

	at       Position // of the batch that was dealt
	examples []int32  // its examples, as many as a batch has
	streams  []uint64 // the stream of random numbers of each
	count    int      // how many of them are not there to fill it up
}

func newDealer(examples int, how Dealing) *dealer {
	d := &dealer{
		how: how, order: make([]int32, examples), shuffled: -1, upcoming: how.Start,
		examples: make([]int32, how.Batch), streams: make([]uint64, how.Batch),
	}
	for i := range d.order {
		d.order[i] = int32(i)
	}
	return d
}

// next deals a batch, or reports that there is none.
func (d *dealer) next() bool {
	d.enterEpoch()
	if !d.how.IsTraining && d.upcoming.Epoch > d.how.Start.Epoch || len(d.order) == 0 {
		return false
	}
	if d.how.IsTraining && d.shuffled != d.upcoming.Epoch {
		Shuffle(d.order, d.how.Seed, d.upcoming.Epoch)
		d.shuffled = d.upcoming.Epoch
	}
	d.deal(d.upcoming.Batch * d.how.Batch)
	d.at = d.upcoming
	d.upcoming.Batch++
	return true
}

// enterEpoch goes on to the next epoch behind the last batch of one.
func (d *dealer) enterEpoch() {
	if d.upcoming.Batch >= d.how.Batches(len(d.order)) {
		d.upcoming = Position{Epoch: d.upcoming.Epoch + 1}
	}
}

// deal takes a batch from the order, beginning at first.
func (d *dealer) deal(first int) {
	d.count = min(len(d.order)-first, d.how.Batch)
	if d.how.IsTraining {
		d.count = d.how.Batch
	}
	for i := range d.examples {
		from := first
		if i < d.count {
			from = first + i
		}
		d.examples[i] = d.order[from%len(d.order)]
		d.streams[i] = Stream(d.how.Seed, d.upcoming.Epoch, int(d.examples[i]))
	}
}
