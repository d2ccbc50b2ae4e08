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

// RunContract computes c. in holds one slice for each operand.
func RunContract[F Float](c *Contract, out []F, in ...[]F) {
	rank := len(c.Dims) + len(c.Sums)
	mustFitRank(rank)
	c.Out.mustHaveRank(len(c.Dims), "output")
	for _, v := range c.In {
		v.mustHaveRank(rank, "operand")
	}
	var index [MaxRank]int
	outer, inner := index[:len(c.Dims)], index[len(c.Dims):rank]
	if !c.Accumulate {
		for range count(c.Dims) {
			out[c.Out.at(outer)] = 0
			advance(c.Dims, outer)
		}
	}
	for range count(c.Dims) {
		var sum F
		for range count(c.Sums) {
			sum += term(c, index[:rank], in)
			advance(c.Sums, inner)
		}
		out[c.Out.at(outer)] += sum
		advance(c.Dims, outer)
	}
}

func term[F Float](c *Contract, index []int, in [][]F) F {
	product := F(1)
	for p, v := range c.In {
		product *= in[p][v.at(index)]
	}
	return product
}
