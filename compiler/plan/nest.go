package plan

import (
	"fmt"
	"slices"
)

// Nest runs its steps one after the other at a place of Dims, and so at every place:
// what they hand each other stays near the processor. What is read nowhere else has
// no memory in the arena but only in what each worker keeps of its own (Role Own),
// which holds one place's part. No place touches what another writes, so that workers
// may share the places in any way.
//
// Views of its steps have strides over Dims first, none of them negative and those of
// Own all 0, and then over the step's own space. The step that holds a nest only names
// buffers, in views without strides: as In those that the nest reads before it has
// written them, as Out those that it writes, Own left out of both.
type Nest struct {
	Dims  []int
	Steps []Step
	Own   int // numbers that a worker keeps
}

func (Nest) kernel() {}

// Touched is what the steps of a nest meet of one buffer.
type Touched struct {
	Views     []View
	Spaces    [][]int // of each view, behind the nest's Dims
	IsRead    bool    // before it is written
	IsWritten bool
}

// Touched lists what a nest does with each buffer. It errs where a step has not the
// views that its kernel wants.
func (n Nest) Touched() (map[int]*Touched, error) {
	all := map[int]*Touched{}
	for _, s := range n.Steps {
		spaces, err := SpacesOf(s)
		if err != nil {
			return nil, err
		}
		for i, v := range slices.Concat(s.In, s.Out) {
			t := all[v.Buffer]
			if t == nil {
				t = &Touched{}
				all[v.Buffer] = t
			}
			t.Views, t.Spaces = append(t.Views, v), append(t.Spaces, spaces[i])
			t.IsRead = t.IsRead || !t.IsWritten && (i < len(s.In) || s.accumulates())
			t.IsWritten = t.IsWritten || i >= len(s.In)
		}
	}
	return all, nil
}

// IsApart reports whether what is met at one place of dims is met at no other. It says
// no where that is not plain to see.
func (t *Touched) IsApart(dims []int) bool {
	first := t.Views[0].Strides[:len(dims)]
	if len(t.Views) == 1 {
		return isInjective(slices.Concat(dims, t.Spaces[0]), t.Views[0].Strides)
	}
	for _, v := range t.Views {
		for i, d := range dims {
			if d > 1 && v.Strides[i] != first[i] {
				return false
			}
		}
	}
	low, high := t.Hull(len(dims))
	return isInjective(slices.Concat([]int{high - low + 1}, dims), slices.Concat([]int{1}, first))
}

// Hull is the first and the last element that is met at the first place of a nest of
// so many dims.
func (t *Touched) Hull(rank int) (low, high int) {
	low, high = t.Views[0].Offset, t.Views[0].Offset
	for i, v := range t.Views {
		from, to := v.reach(t.Spaces[i], v.Strides[rank:])
		low, high = min(low, from), max(high, to)
	}
	return low, high
}

// reach is the first and the last element that the view meets over dims.
func (v View) reach(dims, strides []int) (low, high int) {
	low, high = v.Offset, v.Offset
	for i, d := range dims {
		way := (d - 1) * strides[i]
		low, high = low+min(way, 0), high+max(way, 0)
	}
	return low, high
}

// isInjective reports whether every place is another element: each stride is longer
// than all narrower ones reach together.
func isInjective(dims, strides []int) bool {
	order := make([]int, len(dims))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return max(strides[i], -strides[i]) - max(strides[j], -strides[j]) })
	reached := 0
	for _, i := range order {
		if dims[i] == 1 {
			continue
		}
		stride := max(strides[i], -strides[i])
		if stride <= reached {
			return false
		}
		reached += stride * (dims[i] - 1)
	}
	return true
}

// verifyNest holds the promises that a nest makes.
func (p *Plan) verifyNest(n Nest, holder Step) error {
	for i, s := range n.Steps {
		if err := p.verifyInside(n, s); err != nil {
			return fmt.Errorf("step %d of the nest, %s: %w", i, s, err)
		}
	}
	touched, err := n.Touched()
	if err != nil {
		return err
	}
	names := func(views []View, buffer int) bool {
		return slices.ContainsFunc(views, func(v View) bool { return v.Buffer == buffer })
	}
	for buffer, t := range touched {
		isOwn := p.Buffers[buffer].Role == Own
		switch {
		case isOwn && t.IsRead:
			return fmt.Errorf("%%%d is read before it is written", buffer)
		case !isOwn && (t.IsRead && !names(holder.In, buffer) || t.IsWritten && !names(holder.Out, buffer)):
			return fmt.Errorf("%%%d is touched by the nest, but not by its step", buffer)
		case !isOwn && t.IsWritten && !t.IsApart(n.Dims):
			return fmt.Errorf("%%%d may be written at one place and touched at another", buffer)
		}
	}
	return p.verifyOwn(n, touched)
}

func (p *Plan) verifyInside(n Nest, s Step) error {
	spaces, err := SpacesOf(s)
	if err != nil {
		return err
	}
	for i, v := range slices.Concat(s.In, s.Out) {
		isOwn := p.Buffers[v.Buffer].Role == Own
		if err := p.verifyView(v, slices.Concat(n.Dims, spaces[i])); err != nil {
			return fmt.Errorf("view %d: %w", i, err)
		}
		for _, stride := range v.Strides[:len(n.Dims)] {
			if stride < 0 || isOwn && stride > 0 {
				return fmt.Errorf("view %d moves by %d from place to place", i, stride)
			}
		}
		if i >= len(s.In) && !s.mayWrite(v) {
			return fmt.Errorf("%%%d is written while it is read", v.Buffer)
		}
	}
	return nil
}

// verifyOwn holds that the buffers of a worker's own lie apart from one another.
func (p *Plan) verifyOwn(n Nest, touched map[int]*Touched) error {
	own := &layer{plan: p}
	for buffer := range touched {
		b := p.Buffers[buffer]
		if b.Role != Own || b.Len() == 0 {
			continue
		}
		if b.Offset < 0 || b.Offset+b.Len() > n.Own {
			return fmt.Errorf("%%%d from %d to %d in a worker's %d numbers", buffer, b.Offset, b.Offset+b.Len(), n.Own)
		}
		if other := own.add(buffer); other >= 0 {
			return fmt.Errorf("%%%d and %%%d overlap", other, buffer)
		}
	}
	return nil
}
