package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Verify checks the promises of a plan and returns the first that is broken: every
// view has a stride for each axis and stays inside its buffer; every buffer stays
// inside its arena; what a step reads was written before or is carried in; no two
// buffers that live at the same time overlap; every output is written; results of
// a step do not lie on what it reads, except that a Map or Softmax may write just
// the elements that it reads.
func Verify(p *Plan) error {
	written := make([]bool, len(p.Buffers))
	for i, b := range p.Buffers {
		written[i] = b.Role != Temporary && b.Role != Output && b.Role != Own
		if err := p.verifyBuffer(b); err != nil {
			return fmt.Errorf("plan %s, buffer %%%d %s: %w", p.Name, i, b.Name, err)
		}
	}
	for i, s := range p.Steps {
		if err := p.verifyStep(s, written); err != nil {
			return fmt.Errorf("plan %s, step %d %s: %w", p.Name, i, s, err)
		}
	}
	for i, b := range p.Buffers {
		if b.Role == Output && !written[i] {
			return fmt.Errorf("plan %s: output %s is never written", p.Name, b.Name)
		}
	}
	return p.verifyMemory()
}

func (p *Plan) verifyBuffer(b Buffer) error {
	arena := p.Numbers
	if b.Role == Own {
		arena = b.Offset + b.Len() // the nest knows how much there is
	}
	if b.DType == Int32 {
		arena = p.Places
	} else if b.DType != p.Float {
		return fmt.Errorf("%s in a plan of %s", b.DType, p.Float)
	}
	if len(b.Axes) != len(b.Dims) {
		return fmt.Errorf("%d labels for %d axes", len(b.Axes), len(b.Dims))
	}
	if b.Offset < 0 || b.Offset+b.Len() > arena {
		return fmt.Errorf("from %d to %d in an arena of %d", b.Offset, b.Offset+b.Len(), arena)
	}
	return nil
}

func (p *Plan) verifyStep(s Step, written []bool) error {
	spaces, err := SpacesOf(s)
	if err != nil {
		return err
	}
	for i, v := range slices.Concat(s.In, s.Out) {
		if err := p.verifyView(v, spaces[i]); err != nil {
			return fmt.Errorf("view %d: %w", i, err)
		}
	}
	for _, v := range s.In {
		if !written[v.Buffer] {
			return fmt.Errorf("%%%d is read before it is written", v.Buffer)
		}
	}
	for _, v := range s.Out {
		if s.accumulates() && !written[v.Buffer] {
			return fmt.Errorf("%%%d is added to before it is written", v.Buffer)
		}
		if r := p.Buffers[v.Buffer].Role; r == Input || r == Constant {
			return fmt.Errorf("writes the %s %s", r, p.Buffers[v.Buffer].Name)
		}
		if !s.mayWrite(v) {
			return fmt.Errorf("%%%d is written while it is read", v.Buffer)
		}
		written[v.Buffer] = true
	}
	if n, ok := s.Kernel.(Nest); ok {
		return p.verifyNest(n, s)
	}
	return nil
}

func (s Step) accumulates() bool {
	switch k := s.Kernel.(type) {
	case Gemm:
		return k.Accumulate
	case Contract:
		return k.Accumulate
	}
	return false
}

// mayWrite reports whether an output leaves the operands alone, or the kernel
// works in place and this is the very view.
func (s Step) mayWrite(out View) bool {
	if _, isNest := s.Kernel.(Nest); isNest {
		return true // its own steps are looked at one by one
	}
	return !slices.ContainsFunc(s.In, func(in View) bool {
		return in.Buffer == out.Buffer && !(s.IsElementwise() && in.Equal(out))
	})
}

// IsElementwise reports whether the step may write where it reads, if the views
// are the same.
func (s Step) IsElementwise() bool {
	switch s.Kernel.(type) {
	case Map, Softmax:
		return true
	}
	return false
}

// Equal reports whether two views are the same elements in the same order.
func (v View) Equal(u View) bool {
	return v.Buffer == u.Buffer && v.Offset == u.Offset && slices.Equal(v.Strides, u.Strides)
}

// SpacesOf lists for each view of a step, inputs first, the sizes that its strides
// are over. It errs where the step has not the views that its kernel wants.
func SpacesOf(s Step) ([][]int, error) {
	in, out := len(s.In), len(s.Out)
	same := func(dims []int) [][]int { return slices.Repeat([][]int{dims}, in+out) }
	want := func(wantIn, wantOut int, spaces ...[]int) ([][]int, error) {
		if in != wantIn || out != wantOut {
			return nil, fmt.Errorf("%d operands and %d results, want %d and %d", in, out, wantIn, wantOut)
		}
		return spaces, nil
	}
	switch k := s.Kernel.(type) {
	case Gemm:
		return want(max(2, min(in, 3)), 1, k.spaces(in)...)
	case Winograd:
		return want(max(2, min(in, 3)), 1, k.spaces(in)...)
	case Contract:
		return want(in, 1, same(k.Dims)...)
	case Map:
		return want(in, len(k.Results), same(k.Dims)...)
	case Reduce:
		return want(1, 1, k.Dims, k.Dims[:len(k.Dims)-k.Reduced])
	case OneHot:
		return want(1, 1, k.Dims[:len(k.Dims)-1], k.Dims)
	case Softmax:
		return want(1, 1, same(k.Dims)...)
	case Take:
		return want(2, 1, same(k.Dims)...)
	case Put:
		return want(2, 1, same(k.Dims)...)
	case Random:
		return want(0, 1, k.Dims)
	case Fill:
		return want(0, 1, k.Dims)
	case Copy:
		return want(1, 1, same(k.Dims)...)
	case Opaque:
		return want(1, 1, slices.Concat(k.Degree, k.From), slices.Concat(k.Degree, k.To))
	case Nest:
		return same([]int{}), nil
	}
	return nil, errors.New("unknown kernel")
}

func (g Gemm) spaces(in int) [][]int {
	c := slices.Concat(g.Batch, []int{g.M, g.N})
	spaces := [][]int{slices.Concat(g.Batch, g.Taps, []int{g.M, g.K}), slices.Concat(g.Batch, g.Taps, []int{g.K, g.N})}
	if in > 2 {
		spaces = append(spaces, c)
	}
	return append(spaces, c)
}

func (w Winograd) spaces(in int) [][]int {
	spaces := [][]int{{w.Images, w.Rows + 2, w.Cols + 2, w.Channels}, {16 * w.Channels * w.Filters}}
	if in > 2 {
		spaces = append(spaces, []int{w.Filters})
	}
	return append(spaces, []int{w.Images, w.Rows, w.Cols, w.Filters})
}

func (p *Plan) verifyView(v View, dims []int) error {
	if v.Buffer < 0 || v.Buffer >= len(p.Buffers) {
		return fmt.Errorf("there is no buffer %%%d", v.Buffer)
	}
	if len(v.Strides) != len(dims) {
		return fmt.Errorf("%d strides for %d axes", len(v.Strides), len(dims))
	}
	if Count(dims) == 0 {
		return nil
	}
	low, high := v.reach(dims, v.Strides)
	if n := p.Buffers[v.Buffer].Len(); low < 0 || high >= n {
		return fmt.Errorf("elements %d to %d of a buffer of %d", low, high, n)
	}
	return nil
}

// Lifetime is the steps from a buffer's first use to its last.
type Lifetime struct{ First, Last int }

// Lifetimes lists those of all buffers. Buffers that are not temporary live all
// the time; a temporary that no step uses has a First behind its Last.
func (p *Plan) Lifetimes() []Lifetime {
	lives := make([]Lifetime, len(p.Buffers))
	for i, b := range p.Buffers {
		lives[i] = Lifetime{0, len(p.Steps)}
		if b.Role == Temporary {
			lives[i] = Lifetime{len(p.Steps), -1}
		}
	}
	for i, s := range p.Steps {
		for _, v := range slices.Concat(s.In, s.Out) {
			l := &lives[v.Buffer]
			l.First, l.Last = min(l.First, i), max(l.Last, i)
		}
	}
	return lives
}

// verifyMemory sweeps over the steps with the buffers that live, in order of
// offset.
func (p *Plan) verifyMemory() error {
	lives := p.Lifetimes()
	born, dying := make([][]int, len(p.Steps)+1), make([][]int, len(p.Steps)+1)
	for i, l := range lives {
		if l.First <= l.Last && p.Buffers[i].Len() > 0 && p.Buffers[i].Role != Own {
			born[l.First] = append(born[l.First], i)
			dying[l.Last] = append(dying[l.Last], i)
		}
	}
	numbers, places := layer{plan: p}, layer{plan: p}
	for step := range born {
		for _, i := range born[step] {
			if other := p.layerOf(i, &numbers, &places).add(i); other >= 0 {
				return fmt.Errorf("plan %s: buffers %%%d and %%%d overlap at step %d", p.Name, other, i, step)
			}
		}
		for _, i := range dying[step] {
			p.layerOf(i, &numbers, &places).remove(i)
		}
	}
	return nil
}

func (p *Plan) layerOf(buffer int, numbers, places *layer) *layer {
	if p.Buffers[buffer].DType == Int32 {
		return places
	}
	return numbers
}

// layer is the buffers of one arena that live at a step, in order of offset.
type layer struct {
	plan *Plan
	live []int
}

func (l *layer) find(i int) int {
	at, _ := slices.BinarySearchFunc(l.live, l.plan.Buffers[i].Offset, func(j, offset int) int {
		return cmp.Compare(l.plan.Buffers[j].Offset, offset)
	})
	return at
}

// add puts a buffer in and returns one that it overlaps, or -1.
func (l *layer) add(i int) int {
	at := l.find(i)
	b := l.plan.Buffers[i]
	if at > 0 {
		if before := l.plan.Buffers[l.live[at-1]]; before.Offset+before.Len() > b.Offset {
			return l.live[at-1]
		}
	}
	if at < len(l.live) && l.plan.Buffers[l.live[at]].Offset < b.Offset+b.Len() {
		return l.live[at]
	}
	l.live = slices.Insert(l.live, at, i)
	return -1
}

func (l *layer) remove(i int) {
	at := l.find(i)
	l.live = slices.Delete(l.live, at, at+1)
}
