// Package typeset sets labels: a small subset of TeX's formulas goes in, glyph
// outlines with their places and the metrics of the line come out. The fonts
// are embedded, so that every machine sets the same line.
//
// The subset: letters are variables; figures and signs; primes (x”); ^ and _
// with a symbol or a {group}; \bar, \hat; \mathbf, \mathrm, \mathit, \mathsf;
// Greek and the usual signs by name or by themselves. It knows nothing of
// diagrams. Spacing follows The TeXbook, chapter 18, as far as labels need it.
package typeset

import (
	"strings"

	"golang.org/x/image/font/sfnt"

	"ncd/render/scene"
)

// Glyph is one outline at its place in a line.
type Glyph struct {
	Face  Face
	Index uint16      // in the face
	At    scene.Point // of its origin, mm from the line's start on the baseline, y downward
	Size  float64     // mm an em
}

// Line is text set.
type Line struct {
	Glyphs  []Glyph
	Rules   []scene.Rect // filled bars, mm
	Width   float64      // mm
	Ascent  float64      // mm of ink above the baseline
	Descent float64      // mm of ink below the baseline
}

// Set sets a text in a style at a size in mm an em. It takes any text: a
// command it does not know is shown as written, a letter no face has as a box.
func Set(text string, style scene.Style, size float64) Line {
	p := parser{rest: text, face: cutOf(style)}
	l := layout{size: size}
	if style == scene.Math {
		l.node(p.row(0))
	} else {
		l.words(text, p.face)
	}
	return l.line
}

func cutOf(style scene.Style) letters {
	switch style {
	case scene.Sans:
		return sans
	case scene.SansBold:
		return sansBold
	}
	return slanted
}

// Label is a label with its metrics filled in; its baseline begins at the
// origin.
func Label(text string, style scene.Style, size float64) *scene.Label {
	l := Set(text, style, size)
	return &scene.Label{
		Text: text, Style: style, Size: size, Color: scene.Ink,
		Width: l.Width, Ascent: l.Ascent, Descent: l.Descent,
	}
}

// Proportions, per em.
const (
	scriptSize   = 0.7   // TeX's script size at ten points
	superRise    = 0.413 // TeXbook, appendix G: sup1
	subDrop      = 0.2   // between sub1 and sub2
	barGap       = 0.12
	barThickness = 0.045
	wordSpace    = 0.333
	mediumSpace  = 0.222
	thickSpace   = 0.278
	scriptSpace  = 0.05
)

// layout places nodes one after another.
type layout struct {
	line  Line
	size  float64 // of the type now
	level int     // of scripts
	rise  float64 // of the baseline now, mm upward
}

func (l *layout) node(n node) {
	switch n.kind {
	case run:
		l.run(n)
	case row:
		for i, part := range n.parts {
			l.space(n.parts, i, true)
			l.node(part)
			l.space(n.parts, i, false)
		}
	case bar:
		l.bar(n.parts[0])
	case hat:
		l.hat(n.parts[0])
	case scripts:
		l.scripts(n)
	}
}

// space puts TeX's space beside a sign between two operands.
func (l *layout) space(parts []node, i int, before bool) {
	if l.level > 0 || i == 0 || i == len(parts)-1 || parts[i].kind != run {
		return
	}
	switch parts[i].text {
	case "=", "≤", "≥", "≠", "∈", "→", "<", ">":
		l.line.Width += thickSpace * l.size
	case "+", "-", "×", "⊕", "⊗":
		l.line.Width += mediumSpace * l.size
	case ",":
		if !before {
			l.line.Width += mediumSpace * l.size
		}
	}
}

func (l *layout) run(n node) {
	var before *letter
	for _, r := range n.text {
		if r == ' ' {
			if n.face != slanted {
				l.line.Width += wordSpace * l.size
			}
			before = nil
			continue
		}
		face, r := resolve(r, n.face)
		if before != nil && before.face == face && face != MathFace { // there letters are variables, not words
			l.line.Width += openFace[face]().kern(before.index, openFace[face]().index(r))*l.size/unitsPerEm - before.lean
		}
		before = l.glyph(face, r)
	}
}

// letter is a letter that has been set.
type letter struct {
	face  Face
	index sfnt.GlyphIndex
	lean  float64 // of its ink over its advance, mm
}

func (l *layout) words(text string, cut letters) {
	l.run(node{text: strings.Join(strings.Fields(text), " "), face: cut})
}

func (l *layout) glyph(face Face, r rune) *letter {
	o := openFace[face]()
	index := o.index(r)
	advance, ink := o.metrics(index)
	em := l.size / unitsPerEm
	l.line.Glyphs = append(l.line.Glyphs, Glyph{
		Face: face, Index: uint16(index), At: scene.Point{X: l.line.Width, Y: -l.rise}, Size: l.size,
	})
	l.line.Ascent = max(l.line.Ascent, l.rise-ink.Min.Y*em)
	l.line.Descent = max(l.line.Descent, ink.Max.Y*em-l.rise)
	// Slanted letters lean over their advance: what follows a word must clear the ink.
	lean := max(0, ink.Max.X-advance)
	l.line.Width += (advance + lean) * em
	return &letter{face, index, lean * em}
}

// bar sets a body with a line above it, as wide as the letters' feet and
// shifted by their slant.
func (l *layout) bar(body node) {
	from, outer := l.line.Width, l.line.Ascent
	l.line.Ascent = 0
	l.node(body)
	top := l.line.Ascent + barGap*l.size
	thick := barThickness * l.size
	lean := 0.08 * l.size
	l.line.Rules = append(l.line.Rules, scene.Rect{
		Min: scene.Point{X: from + lean, Y: -top - thick}, Max: scene.Point{X: l.line.Width, Y: -top},
	})
	l.line.Ascent = max(outer, top+thick)
}

func (l *layout) hat(body node) {
	from, outer := l.line.Width, l.line.Ascent
	l.line.Ascent = 0
	l.node(body)
	to, rise, height := l.line.Width, l.rise, l.line.Ascent
	o := openFace[MathFace]()
	advance, ink := o.metrics(o.index('ˆ'))
	em := l.size / unitsPerEm
	l.line.Width = (from+to-advance*em)/2 + 0.05*l.size
	l.rise = max(0, height+(ink.Max.Y)*em+0.08*l.size)
	l.glyph(MathFace, 'ˆ')
	l.rise, l.line.Width = rise, to
	l.line.Ascent = max(outer, l.line.Ascent)
}

// scripts sets a body and then its super- and subscript one above the other.
func (l *layout) scripts(n node) {
	l.node(n.parts[0])
	size, rise, from := l.size, l.rise, l.line.Width
	l.level++
	l.size = size * scriptSize
	end := from
	if n.super != nil {
		l.rise = rise + superRise*size
		l.node(*n.super)
		end = l.line.Width
	}
	if n.sub != nil {
		l.line.Width, l.rise = from, rise-subDrop*size
		l.node(*n.sub)
	}
	l.level--
	l.size, l.rise = size, rise
	l.line.Width = max(end, l.line.Width) + scriptSpace*size
}
