package kernel

// Contract describes a multilinear contraction: for every index of the output
// axes, the sum over the summed axes of the product of the operands,
//
//	out[f(i)] += Σ_s Π_p in_p[g_p(i, s)]
//
// where f and the g_p are affine: a View over the output axes for the output,
// over the output axes and then the summed axes for each operand. Windows,
// slices, diagonals and transposes are strides. Where f sends several indices to one
// element (the transpose of a window) their terms add up; pieces would race
// there, so a contraction is one piece.
//
// It is the specification of everything multilinear, and runs what no faster
// kernel takes. The output must not overlap an operand.
type Contract struct {
	Dims, Sums []int // sizes of the output axes and of the summed axes
	Out        View
	In         []View
	Accumulate bool // add to what out holds; otherwise the elements reached start at zero
}

func (c *Contract) mustBeWhole() {
	rank := len(c.Dims) + len(c.Sums)
	mustFitRank(rank)
	c.Out.mustHaveRank(len(c.Dims), "output")
	for _, v := range c.In {
		v.mustHaveRank(rank, "operand")
	}
}

// RunContract computes c. in holds one slice for each operand.
func RunContract[F Float](c *Contract, out []F, in ...[]F) {
	c.mustBeWhole()
	if !c.Accumulate {
		Fill(c.Dims, c.Out, out, 0)
	}
	if c.isLongOutside() {
		addLines(c, out, in)
	} else {
		addSums(c, out, in)
	}
}

// isLongOutside reports whether the innermost loop should run along the last
// output axis rather than the last summed axis: the longer of the two.
func (c *Contract) isLongOutside() bool {
	return len(c.Dims) > 0 && (len(c.Sums) == 0 || c.Dims[len(c.Dims)-1] > c.Sums[len(c.Sums)-1])
}

// addSums adds to each output in turn its sum.
func addSums[F Float](c *Contract, out []F, in [][]F) {
	var space [MaxRank]int
	index := space[:len(c.Dims)+len(c.Sums)]
	outer, inner := index[:len(c.Dims)], index[len(c.Dims):]
	length, last := 1, len(c.Sums)-1
	if last >= 0 {
		length = c.Sums[last]
	}
	for range count(c.Dims) {
		sum := F(0)
		for left := count(c.Sums); left > 0; left -= length {
			sum += sumLine(c, index, length, in)
			if last >= 0 {
				inner[last] = length - 1
			}
			advance(c.Sums, inner)
		}
		out[c.Out.at(outer)] += sum
		advance(c.Dims, outer)
	}
}

// sumLine sums the products along the last summed axis.
func sumLine[F Float](c *Contract, index []int, length int, in [][]F) F {
	sum, axis := F(0), len(index)-1
	if len(in) == 2 && axis >= 0 {
		a, b := &c.In[0], &c.In[1]
		ai, bi := a.at(index), b.at(index)
		for range length {
			sum += in[0][ai] * in[1][bi]
			ai += a.Strides[axis]
			bi += b.Strides[axis]
		}
		return sum
	}
	for k := range length {
		sum += product(c, index, axis, k, in)
	}
	return sum
}

// addLines adds one term of every output along the last output axis, then the
// next, so that each output still gets its terms in the order of the sums.
func addLines[F Float](c *Contract, out []F, in [][]F) {
	var space [MaxRank]int
	index := space[:len(c.Dims)+len(c.Sums)]
	outer, inner := index[:len(c.Dims)], index[len(c.Dims):]
	axis := len(c.Dims) - 1
	length := c.Dims[axis]
	for left := count(c.Dims); left > 0; left -= length {
		at := c.Out.at(outer)
		for range count(c.Sums) {
			addLine(c, index, axis, out, at, in)
			advance(c.Sums, inner)
		}
		outer[axis] = length - 1
		advance(c.Dims, outer)
	}
}

func addLine[F Float](c *Contract, index []int, axis int, out []F, at int, in [][]F) {
	step := c.Out.Strides[axis]
	if len(in) == 2 {
		a, b := &c.In[0], &c.In[1]
		ai, bi := a.at(index), b.at(index)
		for range c.Dims[axis] {
			out[at] += in[0][ai] * in[1][bi]
			at += step
			ai += a.Strides[axis]
			bi += b.Strides[axis]
		}
		return
	}
	for j := range c.Dims[axis] {
		out[at+j*step] += product(c, index, axis, j, in)
	}
}

// product multiplies the operands at an index, moved by steps along axis.
func product[F Float](c *Contract, index []int, axis, steps int, in [][]F) F {
	term := F(1)
	for p := range c.In {
		at := c.In[p].at(index)
		if axis >= 0 {
			at += steps * c.In[p].Strides[axis]
		}
		term *= in[p][at]
	}
	return term
}
