package circuit

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// remembering draws a place of memory: the paper's panel, `→ C` where an array is
// put away and `C →` where it is taken out again.
type remembering struct{ loads bool }

// memoryWay is the way between an array and memory that a box is, if it is one.
func memoryWay(b *diagram.Box) (way string, ok bool) {
	view, isView := b.Op.(diagram.View)
	if !isView || view.Slot == "" {
		return "", false
	}
	return view.Name, true
}

// cutMemory takes the wires of memory out of a body: what is saved ends there, and
// what is loaded comes from nowhere.
func cutMemory(boxes []*diagram.Box) []*diagram.Box {
	cut := make([]*diagram.Box, len(boxes))
	for i, b := range boxes {
		cut[i] = b
		way, ok := memoryWay(b)
		if !ok {
			continue
		}
		half := *b
		if way == "save" {
			half.Out, half.Weave.Out = nil, nil
		} else {
			half.In, half.Weave.In = nil, nil
		}
		cut[i] = &half
	}
	return cut
}

func (remembering) settle(s *step) {
	for _, out := range s.out {
		out.axes = axesOf(out.wire)
	}
}

func (remembering) middle(s *step) middle {
	m := stripOf(s, func(letter) bool { return true })
	m.widen(overhang+clearance, overhang+clearance)
	return m
}

// slot is the place of memory: by its letters inside the loop that counts them,
// else by its numbers.
func (remembering) slot(s *step) string {
	slot := s.box.Name
	if slices.ContainsFunc(s.fences, func(f *fence) bool { return f.loop() != nil }) {
		slot = s.box.Op.(diagram.View).Slot
	}
	name, index, indexed := strings.Cut(strings.TrimSuffix(slot, "]"), "[")
	text := typeset.Name(name)
	if indexed {
		text += "_{" + strings.ReplaceAll(index, "][", ", ") + "}"
	}
	return text
}

// fill is the colour of memory; tapes have one each.
func (remembering) fill(s *step) scene.Role {
	var number int
	if _, err := fmt.Sscanf(s.box.Name, "s[%d]", &number); err != nil || s.box.Kind != tapeKind {
		return scene.Memory
	}
	return tapes[number%len(tapes)]
}

var tapes = []scene.Role{scene.Memory, scene.Forward, scene.Block, scene.Attention, scene.Softmax, scene.Norm, scene.Residual}

func (g remembering) text(s *step) string {
	if g.loads {
		return g.slot(s) + `\to `
	}
	return `\to ` + g.slot(s)
}

func (g remembering) width(f *frame) (left, right float64) {
	w := widthOf(g.text(f.step), scene.Math, nameSize)/2 + panelPadding
	return w, w
}

func (g remembering) draw(f *frame) {
	about := f.step.about()
	top, bottom := f.span(func(int) bool { return true })
	w, _ := g.width(f)
	area := scene.Rect{Min: scene.Point{X: f.middle - w, Y: top - overhang}, Max: scene.Point{X: f.middle + w, Y: bottom + overhang}}
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "memory", Fill: g.fill(f.step), Stroke: scene.Faint, Weight: scene.Hairline, Outline: area.Outline()})
	f.centered(about, g.text(f.step), scene.Math, nameSize, scene.Point{X: f.middle, Y: (top + bottom) / 2})
	f.drawStrip(area.Min.X, area.Max.X)
}
