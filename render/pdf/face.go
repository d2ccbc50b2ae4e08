package pdf

import (
	"fmt"
	"math"
	"sync"

	"github.com/go-fonts/latin-modern/lmmath"
	"github.com/go-fonts/latin-modern/lmroman10italic"
	"github.com/go-fonts/latin-modern/lmsans10bold"
	"github.com/go-fonts/latin-modern/lmsans10regular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// design is what a whole font says of itself.
type design struct {
	font        *sfnt.Font
	postScript  string
	italicAngle float64 // degrees, negative to the right
	ascent      int     // font units, upward
	descent     int     // font units, upward, so negative
	capHeight   int     // font units
	stem        int     // of an upright stroke, font units
	characters  func() map[sfnt.GlyphIndex]rune
}

// designs are the fonts behind the faces of package typeset. Outlines come from
// typeset; of the fonts themselves only names, advances and characters are read.
var designs = map[typeset.Face]func() *design{
	typeset.MathFace:     sync.OnceValue(func() *design { return read(lmmath.TTF, 72) }),
	typeset.ItalicFace:   sync.OnceValue(func() *design { return read(lmroman10italic.TTF, 68) }),
	typeset.SansFace:     sync.OnceValue(func() *design { return read(lmsans10regular.TTF, 78) }),
	typeset.SansBoldFace: sync.OnceValue(func() *design { return read(lmsans10bold.TTF, 136) }),
}

// ppem asks sfnt for one pixel a font unit, so that lengths come back exact.
var ppem = fixed.I(unitsPerEm)

func read(data []byte, stem int) *design {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("an embedded font does not parse: %v", err))
	}
	name, err := f.Name(nil, sfnt.NameIDPostScript)
	if err != nil {
		panic(fmt.Sprintf("an embedded font has no name: %v", err))
	}
	metrics, err := f.Metrics(nil, ppem, font.HintingNone)
	if err != nil {
		panic(fmt.Sprintf("the embedded font %s has no metrics: %v", name, err))
	}
	return &design{
		font: f, postScript: name, italicAngle: f.PostTable().ItalicAngle, stem: stem,
		ascent: metrics.Ascent.Round(), descent: -metrics.Descent.Round(), capHeight: metrics.CapHeight.Round(),
		characters: sync.OnceValue(func() map[sfnt.GlyphIndex]rune { return charactersOf(f) }),
	}
}

// ranges hold every character that labels are set in: text and signs, and the
// mathematical letters.
var ranges = [][2]rune{{0x20, 0x2bff}, {0x1d400, 0x1d7ff}}

// charactersOf is the font's map from characters to glyphs, turned round. Of two
// characters with one glyph the first counts.
func charactersOf(f *sfnt.Font) map[sfnt.GlyphIndex]rune {
	all := map[sfnt.GlyphIndex]rune{}
	var buffer sfnt.Buffer
	for _, span := range ranges {
		for r := span[0]; r <= span[1]; r++ {
			if i, err := f.GlyphIndex(&buffer, r); err == nil && i != 0 {
				if _, known := all[i]; !known {
					all[i] = r
				}
			}
		}
	}
	return all
}

// face is the part of a font that a page uses.
type face struct {
	*design
	which   typeset.Face
	number  int // among the page's fonts
	letters []letter
	codes   map[uint16]int // by glyph, counted from 1
}

// letter is one glyph of the part.
type letter struct {
	outline scene.Path
	advance int    // font units
	text    string // what it reads as
}

func openFace(which typeset.Face) *face {
	return &face{design: designs[which](), which: which, codes: map[uint16]int{}}
}

// spaceGlyph keys the space among the codes: no label shows the empty box that
// has this place in a font as a letter with text.
const spaceGlyph = math.MaxUint16

// space is the code of a space as wide as typeset's.
func (f *face) space() int {
	return f.codeOf(spaceGlyph, func() letter { return letter{advance: 333, text: " "} })
}

// code is the number by which the page's content shows a glyph.
func (f *face) code(glyph uint16) int {
	return f.codeOf(glyph, func() letter {
		return letter{outline: typeset.Outline(f.which, glyph), advance: f.advance(glyph), text: f.reading(glyph)}
	})
}

func (f *face) codeOf(key uint16, fresh func() letter) int {
	if code, known := f.codes[key]; known {
		return code
	}
	f.letters = append(f.letters, fresh())
	f.codes[key] = len(f.letters)
	return len(f.letters)
}

func (f *face) advance(glyph uint16) int {
	width, err := f.font.GlyphAdvance(nil, sfnt.GlyphIndex(glyph), ppem, font.HintingNone)
	if err != nil {
		panic(fmt.Sprintf("an embedded font lacks its own glyph %d: %v", glyph, err))
	}
	return width.Round()
}

// right is how far a glyph takes the line, in font units: its advance, or its
// ink where a slanted letter leans over that.
func (f *face) right(glyph uint16) float64 {
	ink := f.letters[f.code(glyph)-1].outline.Bounds().Max.X
	return max(float64(f.letters[f.code(glyph)-1].advance), ink)
}

// reading is what a glyph reads as, in plain letters: who looks for k finds the
// slanted one, which has a place of its own in Unicode.
func (f *face) reading(glyph uint16) string {
	r, ok := f.characters()[sfnt.GlyphIndex(glyph)]
	if !ok {
		return "\uFFFD"
	}
	return norm.NFKC.String(string(r))
}
