package kernel

// tileSize is how many elements an instruction runs over at a time at most: enough for
// its call to vanish, few enough for a program's registers to stay in the first
// cache.
const tileSize = 1024

// lie is how an operand's elements follow one another in row-major order of the
// index space.
type lie uint8

const (
	scattered  lie = iota // in any way
	periodic              // the same again and again, the period in whole tiles
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
	slots     int      // tiles of scratch
	tile      int      // elements of a tile: whole rows of the innermost axis, if they fit
	moments   *moments // in place of all instructions, or nil
}

func newTiling(p *Program, dims []int, out, in []View) tiling {
	t := tiling{instrs: fuse(p), outputs: p.Outputs}
	dims, views := joinAxes(dims, append(append([]View(nil), out...), in...))
	t.dims, t.tile = dims, tileSize
	if n := len(dims); n > 0 && dims[n-1] > 0 && dims[n-1] <= tileSize {
		t.tile = tileSize / dims[n-1] * dims[n-1]
	}
	for i, v := range views {
		o := operandTiles{t.lieOf(v), v, v.length(dims)}
		if i < len(out) {
			t.out = append(t.out, o)
		} else {
			t.in = append(t.in, o)
		}
	}
	if t.moments = t.momentsOf(p); t.moments == nil {
		t.placeRegisters()
	}
	return t
}

func (t *tiling) lieOf(v View) lie {
	isContiguous, step, period := true, 1, 1
	for k := len(t.dims) - 1; k >= 0; k-- {
		isContiguous = isContiguous && v.Strides[k] == step
		step *= t.dims[k]
		if v.Strides[k] != 0 {
			period = step
		}
	}
	switch {
	case isContiguous:
		return contiguous
	case period == 1:
		return uniform
	case period > 0 && t.tile%period == 0:
		return periodic
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
