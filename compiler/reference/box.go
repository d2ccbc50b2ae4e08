package reference

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"ncd/compiler/diagram"
)

// box runs one box and binds the wires it makes.
func (f *frame) box(b *diagram.Box) error {
	for _, w := range b.Out {
		f.arrays[w] = New(sizes(w.Type.Axes)...)
	}
	switch op := b.Op.(type) {
	case diagram.Composite:
		return f.lifted(b, []*diagram.Diagram{op.Body}, func(int) []string { return f.below(b.Name) })
	case diagram.Repeat:
		return f.repeat(b, op)
	case diagram.Scan:
		return f.scan(b, op)
	case diagram.Linear:
		return f.linear(b, op)
	case diagram.Scale:
		return f.scale(b, op)
	case diagram.Gradient:
		return f.gradient(b)
	case diagram.Learned:
		a, err := f.weight(op.Weight)
		if err != nil {
			return err
		}
		contract(spaceOf(b.Weave), []port{{a, ownMaps(b)}}, f.ports(b)[0])
		return nil
	case diagram.Opaque:
		return fmt.Errorf("what is behind the name %q is not known here", op.Name)
	case diagram.Push, diagram.Pull, diagram.Ahead:
		return fmt.Errorf("only a learning rule gives it a meaning")
	}
	run(b, f.ports(b))
	return nil
}

// ports lists those of the inputs, then those of the outputs.
func (f *frame) ports(b *diagram.Box) []port {
	var ports []port
	for i, w := range b.In {
		ports = append(ports, port{f.arrays[w], b.Weave.In[i]})
	}
	for i, w := range b.Out {
		ports = append(ports, port{f.arrays[w], b.Weave.Out[i]})
	}
	return ports
}

// ownMaps are the maps of an array that has just the own axes of a box.
func ownMaps(b *diagram.Box) []diagram.Affine {
	var maps []diagram.Affine
	for i := range b.Weave.Own {
		maps = append(maps, diagram.At(len(b.Weave.Degree)+i))
	}
	return maps
}

// run runs a box that has neither weights nor a body.
func run(b *diagram.Box, ports []port) {
	s := spaceOf(b.Weave)
	switch op := b.Op.(type) {
	case diagram.Contract, diagram.View, diagram.Sum:
		contract(s, ports[:len(ports)-1], ports[len(ports)-1])
	case diagram.Map:
		mapped(s, op, ports)
	case diagram.Reduce:
		s.each(s.degree, func(i []int) { reduce(s, op.Fn, i, ports[0], ports[1]) })
	case diagram.Softmax:
		s.each(s.degree, func(i []int) { softmax(s, op.Log, i, ports[0], ports[1]) })
	case diagram.Take:
		s.each(s.degree, func(i []int) { *ports[2].at(i) = *ports[0].at(along(s, i, ports[1])) })
	case diagram.Put:
		s.each(s.degree, func(i []int) { *ports[2].at(along(s, i, ports[1])) += *ports[0].at(i) })
	case diagram.Constant, diagram.Random, diagram.Places:
		source(b, s, ports[0])
	case diagram.OneHot:
		s.each(len(s.dims), func(i []int) { *ports[1].at(i) = truth(float64(i[s.degree]) == *ports[0].at(i)) })
	case diagram.Lens:
		for j := range b.Out {
			from, to := ports[op.From+j], ports[len(b.In)+j]
			s.each(len(s.dims), func(i []int) { *to.at(i) = *from.at(i) })
		}
	case diagram.Undo:
		for j := range b.Out {
			from, to := ports[j], ports[len(b.In)+j]
			s.each(len(s.dims), func(i []int) { *to.at(i) = *from.at(i) })
		}
	case diagram.Detach:
		s.each(len(s.dims), func(i []int) { *ports[1].at(i) = *ports[0].at(i) })
	}
}

func contract(s space, in []port, out port) {
	s.each(len(s.dims), func(i []int) {
		product := 1.0
		for _, p := range in {
			product *= *p.at(i)
		}
		*out.at(i) += product
	})
}

func mapped(s space, m diagram.Map, ports []port) {
	in := len(ports) - len(m.Results)
	s.each(len(s.dims), func(i []int) {
		var registers []float64
		for _, p := range ports[:in] {
			registers = append(registers, *p.at(i))
		}
		for _, instr := range m.Program {
			registers = append(registers, outcome(instr, registers))
		}
		for j, r := range m.Results {
			*ports[in+j].at(i) = registers[r]
		}
	})
}

func outcome(instr diagram.Instr, registers []float64) float64 {
	if instr.Fn == diagram.FnConstant {
		return number(instr.Value)
	}
	var args []float64
	for _, a := range instr.Args {
		args = append(args, registers[a])
	}
	return Scalar(instr.Fn, args...)
}

func number(n diagram.Number) float64 {
	x, ok := n.Float()
	if !ok {
		panic("reference: " + n.String() + " is not a number yet")
	}
	return x
}

// along is the index with the box's own axis at the place that is looked up.
func along(s space, index []int, places port) []int {
	index[s.degree] = 0
	index[s.degree] = int(*places.at(index))
	return index
}

func reduce(s space, fn string, index []int, in, out port) {
	var row []float64
	s.eachOwn(index, func(i []int) { row = append(row, *in.at(i)) })
	result := row[0]
	switch fn {
	case "mean":
		result = total(row) / float64(len(row))
	case "logsumexp":
		result = logSumExp(row)
	case "argmax", "argmin":
		result = float64(extreme(fn == "argmax", row))
	default:
		for _, x := range row[1:] {
			result = Scalar(map[string]diagram.Fn{"max": diagram.FnMax, "min": diagram.FnMin, "product": diagram.FnMul}[fn], result, x)
		}
	}
	*out.at(index) = result
}

func total(row []float64) float64 {
	sum := 0.0
	for _, x := range row {
		sum += x
	}
	return sum
}

func logSumExp(row []float64) float64 {
	top := row[extreme(true, row)]
	if math.IsInf(top, -1) {
		return top
	}
	sum := 0.0
	for _, x := range row {
		sum += math.Exp(x - top)
	}
	return top + math.Log(sum)
}

// extreme is the first place of the largest number of a row, or of the smallest.
func extreme(largest bool, row []float64) int {
	best := 0
	for i, x := range row {
		if largest && x > row[best] || !largest && x < row[best] {
			best = i
		}
	}
	return best
}

func softmax(s space, log bool, index []int, in, out port) {
	var row []float64
	s.eachOwn(index, func(i []int) { row = append(row, *in.at(i)) })
	sum := logSumExp(row)
	s.eachOwn(index, func(i []int) {
		x := *in.at(i) - sum
		switch {
		case math.IsInf(sum, -1):
			x = 0
		case !log:
			x = math.Exp(x)
		}
		*out.at(i) = x
	})
}

func source(b *diagram.Box, s space, out port) {
	draw := func([]int) float64 { return 0 }
	switch op := b.Op.(type) {
	case diagram.Constant:
		draw = func([]int) float64 { return number(op.Value) }
	case diagram.Places:
		draw = func(i []int) float64 { return float64(i[s.degree]) }
	case diagram.Random:
		draw = drawn(op)
	}
	s.each(len(s.dims), func(i []int) { *out.at(i) = draw(i) })
}

// drawn draws from a seed that is the name of the stream, so that every run draws
// the same.
func drawn(op diagram.Random) func([]int) float64 {
	h := fnv.New64a()
	h.Write([]byte(op.Stream))
	r := rand.New(rand.NewPCG(h.Sum64(), 0))
	return func([]int) float64 {
		switch op.Distribution {
		case "normal":
			return op.Scale * r.NormFloat64()
		case "sign":
			return op.Scale * float64(2*r.IntN(2)-1)
		}
		return op.Scale * r.Float64()
	}
}
