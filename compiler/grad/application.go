package grad

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// application is one box on the way back.
type application struct {
	*Sweep
	box        *diagram.Box
	cotangents []*diagram.Wire // of its outputs; nil: nothing was sent
	wants      []bool          // which inputs are to be sent something
}

// operand is a wire with its map into the index space of the box.
type operand struct {
	wire *diagram.Wire
	maps []diagram.Affine
}

// received is the cotangent of an output, found where the output is.
func (a *application) received(output int) operand {
	return operand{a.cotangents[output], a.box.Weave.Out[output]}
}

func (a *application) input(i int) operand  { return operand{a.box.In[i], a.box.Weave.In[i]} }
func (a *application) output(i int) operand { return operand{a.box.Out[i], a.box.Weave.Out[i]} }

// space is the box's index space, its degree first.
func (a *application) space() shape.Shape {
	return append(a.box.Weave.Degree[:len(a.box.Weave.Degree):len(a.box.Weave.Degree)], a.box.Weave.Own...)
}

// contracted is the sum of products over the box's index space, as a wire like the
// one given. Indices that only the result has are filled at the end, so that the
// products are taken once; that filling needs no memory.
func (a *application) contracted(in []operand, like operand) *diagram.Wire {
	order, summed := a.parted(like.maps)
	var reached []int
	for _, index := range order {
		if slices.ContainsFunc(in, func(o operand) bool { return uses(o.maps, index) }) {
			reached = append(reached, index)
		}
	}
	if len(in) == 1 || len(reached) == len(order) {
		return a.contraction(in, like, order, summed)
	}
	few := operand{wire: diagram.NewWire("")}
	for _, index := range reached {
		few.wire.Type.Axes = append(few.wire.Type.Axes, a.box.Weave.Index(index))
		few.maps = append(few.maps, diagram.At(index))
	}
	few.wire = a.contraction(in, few, reached, summed)
	return a.contraction([]operand{few}, like, order, nil)
}

// contraction sums over the indices `summed`; those of the result are its degree.
func (a *application) contraction(in []operand, like operand, degree, summed []int) *diagram.Wire {
	weave := diagram.Weave{Degree: a.box.Weave.Degree, Own: a.box.Weave.Own, Out: [][]diagram.Affine{like.maps}}
	wires := make([]*diagram.Wire, len(in))
	for i, o := range in {
		wires[i] = o.wire
		weave.In = append(weave.In, o.maps)
	}
	weave = weave.Reordered(slices.Concat(degree, summed), len(degree))
	return a.add(a.box, diagram.Contract{}, weave, wires, cotangentOf(like.wire))
}

// parted lists the indices that a wire has, in its order, and the others.
func (a *application) parted(maps []diagram.Affine) (its, others []int) {
	for _, m := range maps {
		for _, t := range m.Terms {
			if !slices.Contains(its, t.Index) {
				its = append(its, t.Index)
			}
		}
	}
	for i := range a.space() {
		if !slices.Contains(its, i) {
			others = append(others, i)
		}
	}
	return its, others
}

func uses(maps []diagram.Affine, index int) bool {
	return slices.ContainsFunc(maps, func(m diagram.Affine) bool {
		return slices.ContainsFunc(m.Terms, func(t diagram.AffineTerm) bool { return t.Index == index })
	})
}

// compute appends a Map over the first n indices of the box's space. Each result is
// a wire like the one given for it if that one has every index once; else it has
// all the n axes.
func (a *application) compute(p *diagram.Program, n int, in []operand, results []int, like []operand) []operand {
	op, ports := p.Assemble(results)
	weave := diagram.Weave{Degree: a.space()[:n]}
	wires := make([]*diagram.Wire, len(ports))
	for i, port := range ports {
		wires[i] = in[port].wire
		weave.In = append(weave.In, in[port].maps)
	}
	made := make([]operand, len(results))
	out := make([]*diagram.Wire, len(results))
	for i, l := range like {
		if l.wire == nil || !isWhole(l.maps, n) {
			l = operand{diagram.NewWire("", weave.Degree...), identity(n)}
			made[i] = l
		} else {
			made[i] = operand{cotangentOf(l.wire), l.maps}
		}
		out[i] = made[i].wire
		weave.Out = append(weave.Out, made[i].maps)
	}
	a.add(a.box, op, weave, wires, out...)
	return made
}

func isWhole(maps []diagram.Affine, n int) bool {
	_, ok := diagram.Permutation(maps, n)
	return ok
}

// send sends what was computed over the index space to an input: as it is, if the
// input is found there once, else added up.
func (a *application) send(input int, made operand) {
	if to := a.input(input); samePlaces(made.maps, to.maps, len(a.space())) {
		a.Send(to.wire, made.wire)
	} else {
		a.Send(to.wire, a.contracted([]operand{made}, to))
	}
}

// samePlaces reports whether two wires over n indices hold each of them at the same
// place.
func samePlaces(p, q []diagram.Affine, n int) bool {
	order, ok := diagram.Permutation(p, n)
	other, ok2 := diagram.Permutation(q, n)
	if !ok || !ok2 {
		return false
	}
	for i := range order {
		if order[i] != other[i] {
			return false
		}
	}
	return true
}

func identity(n int) []diagram.Affine {
	maps := make([]diagram.Affine, n)
	for i := range maps {
		maps[i] = diagram.At(i)
	}
	return maps
}
