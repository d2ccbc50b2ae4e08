package cost

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// workOf is the work of one box of the flat core form.
func workOf(b *diagram.Box) Work {
	places := axesOf(b).Places()
	each := func(n int) Work { return Work{Scalar: places.Mul(shape.Int(n))} }
	switch op := b.Op.(type) {
	case diagram.Contract, diagram.View, diagram.Sum:
		return contraction(b)
	case diagram.Map:
		n := 0
		for _, in := range op.Program {
			n += operationsOf(in.Fn)
		}
		return each(n)
	case diagram.Reduce:
		return reduction(b, op)
	case diagram.Softmax:
		return each(perSoftmax)
	case diagram.Put:
		return Work{Scalar: b.In[0].Type.Axes.Places()}
	}
	return Work{}
}

func axesOf(b *diagram.Box) shape.Shape { return slices.Concat(b.Weave.Degree, b.Weave.Own) }

func reduction(b *diagram.Box, op diagram.Reduce) Work {
	w := Work{Scalar: axesOf(b).Places().Mul(shape.Int(perReduced(op.Fn)))}
	if op.Fn == "mean" {
		w.Scalar = w.Scalar.Add(b.Weave.Degree.Places())
	}
	return w
}

// contraction is the work of a product and sum. Operands that do not move, such as a
// constant, multiply each result once.
func contraction(b *diagram.Box) Work {
	w := b.Weave
	moving := slices.DeleteFunc(slices.Clone(w.In), func(port []diagram.Affine) bool { return len(indicesOf(w, port)) == 0 })
	if len(moving) == 0 {
		return Work{}
	}
	read, reached := indicesOf(w, slices.Concat(moving...)), indicesOf(w, b.Weave.Out[0])
	results := placesOf(w, func(i int) bool { return slices.Contains(read, i) && slices.Contains(reached, i) })
	all := placesOf(w, func(i int) bool { return slices.Contains(read, i) || slices.Contains(reached, i) })
	scaling := results.Mul(shape.Int(len(w.In) - len(moving)))
	products := func(n int) Work { return Work{Scalar: all.Mul(shape.Int(n)).Add(scaling)} }
	switch isSummed := sums(w, reached); {
	case isSummed && len(moving) > 1:
		work := products(len(moving) - 2)
		work.MultiplyAdds = all
		return work
	case isSummed:
		return products(1)
	}
	return products(len(moving) - 1)
}

// indicesOf lists the indices of more than one place along which a wire moves.
func indicesOf(w diagram.Weave, port []diagram.Affine) []int {
	var list []int
	for _, a := range port {
		for _, t := range a.Terms {
			if !w.Index(t.Index).Size.Equal(shape.Int(1)) && !t.Stride.IsZero() && !slices.Contains(list, t.Index) {
				list = append(list, t.Index)
			}
		}
	}
	return list
}

// placesOf is how many places the indices have that a claim holds of.
func placesOf(w diagram.Weave, holds func(index int) bool) shape.Size {
	n := shape.Int(1)
	for i := range len(w.Degree) + len(w.Own) {
		if holds(i) {
			n = n.Mul(w.Index(i).Size)
		}
	}
	return n
}

// sums reports whether several places of the index space are added up at one place
// of the output: it stands still along an index that an operand moves along, or two
// indices lead to one axis and their places overlap.
func sums(w diagram.Weave, reached []int) bool {
	isMissed := func(i int) bool { return !slices.Contains(reached, i) }
	return slices.ContainsFunc(indicesOf(w, slices.Concat(w.In...)), isMissed) ||
		slices.ContainsFunc(w.Out[0], func(a diagram.Affine) bool { return overlaps(w, a) })
}

// overlaps reports whether two places of the index space may lead to one place of an
// axis. They do not where every stride but one passes all places of another index, a
// different one each, as in an axis that was merged.
func overlaps(w diagram.Weave, a diagram.Affine) bool {
	terms := slices.DeleteFunc(slices.Clone(a.Terms), func(t diagram.AffineTerm) bool { return w.Index(t.Index).Size.Equal(shape.Int(1)) })
	passed := map[int]bool{}
	for _, t := range terms {
		nearest, least := -1, 0
		for _, u := range terms {
			beyond, ok := t.Stride.Sub(u.Stride.Mul(w.Index(u.Index).Size)).Int()
			if ok && beyond >= 0 && u.Index != t.Index && !passed[u.Index] && (nearest < 0 || beyond < least) {
				nearest, least = u.Index, beyond
			}
		}
		if nearest >= 0 {
			passed[nearest] = true
		}
	}
	return len(passed) < len(terms)-1
}
