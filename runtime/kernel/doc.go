// Package kernel holds the loops that a plan runs: one loop nest over memory
// for each family, in the file of its name.
//
//	gemm      matrix products, batched, over windows, with bias and relu
//	map       scalar programs over aligned arrays
//	reduce    sums, means, extremes, positions of the largest
//	softmax   softmax and its logarithm along an axis
//	contract  any multilinear contraction, the specification of all the others
//	take      look-up of rows by place, its transpose, and one-hot
//	random    numbers from a counter
//	copy      strided copies, transposes, fills
//
// In go slices of float32 and, for each operand, how its axes lie in the slice;
// out come the numbers, written into the caller's slice. A kernel never
// broadcasts silently (an axis along which an operand does not change has
// stride 0, and says so), never allocates when it runs, and knows neither
// plans nor diagrams.
//
// Every family is a description (Gemm, Map, Reduce, …), made once, that tells
// into how many pieces its work falls. The pieces depend on the shape alone, no
// piece writes what another reads or writes, and each output element is
// computed by the same operations in the same order whatever worker runs its
// piece: results do not depend on the number of workers.
//
// Beside each fast kernel stands its plain twin (PlainGemm, PlainMap, …),
// generic over Float. The twin is the specification and the test, and serves
// float64, in which gradients are checked. The assembly (files z*) is written
// by internal/gen, for AVX-512 and for AVX2; the fastest that the processor has
// is chosen at start. The build tag purego leaves it out.
//
// A description that contradicts itself, or a slice too short for it, is a
// mistake of the compiler and panics. What the data can get wrong, a place
// outside its table, is an error value.
package kernel
