package circuit

import (
	"slices"

	"ncd/compiler/diagram"
)

// batchLabel is the axis of examples, which a program does not show: a box that
// names it gets one place of it outside of training.
const batchLabel = "batch"

// hideBatch takes the one place of the batch out again that the checker has put in
// before a box that names it and is shown closed: the figure shows the wires as the author wrote them.
func (f *flattener) hideBatch(boxes []*diagram.Box, fences []*fence) []*diagram.Box {
	maker, readers := map[*diagram.Wire]*diagram.Box{}, map[*diagram.Wire][]*diagram.Box{}
	for _, b := range boxes {
		for _, w := range b.Out {
			maker[w] = b
		}
		for _, w := range b.In {
			readers[w] = append(readers[w], b)
		}
	}
	gone := map[*diagram.Box]bool{}
	shown := slices.Clone(boxes)
	for i, b := range boxes {
		if _, ok := b.Op.(diagram.Composite); !ok || f.opens(b, fences) || len(b.In) != 1 || len(b.Out) != 1 || len(readers[b.Out[0]]) != 1 {
			continue
		}
		before, after := maker[b.In[0]], readers[b.Out[0]][0]
		if before != nil && isView(before, "spread") && isView(after, "at") && b.In[0].Type.Axes.Index(batchLabel) >= 0 && after.In[0].Type.Axes.Index(batchLabel) >= 0 {
			shown[i] = withoutBatch(b, before.In, after.Out)
			f.written[shown[i]] = []*diagram.Box{b}
			gone[before], gone[after] = len(readers[b.In[0]]) == 1, true
		}
	}
	return slices.DeleteFunc(shown, func(b *diagram.Box) bool { return gone[b] })
}

func isView(b *diagram.Box, name string) bool {
	view, ok := b.Op.(diagram.View)
	return ok && view.Name == name
}

// withoutBatch is a box between other wires, which lack the batch.
func withoutBatch(b *diagram.Box, in, out []*diagram.Wire) *diagram.Box {
	drop := func(ports [][]diagram.Affine, wires []*diagram.Wire) [][]diagram.Affine {
		port := slices.Clone(ports[0])
		at := wires[0].Type.Axes.Index(batchLabel)
		return [][]diagram.Affine{slices.Delete(port, at, at+1)}
	}
	bare := *b
	bare.In, bare.Out = in, out
	bare.Weave.In, bare.Weave.Out = drop(b.Weave.In, b.In), drop(b.Weave.Out, b.Out)
	return &bare
}
