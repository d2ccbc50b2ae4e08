package circuit

import (
	"slices"

	"ncd/compiler/diagram"
)

// librarySigns are the signs of boxes of the standard library that are shown
// closed. Others are solid boxes with their names.
var librarySigns = map[string]glyph{
	"conv": star{}, "upconv": star{},
	"maxpool": pooling{"Max"}, "meanpool": pooling{`\mathbbE`},
	"layernorm": norm{"LayerNorm"}, "rmsnorm": norm{"RMSNorm"}, "batchnorm": norm{"BatchNorm"},
}

// transparent are boxes of the standard library that only put others together.
var transparent = []string{"residual"}

// compositeGlyph is the sign of a box shown closed. One that works on single
// numbers is written upon an arrow, as other such functions are.
func compositeGlyph(b *diagram.Box, op diagram.Composite) glyph {
	if sign, ok := librarySigns[op.Body.Name]; ok && op.Body.Library {
		return sign
	}
	if len(b.Weave.Own) == 0 && len(b.In) == 1 && len(b.Out) == 1 {
		return elementwise{name: titleOf(b, op.Body), reverses: op.Reverse != nil}
	}
	return closedBox{solid: true, reverses: op.Reverse != nil}
}

// isFolded reports whether a box is the library's through and through: what its
// author did not write is shown closed.
func isFolded(b *diagram.Box) bool {
	body := openBody(b)
	return body.Library && !slices.Contains(transparent, body.Name) && !holdsAuthors(body)
}

func holdsAuthors(d *diagram.Diagram) bool {
	return slices.ContainsFunc(d.Boxes, func(b *diagram.Box) bool {
		return slices.ContainsFunc(diagram.Bodies(b.Op), func(body *diagram.Diagram) bool {
			return !body.Library && body.Name != "turn" || holdsAuthors(body)
		})
	})
}
