package reference

import (
	"strings"

	"ncd/compiler/diagram"
)

// memory is what states hold between the uses of their box. The turns of a scan have
// one of their own, that begins with what the memory around it holds.
type memory struct {
	outer  *memory
	held   map[string]*Array   // kept states by path
	wanted map[string][]*Array // what each place wants a kept state to become
	turns  map[string]*Array   // other states, by path and place
}

func newMemory(outer *memory) *memory {
	return &memory{outer, map[string]*Array{}, map[string][]*Array{}, map[string]*Array{}}
}

func (m *memory) kept(path string) *Array {
	if a, ok := m.held[path]; ok || m.outer == nil {
		return a
	}
	return m.outer.kept(path)
}

// commit makes kept states the mean of what the places want.
func (m *memory) commit() {
	for path, list := range m.wanted {
		mean := New(list[0].Dims...)
		for _, a := range list {
			for i, x := range a.Values {
				mean.Values[i] += x / float64(len(list))
			}
		}
		m.held[path] = mean
	}
	clear(m.wanted)
}

// statePath is the complete path of a state: that of the diagram that has it first.
// The turns of a scan share it.
func (f *frame) statePath(s *diagram.State) string {
	for s.Shares != nil {
		s = s.Shares
	}
	if _, ok := f.states[s]; !ok {
		f.states[s] = strings.Join(append(f.path[:len(f.path):len(f.path)], s.Path), ".")
	}
	return f.states[s]
}

// remembered is what a state holds at the start of a run of its diagram; nil where
// it starts at a wire that is not there yet.
func (f *frame) remembered(s *diagram.State) *Array {
	a := f.memory.turns[f.statePath(s)+f.place]
	if s.Kept {
		a = f.memory.kept(f.statePath(s))
	}
	switch {
	case a != nil:
		return a
	case s.Start != nil:
		return f.arrays[s.Start]
	}
	return filled(s.Init, sizes(s.In.Type.Axes))
}

func (f *frame) remember(s *diagram.State, a *Array) {
	if path := f.statePath(s); s.Kept {
		f.memory.wanted[path] = append(f.memory.wanted[path], a)
	} else {
		f.memory.turns[path+f.place] = a
	}
}
