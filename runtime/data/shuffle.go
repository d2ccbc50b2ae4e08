package data

import "math/bits"

// Shuffle fills order with the numbers from 0 up to its length in an order that
// depends on the seed and the epoch alone: Fisher and Yates's shuffle, drawing
// from SplitMix64. The generator is spelled out so that a run can be repeated
// whatever becomes of the standard library's.
func Shuffle(order []int32, seed uint64, epoch int) {
	for i := range order {
		order[i] = int32(i)
	}
	random := splitMix(seed)
	random = splitMix(random.next() ^ uint64(epoch))
	for i := len(order) - 1; i > 0; i-- {
		j, _ := bits.Mul64(random.next(), uint64(i+1)) // even to one part in 2⁶⁴/i
		order[i], order[j] = order[j], order[i]
	}
}

// Stream is the seed of the random numbers of an example in an epoch, from which
// whatever changes the example draws: the same however examples are batched and
// wherever a run goes on.
func Stream(seed uint64, epoch, example int) uint64 {
	random := splitMix(seed)
	random = splitMix(random.next() ^ uint64(epoch))
	random = splitMix(random.next() ^ uint64(example))
	return random.next()
}

// splitMix is the state of a SplitMix64 generator.
//
// Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators,
// OOPSLA 2014, with the mixing constants of Stafford's variant 13.
type splitMix uint64

func (s *splitMix) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
