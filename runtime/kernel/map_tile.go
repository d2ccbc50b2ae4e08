package kernel

// tileSize is how many elements an instruction runs over at a time: enough for
// its call to vanish, few enough for a program's registers to stay in the first
// cache.
const tileSize = 1024

// lie is how an operand's elements follow one another in row-major order of the
// index space.
type lie uint8

const (
	scattered  lie = iota // in any way
	contiguous            // side by side
	uniform               // all are the same element
)

// operandTiles says how to find a tile of an operand.
type operandTiles struct {
	lie    lie
	view   View // over the tiling's dims
	length int  // least length of the slice
}

// register says where a tile of an instruction's results is kept.
type register struct {
	place placeKind
	n     int // of the operand or output
	first int // where the first tile begins
	moves int // 1 if the next tile is the next stretch of memory, 0 if it is the same
}

type placeKind uint8

const (
	inScratch placeKind = iota
	inOperand
	inOutput
)

// tiling is a program made ready to run tile by tile.
type tiling struct {
	instrs    []tileInstr
	outputs   []int
	dims      []int // neighbours joined where every operand allows
	out, in   []operandTiles
	registers []register
	slots     int // tiles of scratch
}

func newTiling(p *Program, dims []int, out, in []View) tiling {
	t := tiling{instrs: fuseProducts(p), outputs: p.Outputs}
	dims, views := joinAxes(dims, append(append([]View(nil), out...), in...))
	t.dims = dims
	for i, v := range views {
		o := operandTiles{lieOf(v, dims), v, v.length(dims)}
		if i < len(out) {
			t.out = append(t.out, o)
		} else {
			t.in = append(t.in, o)
		}
	}
	t.placeRegisters()
	return t
}

func lieOf(v View, dims []int) lie {
	isUniform, isContiguous := true, true
	step := 1
	for k := len(dims) - 1; k >= 0; k-- {
		isUniform = isUniform && v.Strides[k] == 0
		isContiguous = isContiguous && v.Strides[k] == step
		step *= dims[k]
	}
	switch {
	case isContiguous:
		return contiguous
	case isUniform:
		return uniform
	}
	return scattered
}

// joinAxes drops axes of one place and joins neighbours that every view steps
// through as through one axis.
func joinAxes(dims []int, views []View) ([]int, []View) {
	var sizes []int
	joined := make([]View, len(views))
	for v := range views {
		joined[v].Offset = views[v].Offset
	}
	for k, d := range dims {
		if d == 1 {
			continue
		}
		last := len(sizes) - 1
		joins := last >= 0
		for v := range views {
			joins = joins && joined[v].Strides[last] == views[v].Strides[k]*d
		}
		for v := range views {
			if joins {
				joined[v].Strides[last] = views[v].Strides[k]
			} else {
				joined[v].Strides = append(joined[v].Strides, views[v].Strides[k])
			}
		}
		if joins {
			sizes[last] *= d
		} else {
			sizes = append(sizes, d)
		}
	}
	return sizes, joined
}

// placeRegisters decides for each instruction where its tiles are kept. Tiles
// of a contiguous operand are read where they are. A result goes straight to
// its contiguous output unless an operand is read later, which may be the same
// memory. All others share slots of scratch, a slot being free again after the
// last reader of its register.
func (t *tiling) placeRegisters() {
	lastUse, lastRead := t.lifetimes()
	t.registers = make([]register, len(t.instrs))
	var free []int
	for i, instr := range t.instrs {
		if instr.op == opAbsorbed {
			continue
		}
		if instr.op == OpInput && t.in[instr.args[0]].lie == contiguous {
			t.registers[i] = register{inOperand, instr.args[0], t.in[instr.args[0]].view.Offset, 1}
			continue
		}
		for _, r := range instr.reads() {
			if lastUse[r] == i && t.registers[r].place == inScratch && !t.isLoaded(r) {
				free = append(free, t.registers[r].first)
				lastUse[r] = -1 // it may be read twice here
			}
		}
		if o, ok := t.outputOf(i); ok && i >= lastRead && !t.isLoaded(i) {
			t.registers[i] = register{inOutput, o, t.out[o].view.Offset, 1}
			continue
		}
		if n := len(free); n > 0 && !t.isLoaded(i) {
			t.registers[i] = register{place: inScratch, first: free[n-1]}
			free = free[:n-1]
			continue
		}
		t.registers[i] = register{place: inScratch, first: t.slots * tileSize}
		t.slots++
	}
}

// lifetimes are the last reader of each register, the program's end for its
// outputs, and the last instruction that reads an operand in place.
func (t *tiling) lifetimes() (lastUse []int, lastRead int) {
	lastUse = make([]int, len(t.instrs))
	for i, instr := range t.instrs {
		for _, r := range instr.reads() {
			lastUse[r] = i
			if t.instrs[r].op == OpInput {
				lastRead = i
			}
		}
	}
	for _, r := range t.outputs {
		lastUse[r] = len(t.instrs)
		if t.instrs[r].op == OpInput {
			lastRead = len(t.instrs)
		}
	}
	return lastUse, lastRead
}

// isLoaded reports whether a register is filled before the instructions run, so
// that its slot is its own throughout.
func (t *tiling) isLoaded(r int) bool { return len(t.instrs[r].reads()) == 0 }

// outputOf is the first contiguous output that returns register r.
func (t *tiling) outputOf(r int) (int, bool) {
	for o, out := range t.outputs {
		if out == r && t.out[o].lie == contiguous {
			return o, true
		}
	}
	return 0, false
}

func (t *tiling) mustHold(out, in [][]float32) {
	if len(out) != len(t.out) || len(in) != len(t.in) {
		panic("kernel: map: wrong number of slices")
	}
	for i, o := range t.out {
		if len(out[i]) < o.length {
			panic("kernel: map: output is too short")
		}
	}
	for i, o := range t.in {
		if len(in[i]) < o.length {
			panic("kernel: map: operand is too short")
		}
	}
}

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

// fillConstants fills the tiles that are the same for all of a piece.
func (m *mapRun) fillConstants(n int) {
	for i, instr := range m.instrs {
		switch {
		case instr.op == OpConst:
			fill(m.of(i, 0, n), float32(instr.value))
		case instr.op == OpInput && m.tiling.in[instr.args[0]].lie == uniform && n > 0:
			fill(m.of(i, 0, n), m.in[instr.args[0]][m.tiling.in[instr.args[0]].view.Offset])
		}
	}
}

// fill doubles what it has filled, since copying is quicker than storing.
func fill[F Float](to []F, value F) {
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
