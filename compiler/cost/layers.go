package cost

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

// layers says which layer each box of a training step is of. A layer is a learned box
// with the parameter-free boxes behind it, as learn has it. What only the losses and
// reports hang on is the tail.
type layers struct {
	paths []string       // of the learned boxes, in the order of the text
	byBox map[string]int // layer of a forward box by its key
}

const (
	none = -1 // before any learned box
	tail = -2
)

// opened are the kinds of learned boxes that stand in their own place; a bare array
// stands where it is first read.
var opened = []string{"linear", "affine", "gain", "bias"}

// layersOf finds the layers of the forward boxes of a training.
func layersOf(f *forward) *layers {
	l := &layers{byBox: map[string]int{}}
	source := map[*diagram.Wire]*diagram.Box{}
	of := map[*diagram.Wire]int{}
	for _, b := range f.boxes {
		if _, ok := b.Op.(diagram.Learned); ok {
			source[b.Out[0]] = b
			continue
		}
		layer := tail
		if f.isOfModel[b] {
			layer = l.latest(b, of, source)
		}
		l.byBox[boxKey(b)] = layer
		for _, w := range b.Out {
			of[w] = layer
		}
	}
	return l
}

// latest is the layer of a box: of its own learned box, or the latest of those that
// it hangs on.
func (l *layers) latest(b *diagram.Box, of map[*diagram.Wire]int, source map[*diagram.Wire]*diagram.Box) int {
	latest := none
	for _, w := range b.In {
		layer, isMade := of[w]
		if s := source[w]; s != nil {
			layer, isMade = l.learned(b, s), true
		}
		if isMade {
			latest = max(latest, layer)
		}
	}
	return latest
}

// learned is the layer of the learned box that a box with a weight was opened from.
func (l *layers) learned(b, source *diagram.Box) int {
	if slices.Contains(opened, b.Kind) {
		source = b
	}
	path := pathOf(source)
	if i := slices.Index(l.paths, path); i >= 0 {
		return i
	}
	l.paths = append(l.paths, path)
	return len(l.paths) - 1
}

func pathOf(b *diagram.Box) string {
	path := slices.Clone(b.Path)
	if b.Name != "" {
		path = append(path, b.Name)
	}
	return strings.Join(path, ".")
}

func boxKey(b *diagram.Box) string {
	if b.Span.IsZero() {
		return key(b.Path, b.Name)
	}
	return key(b.Path, b.Name, b.Span.File.Name, b.Span.Start, b.Span.End)
}

// of is the layer of a box of the step: that of the forward box that it belongs to,
// or, of what a rule or an optimiser brought along, the one that its path leads to.
// What belongs to none is the losses'.
func (l *layers) of(b *diagram.Box) int {
	if i, ok := l.byBox[boxKey(b)]; ok {
		return i
	}
	path, longest := pathOf(b)+".", tail
	for i, p := range l.paths {
		if strings.HasPrefix(path, p+".") && (longest == tail || len(p) > len(l.paths[longest])) {
			longest = i
		}
	}
	return longest
}
