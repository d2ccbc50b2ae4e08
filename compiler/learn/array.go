package learn

import (
	"slices"
	"strconv"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// array is an array of the rule's own, drawn at the start: one that is kept as it is, or
// a weight that learns. What the rule says of one layer shares it, and so do the turns
// of a scan where it is alike.
func (p *paster) array(old *diagram.Weight) *diagram.Wire {
	base := "rule." + acrossTurns(p.layer.path) + "."
	if p.output < len(p.site.outputs)-1 {
		base += strconv.Itoa(p.output) + "."
	}
	base += old.Path
	path := base
	for n := 1; ; n++ {
		known, ok := p.arrays[path]
		if !ok {
			return p.newArray(old, path)
		}
		if known.Type.Axes.Equal(old.Axes) {
			return known
		}
		path = base + "." + strconv.Itoa(n)
	}
}

func (p *paster) newArray(old *diagram.Weight, path string) *diagram.Wire {
	w := *old
	w.Path = path
	wire := &diagram.Wire{Name: path, Type: shape.Type{Axes: w.Axes}, Span: w.Span}
	p.arrays[path] = wire
	if !w.Learns() && w.Follows == nil {
		p.fixed = append(p.fixed, &diagram.State{Path: path, In: wire, Out: wire, Weight: &w, Span: w.Span})
		return wire
	}
	w.Follows, w.Like = p.flatWeight(w.Follows), p.flatWeight(w.Like)
	p.d.Weights = append(p.d.Weights, &w)
	p.d.Add(&diagram.Box{Op: diagram.Learned{Weight: &w}, Out: []*diagram.Wire{wire}, Weave: diagram.Weave{Own: w.Axes, Out: [][]diagram.Affine{identity(len(w.Axes))}}, Pass: diagram.Backward, Span: w.Span})
	return wire
}

// flatWeight is the step's weight for one that a rule names by its path.
func (s *step) flatWeight(named *diagram.Weight) *diagram.Weight {
	if named == nil {
		return nil
	}
	for _, w := range s.d.Weights {
		if w.Path == named.Path {
			return w
		}
	}
	panic("learn: no weight is called " + named.Path + ": check must have found it")
}

// isOwnWeight reports whether a wire is a weight of a rule that learns.
func (s *step) isOwnWeight(w *diagram.Wire) bool {
	return s.arrays[w.Name] == w && !slices.ContainsFunc(s.fixed, func(f *diagram.State) bool { return f.In == w })
}

func identity(n int) []diagram.Affine {
	maps := make([]diagram.Affine, n)
	for i := range maps {
		maps[i] = diagram.At(i)
	}
	return maps
}
