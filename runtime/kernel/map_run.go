package kernel

// mapRun is a piece under way.
type mapRun struct {
	*tiling
	out, in [][]float32
	scratch []float32
}

// of is the tile of n elements from number from on that register r holds.
func (m *mapRun) of(r, from, n int) []float32 {
	reg := &m.registers[r]
	at := reg.first + reg.moves*from
	switch reg.place {
	case inOperand:
		return m.in[reg.n][at : at+n]
	case inOutput:
		return m.out[reg.n][at : at+n]
	default:
		return m.scratch[at : at+n]
	}
}

// fillConstants fills the tiles that are the same for all of a piece, which begins at
// number from.
func (m *mapRun) fillConstants(from, n int) {
	for i, instr := range m.instrs {
		switch {
		case instr.op == OpConst:
			fill(m.of(i, 0, n), float32(instr.value))
		case instr.op != OpInput || n <= 0:
		case m.tiling.in[instr.args[0]].lie == uniform:
			fill(m.of(i, 0, n), m.in[instr.args[0]][m.tiling.in[instr.args[0]].view.Offset])
		case m.tiling.in[instr.args[0]].lie == periodic:
			gather(m.of(i, 0, n), m.in[instr.args[0]], m.tiling.in[instr.args[0]].view, m.dims, from)
		}
	}
}

// fill doubles what it has filled, since copying is quicker than storing.
func fill[T any](to []T, value T) {
	start := min(len(to), 16)
	for i := range start {
		to[i] = value
	}
	for n := start; n < len(to); {
		n += copy(to[n:], to[:n])
	}
}

// tile runs the program over n elements from number from on.
func (m *mapRun) tile(from, n int) {
	for i, instr := range m.instrs {
		if instr.op == OpInput && m.tiling.in[instr.args[0]].lie == scattered {
			gather(m.of(i, from, n), m.in[instr.args[0]], m.tiling.in[instr.args[0]].view, m.dims, from)
		}
	}
	for i := range m.instrs {
		m.compute(i, from, n)
	}
	for o, r := range m.outputs {
		out := &m.tiling.out[o]
		switch {
		case m.registers[r].place == inOutput && m.registers[r].n == o:
		case out.lie == contiguous:
			copy(m.out[o][out.view.Offset+from:][:n], m.of(r, from, n))
		default:
			scatter(m.out[o], m.of(r, from, n), out.view, m.dims, from)
		}
	}
}

func (m *mapRun) compute(i, from, n int) {
	instr := &m.instrs[i]
	args := instr.args
	if len(args) == 0 || instr.op == OpInput {
		return
	}
	to, a := m.of(i, from, n), m.of(args[0], from, n)
	switch len(args) {
	case 1:
		loops.unary[instr.op](to, a)
	case 2:
		loops.binary[instr.op](to, a, m.of(args[1], from, n))
	case 3:
		loops.ternary[instr.op](to, a, m.of(args[1], from, n), m.of(args[2], from, n))
	case 4:
		loops.mulAddMul(to, a, m.of(args[1], from, n), m.of(args[2], from, n), m.of(args[3], from, n))
	}
}

// gather copies the elements of a view from number from on, side by side.
func gather(to, from []float32, v View, dims []int, first int) {
	if last := len(dims) - 1; last > 0 && v.Strides[last] == 0 && first%dims[last] == 0 && len(to)%dims[last] == 0 {
		spreadRows(to, from, v, dims, first)
		return
	}
	eachRun(len(to), v, dims, first, func(done, n, at, stride int) {
		switch stride {
		case 0:
			fill(to[done:done+n], from[at])
		case 1:
			copy(to[done:done+n], from[at:at+n])
		default:
			for i := range n {
				to[done+i] = from[at+i*stride]
			}
		}
	})
}

// spreadRows is gather where whole rows of the innermost axis show one element each.
func spreadRows(to, from []float32, v View, dims []int, first int) {
	last := len(dims) - 1
	size := dims[last]
	outer := View{v.Offset, v.Strides[:last]}
	eachRun(len(to)/size, outer, dims[:last], first/size, func(done, n, at, stride int) {
		if stride < 0 {
			for i := range n {
				fill(to[(done+i)*size:(done+i+1)*size], from[at+i*stride])
			}
			return
		}
		rows.spread(&to[done*size], &from[at], n, size, stride)
	})
}

// scatter is the transpose of gather.
func scatter(to, from []float32, v View, dims []int, first int) {
	eachRun(len(from), v, dims, first, func(done, n, at, stride int) {
		if stride == 1 {
			copy(to[at:at+n], from[done:done+n])
			return
		}
		for i := range n {
			to[at+i*stride] = from[done+i]
		}
	})
}

// eachRun hands out the stretches along the innermost axis that n elements from
// number first on fall into: how many went before, how many there are, where the first
// lies and how far apart they are. dims is not empty.
func eachRun(n int, v View, dims []int, first int, do func(done, n, at, stride int)) {
	var space [MaxRank]int
	index := space[:len(dims)]
	indexOf(first, dims, index)
	last := len(dims) - 1
	for done := 0; done < n; {
		run := min(dims[last]-index[last], n-done)
		do(done, run, v.at(index), v.Strides[last])
		done += run
		index[last] = dims[last] - 1
		advance(dims, index)
	}
}
