// Package reference runs a diagram on float64 arrays in the plainest way: it is the
// specification that rewrite, grad and lower are tested against.
//
// In goes any diagram whose sizes are numbers, with its hierarchy or flat; out come
// the arrays of its boundary. Every box is loops over its index space, and a box
// that is lifted is applied once for each place. Nothing is fast, nothing is shared
// with the compiler's passes or with the kernels. What is sent back is no part of a
// run: a Lens only hands on, and a Gradient is taken by central differences. Push and Pull mean nothing
// outside a learning rule and are refused.
package reference

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// Array is a dense row-major array. Places along an axis are whole numbers.
type Array struct {
	Dims   []int
	Values []float64
}

// New is an array of zeros.
func New(dims ...int) *Array {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return &Array{dims, make([]float64, n)}
}

// Values are what a run is given, and what it gives.
type Values struct {
	Arrays  []*Array          // of the wires of the boundary
	States  []*Array          // in the order of Diagram.States
	Weights map[string]*Array // by complete path; only given
	Kept    map[string]*Array // kept states of bodies, by complete path
}

// Run runs a diagram. States that are not given start at their Init. It errs,
// naming the box, where a weight is missing or a box cannot be run.
func Run(d *diagram.Diagram, given Values) (Values, error) {
	m := &machine{given.Weights, map[*diagram.Weight]string{}, map[*diagram.State]string{}}
	states := given.States
	if states == nil {
		for _, s := range d.States {
			states = append(states, filled(s.Init, sizes(s.In.Type.Axes)))
		}
	}
	memory := newMemory(nil)
	for path, a := range given.Kept {
		memory.held[path] = a
	}
	made, err := m.diagram(d, context{memory: memory}, given.Arrays, states)
	made.Kept = memory.held
	return made, err
}

type machine struct {
	weights map[string]*Array
	paths   map[*diagram.Weight]string
	states  map[*diagram.State]string
}

// context is where a diagram is run.
type context struct {
	path   []string
	place  string // of what is lifted over, since the last turn of a scan
	memory *memory
}

// frame is one run of one diagram.
type frame struct {
	*machine
	context
	arrays map[*diagram.Wire]*Array
	ran    []*diagram.Box // so far
}

// diagram runs one. Where no states are given, they are remembered.
func (m *machine) diagram(d *diagram.Diagram, at context, in, states []*Array) (Values, error) {
	f := &frame{machine: m, context: at, arrays: map[*diagram.Wire]*Array{}}
	for _, w := range d.Weights {
		f.pathOf(w)
	}
	for i, w := range d.In {
		f.arrays[w] = in[i]
	}
	for i, s := range d.States {
		if states != nil {
			f.arrays[s.In] = states[i]
		} else if a := f.remembered(s); a != nil {
			f.arrays[s.In] = a
		}
	}
	if err := f.boxes(d); err != nil {
		return Values{}, err
	}
	var made Values
	for _, w := range d.Out {
		made.Arrays = append(made.Arrays, f.arrays[w])
	}
	for _, s := range d.States {
		made.States = append(made.States, f.arrays[s.Out])
		if states == nil {
			f.remember(s, f.arrays[s.Out])
		}
	}
	return made, nil
}

// boxes runs the boxes in their order; those that read a state which starts at what
// other boxes make wait for these.
func (f *frame) boxes(d *diagram.Diagram) error {
	waiting := d.Boxes
	for len(waiting) > 0 {
		var later []*diagram.Box
		for _, b := range waiting {
			if slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return f.arrays[w] == nil }) {
				later = append(later, b)
				continue
			}
			if err := f.box(b); err != nil {
				return fmt.Errorf("diagram %s, box %d (%s): %w", d.Name, slices.Index(d.Boxes, b), b.Op.Kind(), err)
			}
			f.ran = append(f.ran, b)
			if f.place == "" {
				f.memory.commit()
			}
		}
		isStuck := len(later) == len(waiting)
		for _, s := range d.States {
			if f.arrays[s.In] == nil && f.arrays[s.Start] != nil {
				f.arrays[s.In], isStuck = f.arrays[s.Start], false
			}
		}
		if isStuck {
			return fmt.Errorf("diagram %s: a state starts at what hangs on it", d.Name)
		}
		waiting = later
	}
	return nil
}

// pathOf is the complete path of a weight: that of the diagram that lists it first.
func (f *frame) pathOf(w *diagram.Weight) string {
	if _, ok := f.paths[w]; !ok {
		f.paths[w] = strings.Join(append(f.path[:len(f.path):len(f.path)], w.Path), ".")
	}
	return f.paths[w]
}

func (f *frame) weight(w *diagram.Weight) (*Array, error) {
	if a, ok := f.weights[f.pathOf(w)]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("weight %s is not given", f.pathOf(w))
}

func sizes(axes shape.Shape) []int {
	dims, err := axes.Ints()
	if err != nil {
		panic("reference: " + err.Error())
	}
	return dims
}

func filled(x float64, dims []int) *Array {
	a := New(dims...)
	for i := range a.Values {
		a.Values[i] = x
	}
	return a
}
