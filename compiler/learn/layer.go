package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/rewrite"
)

// layer is a learned box with the parameter-free boxes behind it: those whose latest
// learned ancestor it is; or all boxes of a use of a diagram that a rule is over. What
// stands behind such a use is a layer without weights.
type layer struct {
	kinds    []string // of its learned box, then of the composites around it, innermost first
	path     string
	model    int           // or -1
	learned  *diagram.Box  // the first one
	x        *diagram.Wire // what the learned box reads, or nil
	isWhole  bool          // it is a use of a diagram
	isBehind bool          // it is what stands behind such a use
	boxes    []*diagram.Box
	weights  []*diagram.Wire // sources whose first reader is of the layer
	inputs   []*diagram.Wire // made outside
	outputs  []*diagram.Wire // read outside
	moving   *layering
}

// layering is the layers of a diagram in the order of the text. Boxes before any
// learned box belong to none. The tail is what only the losses and reports hang on,
// outside of all models; it learns by exact derivatives whatever the rule.
type layering struct {
	layers  []*layer
	tail    *layer
	layerOf map[*diagram.Wire]*layer
	source  map[*diagram.Wire]*diagram.Box // Learned boxes by their wire
	moves   map[*diagram.Wire]bool         // hangs on a weight that learns
	indexOf map[*layer]int
	ownerOf map[*diagram.Wire]*layer // the layer that reads a weight first
}

func layersOf(f *forward) *layering {
	ls := &layering{
		tail:    &layer{model: -1},
		layerOf: map[*diagram.Wire]*layer{},
		source:  map[*diagram.Wire]*diagram.Box{},
		moves:   map[*diagram.Wire]bool{},
		indexOf: map[*layer]int{},
		ownerOf: map[*diagram.Wire]*layer{},
	}
	ls.tail.moving = ls
	feeds := feedsModel(f)
	byKey := map[string]*layer{}
	for _, b := range f.flat.Boxes {
		ls.move(b)
		if _, ok := b.Op.(diagram.Learned); ok {
			ls.source[b.Out[0]] = b
			continue
		}
		_, isModel := f.modelOf[b]
		if !isModel && !slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return feeds[w] }) {
			ls.put(b, ls.tail)
			continue
		}
		if l := ls.latest(f, b, byKey); l != nil {
			ls.put(b, l)
		}
	}
	ls.boundaries(f.flat)
	return ls
}

// move marks what hangs on a weight that learns.
func (ls *layering) move(b *diagram.Box) {
	op, isSource := b.Op.(diagram.Learned)
	moves := isSource && op.Weight.Learns()
	if !isSource && grad.Sends(b) {
		moves = slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return ls.moves[w] })
	}
	for _, w := range b.Out {
		ls.moves[w] = moves && !w.Type.IsPlace()
	}
}

// feedsModel marks the wires that a box of a model hangs on.
func feedsModel(f *forward) map[*diagram.Wire]bool {
	feeds := map[*diagram.Wire]bool{}
	for _, b := range slices.Backward(f.flat.Boxes) {
		_, isModel := f.modelOf[b]
		if isModel || slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return feeds[w] }) {
			for _, w := range b.In {
				feeds[w] = true
			}
		}
	}
	return feeds
}

func (ls *layering) put(b *diagram.Box, l *layer) {
	l.boxes = append(l.boxes, b)
	for _, w := range b.Out {
		ls.layerOf[w] = l
	}
}

// latest is the layer of a box: of the use that it is in, of its own learned box, or
// the latest of those that it hangs on; nil before any.
func (ls *layering) latest(f *forward, b *diagram.Box, byKey map[string]*layer) *layer {
	if path := wholeOf(f, b); path != nil {
		whole := ls.whole(f, b, path, byKey)
		for _, w := range b.In {
			if ls.source[w] != nil {
				ls.own(whole, w)
			}
		}
		return whole
	}
	var latest *layer
	if _, ok := b.Op.(diagram.Opaque); ok {
		return ls.opaque(f, b, byKey)
	}
	for _, w := range b.In {
		l := ls.layerOf[w]
		if source := ls.source[w]; source != nil {
			l = ls.learned(f, b, source, byKey)
			ls.own(l, w)
		}
		if l != nil && (latest == nil || ls.indexOf[l] > ls.indexOf[latest]) {
			latest = l
		}
	}
	if latest != nil && latest.isWhole {
		return ls.behind(latest, b, byKey)
	}
	return latest
}

// opaque is a layer of a box whose inside is not known. It has no weights: a rule that
// gives it a signal of its own never goes back through it.
func (ls *layering) opaque(f *forward, b *diagram.Box, byKey map[string]*layer) *layer {
	l := ls.learned(f, b, b, byKey)
	l.kinds, l.x = []string{"opaque"}, b.In[0]
	return l
}

// own gives a weight to the layer that reads it first, and to that of the same box in
// other turns of a scan.
func (ls *layering) own(l *layer, w *diagram.Wire) {
	owner := ls.ownerOf[w]
	if owner == nil {
		owner, ls.ownerOf[w] = l, l
	}
	if acrossTurns(owner.path) == acrossTurns(l.path) && !slices.Contains(l.weights, w) {
		l.weights = append(l.weights, w)
	}
}

// acrossTurns is the path that the layers of all turns of a scan have in common.
func acrossTurns(path string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(path, "."), rewrite.IsTurn), ".")
}

// opened are the kinds of learned boxes that stand in their own place; a bare array
// stands where it is first read.
var opened = []string{"linear", "affine", "gain", "bias"}

// learned is the layer of the learned box that a box with a weight was opened from.
func (ls *layering) learned(f *forward, b, source *diagram.Box, byKey map[string]*layer) *layer {
	of := b
	if !slices.Contains(opened, b.Kind) {
		of = source
	}
	path := strings.Join(append(slices.Clone(of.Path), of.Name), ".")
	if l := byKey[path]; l != nil {
		return l
	}
	model, ok := f.modelOf[of]
	if !ok {
		model = -1
	}
	l := &layer{kinds: append([]string{of.Kind}, around(of)...), path: path, model: model, learned: of, moving: ls}
	for _, w := range b.In {
		if ls.source[w] == nil && of == b {
			l.x = w
		}
	}
	byKey[path] = l
	return ls.listed(l)
}

// listed appends a layer.
func (ls *layering) listed(l *layer) *layer {
	ls.indexOf[l] = len(ls.layers) + 1
	ls.layers = append(ls.layers, l)
	return l
}

// boundaries finds what each layer reads from outside and what is read of it.
func (ls *layering) boundaries(d *diagram.Diagram) {
	isRead := map[*diagram.Wire]bool{}
	for _, w := range d.Out {
		isRead[w] = true
	}
	for _, l := range append(ls.layers, ls.tail) {
		seen := map[*diagram.Wire]bool{}
		for _, b := range l.boxes {
			for _, w := range b.In {
				if ls.layerOf[w] == l || ls.source[w] != nil || seen[w] {
					continue
				}
				seen[w], isRead[w] = true, true
				l.inputs = append(l.inputs, w)
			}
		}
	}
	for _, l := range ls.layers {
		for _, b := range l.boxes {
			for _, w := range b.Out {
				if isRead[w] {
					l.outputs = append(l.outputs, w)
				}
			}
		}
		if l.isWhole && len(l.inputs) > 0 {
			l.x = l.inputs[0]
		}
	}
}

// learnable lists the weights read in the layer that learn.
func (l *layer) learnable() []*diagram.Wire {
	var weights []*diagram.Wire
	for _, b := range l.boxes {
		for _, w := range b.In {
			if l.moving.source[w] != nil && l.moving.moves[w] && !slices.Contains(weights, w) {
				weights = append(weights, w)
			}
		}
	}
	return weights
}

// upstream lists the inputs that hang on weights that learn.
func (l *layer) upstream() []*diagram.Wire {
	return slices.DeleteFunc(slices.Clone(l.inputs), func(w *diagram.Wire) bool { return !l.moving.moves[w] })
}

// wanted is what backpropagation asks of the layer.
func (l *layer) wanted() []*diagram.Wire { return append(l.learnable(), l.upstream()...) }
