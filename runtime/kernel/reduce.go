package kernel

import "math"

// ReduceOp is a way to make one number of many.
type ReduceOp uint8

const (
	ReduceSum ReduceOp = iota
	ReduceMean
	ReduceMax // NaN if any is
	ReduceMin // NaN if any is
	ReduceProduct
	ReduceLogSumExp // log Σ exp, without overflow
)

// Reduce describes a reduction: for every index i of Dims,
//
//	out[i] = op over all indices s of Sums of in[i, s]
//
// Sums are taken in float64, or pairwise, in an order fixed by the shape. With
// Accumulate the result is added to what out holds. Over nothing a sum is 0, a
// product 1, a mean NaN, a maximum and a logarithm of a sum -Inf. out must not overlap in.
type Reduce struct {
	Op         ReduceOp
	Dims, Sums []int
	Out        View // over Dims
	In         View // over Dims and then Sums
	Accumulate bool

	pieces int
	way    reduceWay
	need   [4]int
}

// reduceWay is how a reduction walks its operand.
type reduceWay uint8

const (
	elementwise reduceWay = iota // the plain way
	alongRows                    // what is summed lies side by side
	acrossRows                   // what is kept lies side by side
)

const (
	reduceGrain  = 1 << 15 // elements worth handing to another worker
	reduceUnit   = 64      // neighbouring outputs in a piece that walks across rows: a few cache lines
	rowsTogether = 128     // rows summed before their sum is added to the total, so that errors grow slowly
)

// NewReduce makes r ready to run.
func NewReduce(r Reduce) *Reduce {
	mustFitRank(len(r.Dims) + len(r.Sums))
	r.Out.mustHaveRank(len(r.Dims), "output")
	r.In.mustHaveRank(len(r.Dims)+len(r.Sums), "operand")
	r.need = [4]int{r.Out.length(r.Dims), r.In.length(joined(r.Dims, r.Sums))}
	r.join()
	r.way = r.chooseWay()
	least := 1
	if r.way == acrossRows {
		least = reduceUnit
	}
	r.pieces = pieceCount(count(r.Dims), max(least, reduceGrain/max(1, count(r.Sums))))
	return &r
}

// join joins neighbouring axes of Dims and of Sums where the operands allow.
func (r *Reduce) join() {
	n := len(r.Dims)
	dims, views := joinAxes(r.Dims, []View{r.Out, {r.In.Offset, r.In.Strides[:n]}})
	sums, inner := joinAxes(r.Sums, []View{{0, r.In.Strides[n:]}})
	r.Dims, r.Sums, r.Out = dims, sums, views[0]
	r.In = View{r.In.Offset, joined(views[1].Strides, inner[0].Strides)}
}

func (r *Reduce) chooseWay() reduceWay {
	isFolded := r.Op == ReduceSum || r.Op == ReduceMean || r.Op == ReduceMax || r.Op == ReduceMin
	n, all := len(r.Dims), len(r.Dims)+len(r.Sums)
	switch {
	case !isFolded || count(r.Dims) == 0 || count(r.Sums) == 0:
		return elementwise
	case len(r.Sums) > 0 && r.In.Strides[all-1] == 1:
		return alongRows
	case n > 0 && r.In.Strides[n-1] == 1:
		return acrossRows
	}
	return elementwise
}

// Pieces is the number of pieces, which any workers may run in any order.
func (r *Reduce) Pieces() int { return r.pieces }

// Scratch is the number of elements of scratch that Run needs.
func (r *Reduce) Scratch() int {
	if r.way == acrossRows {
		return 2 * tileSize
	}
	return 0
}

// Run computes the outputs of one piece. scratch belongs to the worker.
func (r *Reduce) Run(piece int, out, in, scratch []float32) {
	mustHold(r.need, len(out), len(in))
	from, to := pieceRange(count(r.Dims), 1, r.pieces, piece)
	switch r.way {
	case alongRows:
		r.alongRows(from, to, out, in)
	case acrossRows:
		r.acrossRows(from, to, out, in, scratch)
	default:
		plainReduceRange(r, from, to, out, in)
	}
}

// alongRows reduces stretches of neighbours, and those in float64.
func (r *Reduce) alongRows(from, to int, out, in []float32) {
	if len(r.Sums) == 1 && r.Sums[0] <= tileSize && !r.Accumulate {
		r.shortRows(from, to, out, in)
		return
	}
	var at [MaxRank]int
	index := at[:len(r.Dims)+len(r.Sums)]
	outer, inner := index[:len(r.Dims)], index[len(r.Dims):]
	indexOf(from, r.Dims, outer)
	row, length := r.rowLoop(), r.Sums[len(r.Sums)-1]
	for range to - from {
		acc := accumulator{op: r.Op}
		acc.begin()
		for range count(r.Sums) / length {
			start := r.In.at(index)
			for done := 0; done < length; done += tileSize {
				acc.add(float64(row(in[start+done : start+min(done+tileSize, length)])))
			}
			inner[len(inner)-1] = length - 1
			advance(r.Sums, inner)
		}
		r.store(&out[r.Out.at(outer)], float32(acc.end(count(r.Sums))))
		advance(r.Dims, outer)
	}
}

// shortRows is alongRows where every output is of one short stretch.
func (r *Reduce) shortRows(from, to int, out, in []float32) {
	var at [MaxRank]int
	index := at[:len(r.Dims)+1]
	outer := index[:len(r.Dims)]
	last := len(outer) - 1
	indexOf(from, r.Dims, outer)
	row, size, scale := r.rowLoop(), r.Sums[0], r.scale()
	for from < to {
		n, toStep, fromStep := 1, 0, 0
		if last >= 0 {
			n, toStep, fromStep = min(r.Dims[last]-outer[last], to-from), r.Out.Strides[last], r.In.Strides[last]
		}
		toAt, fromAt := r.Out.at(outer), r.In.at(index)
		for range n {
			out[toAt] = row(in[fromAt:fromAt+size]) * scale
			toAt, fromAt = toAt+toStep, fromAt+fromStep
		}
		from += n
		if last >= 0 {
			outer[last] += n - 1
		}
		advance(r.Dims, outer)
	}
}

// scale is what a sum is multiplied by.
func (r *Reduce) scale() float32 {
	if r.Op == ReduceMean {
		return 1 / float32(count(r.Sums))
	}
	return 1
}

func (r *Reduce) rowLoop() rowLoop {
	switch r.Op {
	case ReduceMax:
		return rows.largest
	case ReduceMin:
		return rows.smallest
	}
	return rows.sum
}

func (r *Reduce) store(to *float32, value float32) {
	if r.Accumulate {
		value += *to
	}
	*to = value
}

// acrossRows reduces tiles of neighbouring outputs, row upon row.
func (r *Reduce) acrossRows(from, to int, out, in, scratch []float32) {
	var at [MaxRank]int
	index := at[:len(r.Dims)+len(r.Sums)]
	outer := index[:len(r.Dims)]
	last := len(outer) - 1
	indexOf(from, r.Dims, outer)
	for from < to {
		n := min(r.Dims[last]-outer[last], to-from, tileSize)
		start, scale := r.Out.at(outer), r.scale()
		if r.isDirect() {
			r.foldRows(index, out[start:start+n], in)
			from += n
			outer[last] += n - 1
			advance(r.Dims, outer)
			continue
		}
		total := r.reduceTile(index, n, in, scratch)
		for j, x := range total {
			r.store(&out[start+j*r.Out.Strides[last]], x*scale)
		}
		from += n
		outer[last] += n - 1
		advance(r.Dims, outer)
	}
}

// isDirect reports whether few rows are reduced, to where they can be summed up in place.
func (r *Reduce) isDirect() bool {
	return !r.Accumulate && r.Op != ReduceMean && r.Out.Strides[len(r.Dims)-1] == 1 && count(r.Sums) <= rowsTogether
}

func (r *Reduce) fold() binaryLoop {
	return loops.binary[[...]Op{ReduceSum: OpAdd, ReduceMean: OpAdd, ReduceMax: OpMax, ReduceMin: OpMin}[r.Op]]
}

// foldRows reduces neighbouring outputs from index on where they lie.
func (r *Reduce) foldRows(index []int, to, in []float32) {
	inner, fold, n := index[len(r.Dims):], r.fold(), len(to)
	first := in[r.In.at(index):][:n]
	for i := range count(r.Sums) {
		switch row := in[r.In.at(index):][:n]; i {
		case 0:
			if count(r.Sums) == 1 {
				copy(to, row)
			}
		case 1:
			fold(to, first, row)
		default:
			fold(to, to, row)
		}
		advance(r.Sums, inner)
	}
}

// reduceTile reduces n neighbouring outputs from index on into a part of scratch.
func (r *Reduce) reduceTile(index []int, n int, in, scratch []float32) []float32 {
	inner := index[len(r.Dims):]
	fold := r.fold()
	total, part := scratch[:n], scratch[tileSize:tileSize+n]
	for i := range count(r.Sums) {
		row := in[r.In.at(index):][:n]
		switch {
		case i%rowsTogether > 0:
			fold(part, part, row)
		case i == 0:
			copy(part, row)
		default:
			flush(total, part, fold, i)
			copy(part, row)
		}
		advance(r.Sums, inner)
	}
	flush(total, part, fold, count(r.Sums))
	return total
}

// flush folds a part that ends before row end into the total.
func flush(total, part []float32, fold binaryLoop, end int) {
	if end <= rowsTogether {
		copy(total, part)
		return
	}
	fold(total, total, part)
}

// PlainReduce computes all outputs. It is the specification of Reduce.
func PlainReduce[F Float](r *Reduce, out, in []F) {
	plainReduceRange(r, 0, count(r.Dims), out, in)
}

func plainReduceRange[F Float](r *Reduce, from, to int, out, in []F) {
	rank := len(r.Dims) + len(r.Sums)
	var at [MaxRank]int
	outer, inner := at[:len(r.Dims)], at[len(r.Dims):rank]
	indexOf(from, r.Dims, outer)
	n := count(r.Sums)
	for range to - from {
		acc := accumulator{op: r.Op, top: math.Inf(-1)}
		acc.begin()
		if r.Op == ReduceLogSumExp {
			for range n {
				acc.top = max(acc.top, float64(in[r.In.at(at[:rank])]))
				advance(r.Sums, inner)
			}
		}
		for range n {
			acc.add(float64(in[r.In.at(at[:rank])]))
			advance(r.Sums, inner)
		}
		to := &out[r.Out.at(outer)]
		if r.Accumulate {
			*to += F(acc.end(n))
		} else {
			*to = F(acc.end(n))
		}
		advance(r.Dims, outer)
	}
}

// accumulator is the plain reduction of one output, in float64.
type accumulator struct {
	op    ReduceOp
	value float64
	top   float64 // the largest, for ReduceLogSumExp
}

func (a *accumulator) begin() {
	switch a.op {
	case ReduceMax:
		a.value = math.Inf(-1)
	case ReduceMin:
		a.value = math.Inf(1)
	case ReduceProduct:
		a.value = 1
	}
}

func (a *accumulator) add(x float64) {
	switch a.op {
	case ReduceMax:
		a.value = max(a.value, x)
	case ReduceMin:
		a.value = min(a.value, x)
	case ReduceProduct:
		a.value *= x
	case ReduceLogSumExp:
		if x != a.top {
			x = math.Exp(x - a.top)
		} else {
			x = 1 // also where both are infinite
		}
		a.value += x
	default:
		a.value += x
	}
}

func (a *accumulator) end(n int) float64 {
	switch a.op {
	case ReduceMean:
		return a.value / float64(n)
	case ReduceLogSumExp:
		if math.IsInf(a.top, -1) {
			return a.top
		}
		return a.top + math.Log(a.value)
	}
	return a.value
}
