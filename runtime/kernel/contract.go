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
	var index [MaxRank]int
	outer, all := index[:len(c.Dims)], index[:len(c.Dims)+len(c.Sums)]
	if !c.Accumulate {
		Fill(c.Dims, c.Out, out, 0)
	}
	for range count(c.Dims) {
		out[c.Out.at(outer)] += sumOfProducts(c, all, in)
		advance(c.Dims, outer)
	}
}

// sumOfProducts is one output's term: the sum over all summed axes.
func sumOfProducts[F Float](c *Contract, index []int, in [][]F) F {
	last := len(c.Sums) - 1
	if last < 0 {
		return product(c, index, in)
	}
	inner, length := index[len(c.Dims):], c.Sums[last]
	sum := F(0)
	for n := count(c.Sums); n > 0; n -= length {
		if len(in) == 2 {
			a, b := c.In[0], c.In[1]
			sum += dot(in[0], in[1], a.at(index), b.at(index), a.Strides[len(index)-1], b.Strides[len(index)-1], length)
			inner[last] = length - 1
			advance(c.Sums, inner)
			continue
		}
		for range length {
			sum += product(c, index, in)
			advance(c.Sums, inner)
		}
	}
	return sum
}

func dot[F Float](a, b []F, ai, bi, aStep, bStep, n int) F {
	sum := F(0)
	for range n {
		sum += a[ai] * b[bi]
		ai += aStep
		bi += bStep
	}
	return sum
}

func product[F Float](c *Contract, index []int, in [][]F) F {
	term := F(1)
	for p, v := range c.In {
		term *= in[p][v.at(index)]
	}
	return term
}
