// Package reference runs a diagram on float64 arrays in the plainest way: it is the
// specification that rewrite, grad and lower are tested against.
//
// In goes any diagram whose sizes are numbers, with its hierarchy or flat; out come
// the arrays of its boundary. Every box is loops over its index space, and a box
// that is lifted is applied once for each place. Nothing is fast, nothing is shared
// with the compiler's passes or with the kernels. Push and Pull mean nothing
// outside a learning rule and are refused.
package reference

import (
	"fmt"
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
}

// Run runs a diagram. States that are not given start at their Init. It errs,
// naming the box, where a weight is missing or a box cannot be run.
func Run(d *diagram.Diagram, given Values) (Values, error) {
	m := &machine{given.Weights, map[*diagram.Weight]string{}}
	states := given.States
	if states == nil {
		for _, s := range d.States {
			states = append(states, filled(s.Init, sizes(s.In.Type.Axes)))
		}
	}
	return m.diagram(d, nil, given.Arrays, states)
}

type machine struct {
	weights map[string]*Array
	paths   map[*diagram.Weight]string
}

// frame is one run of one diagram.
type frame struct {
	*machine
	path   []string
	arrays map[*diagram.Wire]*Array
}

func (m *machine) diagram(d *diagram.Diagram, path []string, in, states []*Array) (Values, error) {
	f := &frame{m, path, map[*diagram.Wire]*Array{}}
	for _, w := range d.Weights {
		f.pathOf(w)
	}
	for i, w := range d.In {
		f.arrays[w] = in[i]
	}
	for i, s := range d.States {
		f.arrays[s.In] = states[i]
	}
	for i, b := range d.Boxes {
		if err := f.box(b); err != nil {
			return Values{}, fmt.Errorf("diagram %s, box %d (%s): %w", d.Name, i, b.Op.Kind(), err)
		}
	}
	var made Values
	for _, w := range d.Out {
		made.Arrays = append(made.Arrays, f.arrays[w])
	}
	for _, s := range d.States {
		made.States = append(made.States, f.arrays[s.Out])
	}
	return made, nil
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
