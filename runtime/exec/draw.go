package exec

import (
	"hash/fnv"

	"ncd/compiler/plan"
	"ncd/runtime/initial"
	"ncd/runtime/kernel"
)

// firstValues writes what a buffer holds before the first run. Weights are drawn
// by their path, so that one weight more in the program leaves the others alone.
func (b *binder[F]) firstValues(buffer plan.Buffer) {
	if buffer.DType == plan.Int32 || buffer.Role == plan.Own {
		return
	}
	to := b.numbers[buffer.Offset : buffer.Offset+buffer.Len()]
	for i, x := range buffer.Value {
		to[i] = F(x)
	}
	fixed, name := buffer.Fixed, buffer.Name
	if buffer.Role == plan.Constant {
		name = ""
	}
	if fixed.Like != "" {
		name = fixed.Like
	}
	switch fixed.Kind {
	case "":
	case "constant":
		for i := range to {
			to[i] = F(fixed.Scale)
		}
	case "pca", "kmeans":
	case "truncated", "orthogonal", "dct", "gabor":
		shaped(to, buffer.Dims, fixed, keyOf(b.machine.seed, name+"\x00"+fixed.Stream))
	default:
		draw(to, fixed.Kind, fixed.Scale, keyOf(b.machine.seed, name+"\x00"+fixed.Stream), 0)
	}
}

// shaped writes the matrices of a weight, each with draws of its own.
func shaped[F kernel.Float](to []F, dims []int, fixed plan.Fixed, key kernel.Key) {
	m := MatrixOf(dims, fixed)
	n := m.Rows() * m.Out
	for first := 0; first < len(to); first += n {
		for i, x := range initial.Forms[fixed.Kind](m, initial.Draws{Key: key, First: first}) {
			to[first+i] = F(fixed.Scale * x)
		}
	}
}

// MatrixOf is how the matrices of a weight lie whose first values have a form.
func MatrixOf(dims []int, fixed plan.Fixed) initial.Matrix {
	from := fixed.Apart + fixed.From
	return initial.Matrix{In: dims[fixed.Apart:from], Out: plan.Count(dims[from:])}
}

// keyOf is the key of the draws of that name: run 0 of it.
func keyOf(seed uint64, name string) kernel.Key {
	h := fnv.New64a()
	h.Write([]byte(name))
	sum := h.Sum64()
	return kernel.Key{Seed: seed ^ sum, Stream: uint32(sum >> 32)}
}

// draw writes the numbers from index first on of a distribution: "normal",
// "uniform" from -scale to scale, "unit" from 0 to scale, "sign" scale or -scale.
func draw[F kernel.Float](to []F, distribution string, scale float64, key kernel.Key, first int) {
	if distribution == "normal" {
		kernel.Normal(to, key, first)
	} else {
		kernel.Uniform(to, key, first)
	}
	switch distribution {
	case "uniform":
		for i, x := range to {
			to[i] = 2*x - 1
		}
	case "sign":
		for i, x := range to {
			if to[i] = 1; x < 0.5 {
				to[i] = -1
			}
		}
	}
	if scale != 1 {
		for i := range to {
			to[i] *= F(scale)
		}
	}
}
