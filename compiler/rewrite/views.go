package rewrite

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// NormalizeViews says views, sums and means as contractions: a View and a Sum are
// contractions of one wire, a mean is one with 1/n. A contraction of one wire of
// places copies them.
func NormalizeViews(d *diagram.Diagram) *diagram.Diagram {
	normal := *d
	normal.Boxes = nil
	for _, b := range d.Boxes {
		switch op := b.Op.(type) {
		case diagram.View, diagram.Sum:
			b = opened(b, diagram.Contract{})
		case diagram.Reduce:
			if op.Fn == "mean" {
				share := shareOf(b)
				normal.Boxes = append(normal.Boxes, share)
				b = opened(b, diagram.Contract{})
				b.In = append(b.In[:1:1], share.Out[0])
				b.Weave.In = append(b.Weave.In[:1:1], nil)
			}
		}
		normal.Boxes = append(normal.Boxes, b)
	}
	return &normal
}

// opened is the box with another operation that means the same.
func opened(b *diagram.Box, op diagram.Op) *diagram.Box {
	made := *b
	made.Op = op
	if made.Kind == "" {
		made.Kind = b.Op.Kind()
	}
	return &made
}

// shareOf is the constant that each number weighs in a mean.
func shareOf(b *diagram.Box) *diagram.Box {
	share := diagram.Arithmetic("/", diagram.Literal(1), diagram.OfSize(b.Weave.Own.Places()))
	wire := &diagram.Wire{Type: shape.Type{}, Span: b.Span}
	return &diagram.Box{
		Op: diagram.Constant{Value: share}, Out: []*diagram.Wire{wire}, Weave: diagram.Weave{Out: [][]diagram.Affine{nil}},
		Path: b.Path, Within: b.Within, Kind: "mean", Again: b.Again, Span: b.Span,
	}
}
