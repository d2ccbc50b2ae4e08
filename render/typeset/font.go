package typeset

import (
	"fmt"
	"sync"

	"github.com/go-fonts/latin-modern/lmmath"
	"github.com/go-fonts/latin-modern/lmroman10italic"
	"github.com/go-fonts/latin-modern/lmsans10bold"
	"github.com/go-fonts/latin-modern/lmsans10regular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"ncd/render/scene"
)

// Face is one of the embedded fonts.
type Face int

// The faces, all of Latin Modern.
const (
	MathFace     Face = iota // symbols, figures, slanted letters
	ItalicFace               // names of more than one letter
	SansFace                 // titles
	SansBoldFace             // titles of whole figures
	faces
)

// unitsPerEm is the grid of every face of Latin Modern.
const unitsPerEm = 1000

// opened is a parsed font. sfnt.Font is safe to share, its buffer is not.
type opened struct {
	mu     sync.Mutex
	font   *sfnt.Font
	buffer sfnt.Buffer
}

var openFace = [faces]func() *opened{
	MathFace:     sync.OnceValue(func() *opened { return open(lmmath.TTF) }),
	ItalicFace:   sync.OnceValue(func() *opened { return open(lmroman10italic.TTF) }),
	SansFace:     sync.OnceValue(func() *opened { return open(lmsans10regular.TTF) }),
	SansBoldFace: sync.OnceValue(func() *opened { return open(lmsans10bold.TTF) }),
}

func open(data []byte) *opened {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("an embedded font does not parse: %v", err))
	}
	if f.UnitsPerEm() != unitsPerEm {
		panic(fmt.Sprintf("an embedded font has %d units an em, want %d", f.UnitsPerEm(), unitsPerEm))
	}
	return &opened{font: f}
}

// ppem asks sfnt for one pixel a font unit, so that lengths come back exact.
var ppem = fixed.I(unitsPerEm)

// index is the glyph of a rune; 0, the empty box, where the face has none.
func (o *opened) index(r rune) sfnt.GlyphIndex {
	o.mu.Lock()
	defer o.mu.Unlock()
	i, err := o.font.GlyphIndex(&o.buffer, r)
	if err != nil {
		return 0
	}
	return i
}

// metrics are a glyph's advance and ink in font units, y downward.
func (o *opened) metrics(i sfnt.GlyphIndex) (advance float64, ink scene.Rect) {
	o.mu.Lock()
	defer o.mu.Unlock()
	bounds, width, err := o.font.GlyphBounds(&o.buffer, i, ppem, font.HintingNone)
	if err != nil {
		panic(fmt.Sprintf("an embedded font lacks its own glyph %d: %v", i, err))
	}
	return units(width), scene.Rect{Min: point(bounds.Min), Max: point(bounds.Max)}
}

// kern is what two letters of a word are set apart by besides the first one's advance,
// in font units.
func (o *opened) kern(first, second sfnt.GlyphIndex) float64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	by, err := o.font.Kern(&o.buffer, first, second, ppem, font.HintingNone)
	if err != nil { // the font has nothing to say of the pair
		return 0
	}
	return units(by)
}

// Outline is the glyph's outline in font units, 1000 an em, with y downward
// from the baseline.
func Outline(face Face, glyph uint16) scene.Path {
	o := openFace[face]()
	o.mu.Lock()
	defer o.mu.Unlock()
	segments, err := o.font.LoadGlyph(&o.buffer, sfnt.GlyphIndex(glyph), ppem, nil)
	if err != nil {
		panic(fmt.Sprintf("an embedded font lacks its own glyph %d: %v", glyph, err))
	}
	return pathOf(segments)
}

func pathOf(segments sfnt.Segments) scene.Path {
	var p scene.Path
	for _, s := range segments {
		a := point(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(p) > 0 {
				p = p.Close()
			}
			p = p.Move(a)
		case sfnt.SegmentOpLineTo:
			p = p.Line(a)
		case sfnt.SegmentOpQuadTo:
			p = p.Curve(third(p.End(), a), third(point(s.Args[1]), a), point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			p = p.Curve(a, point(s.Args[1]), point(s.Args[2]))
		}
	}
	if len(p) > 0 {
		p = p.Close()
	}
	return p
}

// third is the cubic control two thirds of the way to a quadratic one.
func third(end, control scene.Point) scene.Point {
	return scene.Point{X: end.X + (control.X-end.X)*2/3, Y: end.Y + (control.Y-end.Y)*2/3}
}

func point(p fixed.Point26_6) scene.Point { return scene.Point{X: units(p.X), Y: units(p.Y)} }

func units(x fixed.Int26_6) float64 { return float64(x) / 64 }
