package kernel

import "math"

// Key names one use of chance. Two keys that differ anywhere give independent
// numbers; the same key gives the same numbers on every machine, whatever
// worker draws them and in whatever order.
type Key struct {
	Seed   uint64 // of the run
	Stream uint32 // which use in the plan
	Step   uint32 // which step of the run
}

// Uniform writes numbers drawn evenly from [0, 1) to dst: element i gets the
// number with index first+i of the key's sequence. Each is a multiple of 2⁻²⁴.
func Uniform[F Float](dst []F, key Key, first int) {
	s := sequence{key: key}
	for i := range dst {
		dst[i] = F(unit(s.word(first + i)))
	}
}

// Bernoulli writes 1 with the given probability and 0 otherwise, by comparing
// the numbers of Uniform with it.
func Bernoulli[F Float](dst []F, key Key, first int, probability float64) {
	s := sequence{key: key}
	for i := range dst {
		dst[i] = F(truth(unit(s.word(first+i)) < probability))
	}
}

// Sign writes 1 or -1, each as often, by the first bit of the words of Uniform.
func Sign[F Float](dst []F, key Key, first int) {
	s := sequence{key: key}
	for i := range dst {
		dst[i] = 1 - 2*F(s.word(first+i)>>31)
	}
}

// Normal writes numbers of mean 0 and variance 1 by the transform of Box and
// Muller (A Note on the Generation of Random Normal Deviates, 1958): elements
// 2i and 2i+1 of the sequence are made of its words 2i and 2i+1.
func Normal[F Float](dst []F, key Key, first int) {
	s := sequence{key: key}
	for i := range dst {
		at := first + i
		radius := math.Sqrt(-2 * math.Log(1-unit(s.word(at&^1))))
		sin, cos := math.Sincos(2 * math.Pi * unit(s.word(at|1)))
		if at&1 == 0 {
			dst[i] = F(radius * cos)
		} else {
			dst[i] = F(radius * sin)
		}
	}
}

// unit maps a word to [0, 1), to 24 bits: what a float32 holds.
func unit(word uint32) float64 { return float64(word>>8) * 0x1p-24 }

// sequence is the words of a key; it keeps the block that it looked at last.
type sequence struct {
	key    Key
	isRead bool
	block  uint64
	words  [4]uint32
}

// word is word number i: word i mod 4 of block i div 4.
func (s *sequence) word(i int) uint32 {
	if block := uint64(i) >> 2; !s.isRead || block != s.block {
		k := s.key
		s.isRead, s.block = true, block
		counter := [4]uint32{uint32(block), uint32(block >> 32), k.Stream, k.Step}
		s.words = philox(counter, [2]uint32{uint32(k.Seed), uint32(k.Seed >> 32)})
	}
	return s.words[i&3]
}

// philox is Philox 4x32-10 of Salmon, Moraes, Dror and Shaw, Parallel Random
// Numbers: As Easy as 1, 2, 3 (SC 2011): ten rounds over a counter.
func philox(counter [4]uint32, key [2]uint32) [4]uint32 {
	for range 10 {
		high0, low0 := mul32(0xD2511F53, counter[0])
		high1, low1 := mul32(0xCD9E8D57, counter[2])
		counter = [4]uint32{high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0}
		key[0] += 0x9E3779B9 // the golden ratio
		key[1] += 0xBB67AE85 // √3 - 1
	}
	return counter
}

func mul32(a, b uint32) (high, low uint32) {
	product := uint64(a) * uint64(b)
	return uint32(product >> 32), uint32(product)
}
