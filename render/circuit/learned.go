package circuit

import (
	"strings"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// leastLearned is half the width of a learned box with a short name, mm, so that
// boxes one above the other are alike.
const leastLearned = 4.2

// learned draws a box with weights: a bold letter on its ground, with the name
// it is bound to above and a + below for a bias.
type learned struct {
	symbol  string
	bias    bool
	unnamed bool // the symbol is its name
}

func (learned) settle(s *step) { settleInPlace(s) }

func (g learned) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	reach, _ := g.reach(s)
	above := reach + clearance
	if m.straddles() {
		above += letterRoom
	}
	if s.shares {
		above += linkRise
	}
	m.widen(above, reach+clearance)
	return m
}

// reach is how far the box must reach beyond its outer wires to hold its text,
// and lift how far the foot of the letter lies below the middle. Boxes one above
// the other have their letters alike, whatever stands above them.
func (g learned) reach(s *step) (reach, lift float64) {
	line := typeset.Set(g.text(s), scene.Math, learnedSize)
	lift = (typeset.Set("L", scene.Math, learnedSize).Ascent - line.Descent) / 2
	return max(overhang, line.Ascent-lift+0.4, lift+line.Descent+0.4), lift
}

// letterRoom is the height of the letter where it stands above the wires, mm.
const letterRoom = 4.2

// text is the letter with its scripts.
func (g learned) text(s *step) string {
	text := `\mathbf{` + g.symbol + "}"
	if name := boundName(s); name != "" && !g.unnamed {
		text += "^{" + typeset.Name(name) + "}"
	}
	if g.bias {
		text += `_{\mathbf{+}}`
	}
	return text
}

// boundName is the name the author gave a box, if any: boxes without one are
// called by their kind and a number.
func boundName(s *step) string {
	kind := s.box.Op.Kind()
	if rest, found := strings.CutPrefix(s.box.Name, kind); found && strings.Trim(rest, "0123456789._") == "" {
		return ""
	}
	return s.box.Name
}

func (g learned) width(f *frame) (left, right float64) {
	w := max(widthOf(g.text(f.step), scene.Math, learnedSize)/2+panelPadding, leastLearned)
	return w, w
}

func (g learned) draw(f *frame) {
	w, _ := g.width(f)
	reach, lift := g.reach(f.step)
	front, height := f.front(w, reach, letterRoom)
	f.boxes = append(f.boxes, &scene.Glyph{About: f.step.about(), Kind: "learned", Fill: scene.Learned, Stroke: scene.Ink,
		Weight: scene.Medium, Outline: front.Outline()})
	l := f.centered(f.step.about(), g.text(f.step), scene.Math, learnedSize, scene.Point{X: f.middle})
	l.At.Y = height + lift
	f.drawStrip(f.middle-w, f.middle+w)
}
