// Package plan is the second intermediate representation: steps over buffers,
// in order. It is what the runtime is told, and all it is told.
//
// Every size is a number, every array has its place in memory, every step names
// one kernel and the strided views it works on. Where a step came from (box, span
// of the source) stays with it for profiles and faults. lower makes plans, exec
// runs them; the package knows neither diagrams nor kernels.
package plan

import (
	"ncd/grammar/source"
)

// Plan is one run: inputs in, steps in order, outputs out. Carried buffers keep
// their values from run to run.
type Plan struct {
	Name    string
	Float   DType // of numbers: Float32, or Float64 where gradients are checked
	Buffers []Buffer
	Steps   []Step

	Numbers int // length of the arena of numbers, in elements
	Places  int // length of the arena of places, in elements
}

// DType is the type of a buffer's elements.
type DType int

// Numbers are Float32 (or Float64 throughout a plan); places along axes are Int32.
const (
	Float32 DType = iota
	Float64
	Int32
)

// Bytes is the size of an element.
func (t DType) Bytes() int {
	if t == Float64 {
		return 8
	}
	return 4
}

// Role says who writes a buffer and how long it lives.
type Role int

const (
	Temporary Role = iota // lives from its first to its last use in a run
	Input                 // written before each run
	Output                // read after each run
	Weight                // carried from run to run, saved with the weights
	State                 // carried from run to run, saved with the state
	Constant              // written once, when the plan is bound
	Own                   // lives within a Nest; every worker has its own
)

// Buffer is a dense row-major array in one of the two arenas.
type Buffer struct {
	Name   string // path of a weight or state, name of an input or output, else the wire's
	Role   Role
	DType  DType
	Axes   []string // labels, outermost first
	Dims   []int
	Offset int // of its first element in the arena of its kind of element, or among a worker's own

	In    int // of places: how many there are along their axis
	Fixed Fixed
	Value []float64 // of a Constant
}

// Fixed says how a Weight or State gets its first values, and a Constant without
// a Value its only ones.
type Fixed struct {
	// Kind is "uniform": from -Scale to Scale; "unit": from 0 to Scale; "normal":
	// deviation Scale; "sign": Scale or -Scale; "constant": Scale; "truncated",
	// "orthogonal", "dct", "gabor": the form of that name, times Scale; "pca",
	// "kmeans": zeros, until they are made of what flows in.
	Kind   string
	Scale  float64
	Stream string // names the draw
	Like   string // path of the weight that it has the same first values as; "": its own
	Frozen bool   // no step writes it

	Apart, From int // of a form: axes that hold one each, and behind them those that come in
}

// Len is the number of elements.
func (b Buffer) Len() int { return Count(b.Dims) }

// Count is the number of places of an index space.
func Count(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// Bytes is the memory of both arenas.
func (p *Plan) Bytes() int { return p.Numbers*p.Float.Bytes() + p.Places*Int32.Bytes() }

// View is a strided window on a buffer: element i₀, i₁ … is at
// Offset + Σ iⱼ·Strides[j], counted from the buffer's first element. A stride of 0
// repeats.
type View struct {
	Buffer  int
	Offset  int
	Strides []int
}

// Step is one call of a kernel.
type Step struct {
	Kernel Kernel
	In     []View
	Out    []View
	Origin Origin
}

// Origin is where a step came from.
type Origin struct {
	Box  string // path of the box, for people
	Kind string
	Pass string // "forward", "backward", "update"
	Span source.Span
}

// Kernel is one of the closed list below: what a step does, with its numbers.
// Strides of a step's views follow the Dims of its kernel.
type Kernel interface{ kernel() }

// Gemm is C[b m n] (+)= Σ over t of A[b t m k] · B[b t k n], then + Bias, then a
// function. b and t are any number of axes; t are further summed axes that do not
// lie in one stride with k: the offsets of a window, the heads of attention.
//
// In: A, B and, where there are three, Bias. Strides of A are over (b, t, m, k), of
// B over (b, t, k, n), of C and Bias over (b, m, n); Bias stands still along m or
// along n.
type Gemm struct {
	Batch, Taps []int
	M, N, K     int
	Accumulate  bool // add to what C holds
	Relu        bool
}

// Winograd is a convolution over windows of 3 by 3, with a filter brought into
// Winograd's form, 4 by 4 for each channel and filter, side by side in that order. Rows
// and Cols are those of the results, and even.
//
// In: images over (image, row, column, channel), two rows and columns more than there
// are results, channels and columns side by side; the filter over all its numbers; and
// where there are three a bias over filters. Out over (image, row, column, filter).
type Winograd struct {
	Images, Rows, Cols, Channels, Filters int

	Relu bool
}

// Contract is the general product and sum: for every place of Dims, in
// row-major order, the product of the inputs is added to the output, which is
// set to 0 first unless Accumulate. Every view has a stride for each of Dims.
type Contract struct {
	Dims       []int
	Summed     int // the last Summed of Dims do not move the output
	Accumulate bool
}

// Map computes a scalar program at every place of Dims.
type Map struct {
	Dims    []int
	Program []Instr
	Results []int // registers that leave, one an output
}

// Instr computes one register. Registers 0 … len(In)-1 are the inputs; instruction
// i writes register len(In)+i. Fn is a name of diagram.Fn.
type Instr struct {
	Fn    string
	Args  []int
	Value float64 // of "constant"
}

// Reduce takes one number from the last Reduced of Dims: Fn is "sum", "mean",
// "max", "min", "product", "logsumexp" or "argmax" (whose output is places and
// which takes the last of Dims alone).
// The output's strides are over the first Dims only.
type Reduce struct {
	Fn      string
	Dims    []int
	Reduced int
}

// Softmax normalises over the last of Dims. A row of nothing but -Inf gives zeros.
type Softmax struct {
	Dims []int
	Log  bool
}

// Take is out[i] = array[places[i], i] over Dims. Along is the stride of the
// array's looked-up axis, of Size places. In: array, places, which moves along the
// first of Dims only.
type Take struct {
	Dims        []int
	Along, Size int
}

// Put is its transpose: out[places[i], i] += numbers[i], out set to 0 first.
// Along and Size are of the output. In: numbers, places, which moves along the
// first of Dims only.
type Put struct {
	Dims        []int
	Along, Size int
}

// OneHot is 1 where the last of Dims is the place that the input says. The input's
// strides are over the first Dims only.
type OneHot struct{ Dims []int }

// Random draws at every place of Dims, which are all of the output buffer in
// order, from the run's seed, the stream and the number of the run.
type Random struct {
	Dims         []int
	Distribution string // "normal", "uniform" (0 to 1), "sign"
	Stream       string
	Scale        float64 // multiplies the draw
}

// Fill sets every place of Dims to a number.
type Fill struct {
	Dims  []int
	Value float64
}

// Copy copies places or numbers over Dims.
type Copy struct{ Dims []int }

// Opaque hands the numbers of every place of Degree, each place's together, to what goes
// by a name outside: From numbers each, for To numbers each. In: over Degree and From;
// Out: over Degree and To.
type Opaque struct {
	Name             string
	Degree, From, To []int
}

func (Opaque) kernel()   {}
func (Gemm) kernel()     {}
func (Winograd) kernel() {}
func (Contract) kernel() {}
func (Map) kernel()      {}
func (Reduce) kernel()   {}
func (Softmax) kernel()  {}
func (Take) kernel()     {}
func (Put) kernel()      {}
func (OneHot) kernel()   {}
func (Random) kernel()   {}
func (Fill) kernel()     {}
func (Copy) kernel()     {}

// Find is the number of the buffer with that role and name, or -1.
func (p *Plan) Find(role Role, name string) int {
	for i, b := range p.Buffers {
		if b.Role == role && b.Name == name {
			return i
		}
	}
	return -1
}
