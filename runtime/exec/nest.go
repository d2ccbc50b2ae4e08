package exec

import (
	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

// nestPieces is how many pieces a nest falls into at most.
const nestPieces = 64

// nest is a nest made ready.
type nest[F kernel.Float] struct {
	dims    []int
	places  int
	pieces  int
	members []member[F]
	frames  []frame[F] // one a worker
}

// member is a step of a nest.
type member[F kernel.Float] struct {
	work[F]
	out, in []operand[F]
}

// operand is what a view shows at the first place, and how far it moves from place to
// place; or a part of the worker's own memory.
type operand[F kernel.Float] struct {
	elements []F
	strides  []int // over the nest's dims
	isOwn    bool
	from, to int // of the worker's own
}

// frame is what one worker needs to run a nest: the operands of every member at a
// place.
type frame[F kernel.Float] struct {
	index   []int
	out, in [][][]F
	own     []F
}

func (b *binder[F]) nest(k plan.Nest) (call, error) {
	n := &nest[F]{dims: k.Dims, places: plan.Count(k.Dims)}
	n.pieces = min(n.places, nestPieces)
	scratch := 0
	for _, s := range k.Steps {
		m, err := b.member(s, len(k.Dims))
		if err != nil {
			return call{}, err
		}
		n.members = append(n.members, m)
		scratch = max(scratch, m.scratch)
	}
	for _, own := range b.own {
		n.frames = append(n.frames, newFrame(n.members, len(n.dims), own))
	}
	return call{pieces: n.pieces, scratch: scratch, run: func(piece int, space *workspace) error {
		n.run(piece, &n.frames[space.worker], space.scratch)
		return nil
	}}, nil
}

// member makes a step's kernel for one place.
func (b *binder[F]) member(s plan.Step, rank int) (member[F], error) {
	var m member[F]
	strip := func(views []plan.View) (inside []plan.View, operands []operand[F]) {
		for _, v := range views {
			inside = append(inside, plan.View{Buffer: v.Buffer, Offset: v.Offset, Strides: v.Strides[rank:]})
			operands = append(operands, b.operand(v, rank))
		}
		return inside, operands
	}
	inside := plan.Step{Kernel: s.Kernel}
	inside.Out, m.out = strip(s.Out)
	inside.In, m.in = strip(s.In)
	var err error
	m.work, err = b.work(inside)
	return m, err
}

func (b *binder[F]) operand(v plan.View, rank int) operand[F] {
	if buffer := b.machine.plan.Buffers[v.Buffer]; buffer.Role == plan.Own {
		return operand[F]{isOwn: true, from: buffer.Offset, to: buffer.Offset + buffer.Len()}
	}
	return operand[F]{elements: b.elements(v), strides: v.Strides[:rank]}
}

func newFrame[F kernel.Float](members []member[F], rank int, own []F) frame[F] {
	f := frame[F]{index: make([]int, rank), own: own}
	for _, m := range members {
		f.out = append(f.out, make([][]F, len(m.out)))
		f.in = append(f.in, make([][]F, len(m.in)))
	}
	return f
}

// run runs all steps at the places of one piece.
func (n *nest[F]) run(piece int, f *frame[F], scratch []float32) {
	from, to := n.places*piece/n.pieces, n.places*(piece+1)/n.pieces
	for axis, left := len(n.dims)-1, from; axis >= 0; axis-- {
		f.index[axis] = left % n.dims[axis]
		left /= n.dims[axis]
	}
	for range to - from {
		for i := range n.members {
			m := &n.members[i]
			f.point(f.out[i], m.out)
			f.point(f.in[i], m.in)
			for piece := range m.pieces {
				m.run(piece, f.out[i], f.in[i], scratch)
			}
		}
		n.advance(f.index)
	}
}

// point writes the slices that operands are at the frame's place.
func (f *frame[F]) point(to [][]F, operands []operand[F]) {
	for i := range operands {
		o := &operands[i]
		if o.isOwn {
			to[i] = f.own[o.from:o.to:o.to]
			continue
		}
		moved := 0
		for axis, place := range f.index {
			moved += place * o.strides[axis]
		}
		to[i] = o.elements[moved:]
	}
}

func (n *nest[F]) advance(index []int) {
	for axis := len(index) - 1; axis >= 0; axis-- {
		if index[axis]++; index[axis] < n.dims[axis] {
			return
		}
		index[axis] = 0
	}
}
