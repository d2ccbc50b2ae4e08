//go:build !purego

package kernel

// availableRows are the loops that this processor runs, the best first.
func availableRows() []*rowSet {
	sets := []*rowSet{&plainRows}
	if hasAVX2 {
		sets = append([]*rowSet{{
			"AVX2", fourDotsAVX2, sumAVX2, largestAVX2, smallestAVX2, softmaxAVX2, logSoftmaxAVX2, spreadAVX2,
		}}, sets...)
	}
	if hasAVX512 {
		sets = append([]*rowSet{{
			"AVX512", fourDotsAVX512, sumAVX512, largestAVX512, smallestAVX512, softmaxAVX512, logSoftmaxAVX512, spreadAVX512,
		}}, sets...)
	}
	return sets
}
