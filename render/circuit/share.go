package circuit

import (
	"cmp"
	"slices"
)

// reader is an input of a step.
type reader struct {
	step *step
	slot int
}

// share hands every value to its readers: to one as it is, to several through
// a copy, to none through an end.
func (f *flattener) share() {
	for _, v := range f.values {
		if len(v.readers) == 1 {
			r := v.readers[0]
			r.give(v.made)
			continue
		}
		f.sortReaders(v.readers)
		if f.turned[f.copies] {
			slices.Reverse(v.readers)
		}
		f.copies++
		s := &step{in: []*strand{v.made}, fences: v.made.fences, glyph: copying{}}
		for _, r := range v.readers {
			branch := &strand{wire: v.made.wire, fences: v.made.fences}
			s.out = append(s.out, branch)
			r.give(branch)
		}
		f.insert(s)
	}
}

// sortReaders puts the readers of a value in the order in which its copies
// should lie: that of the ports they come to in the end, where one step takes
// them all in order, else that of the text.
func (f *flattener) sortReaders(readers []reader) {
	position := map[*step]int{}
	for i, s := range f.steps {
		position[s] = i
	}
	slices.SortStableFunc(readers, func(a, b reader) int {
		a, b = f.destination(a), f.destination(b)
		return cmp.Or(cmp.Compare(position[a.step], position[b.step]), cmp.Compare(a.slot, b.slot))
	})
}

// destination follows a reader through steps with one input and one output to a
// step whose inputs have an order; the reader itself where there is none.
func (f *flattener) destination(r reader) reader {
	at := r
	for len(at.step.in) == 1 && len(at.step.out) == 1 {
		next := f.soleReader(at.step.out[0])
		if next == nil {
			return r
		}
		at = *next
	}
	if at.step.ordered {
		return at
	}
	return r
}

func (f *flattener) soleReader(s *strand) *reader {
	for _, v := range f.values {
		if v.made == s && len(v.readers) == 1 {
			return &v.readers[0]
		}
	}
	return nil
}

func (r reader) give(s *strand) {
	r.step.in[r.slot] = s
	s.reader, s.slot = r.step, r.slot
}

// insert puts a step behind the one that makes its input.
func (f *flattener) insert(s *step) {
	at := 0
	for i, before := range f.steps {
		if slices.Contains(before.out, s.in[0]) {
			at = i + 1
		}
	}
	for _, fence := range s.fences {
		fence.waiting++
	}
	f.steps = slices.Insert(f.steps, at, s)
}
