package rule

import (
	"fmt"

	"ncd/compiler/diagram"
	"ncd/render/circuit"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// phaseInputs draws what flows in the place of the data in the phases of the rule, beneath
// the cells, from left to right: it is a part of the model's own way.
func (p *sheet) phaseInputs(s *scene.Scene, o circuit.Options) error {
	x := 2.0
	y := s.Bounds().Max.Y + rowGap
	for _, phase := range p.phases() {
		for _, of := range sorted(phase.Inputs) {
			piece, err := circuit.DrawPiece(replaced(phase.Inputs[of], of), circuit.Options{Depth: 0, Theme: o.Theme})
			if err != nil {
				return err
			}
			title := typeset.Label("phase "+phase.Name, scene.Sans, textSize)
			title.At = scene.Point{X: x, Y: y + title.Ascent}
			piece.Shift(scene.Point{X: x, Y: y + textSize + 1.5})
			s.Add(title)
			s.Add(piece.Marks...)
			x += max(piece.Width, title.Width) + 8
		}
	}
	return nil
}

// phases are those of the first layer whose rule has any that change the data; they are
// the same for all.
func (p *sheet) phases() []diagram.Phase {
	for _, c := range p.cells {
		for _, phase := range c.layer.Says.Phases {
			if len(phase.Inputs) > 0 {
				return c.layer.Says.Phases
			}
		}
	}
	return nil
}

// replaced is a program whose result has the name of the data that it stands for.
func replaced(program *diagram.Diagram, name string) *diagram.Diagram {
	d := *program
	d.Title = name
	return &d
}

// textSize is that of what is said beneath the figure, mm.
const textSize = 2.7

// notes says what the words of the rule mean that the figure has.
func (p *sheet) notes(s *scene.Scene) {
	at := scene.Point{X: 2, Y: s.Bounds().Max.Y + 5}
	for _, text := range p.said() {
		l := typeset.Label(text, scene.Sans, textSize)
		l.At, l.Color = at, scene.Faint
		s.Add(l)
		at.X += l.Width + 6
	}
}

func (p *sheet) said() []string {
	kinds, policy := map[string]bool{}, ""
	for _, c := range p.cells {
		for _, b := range c.into.Boxes {
			kinds[b.Op.Kind()] = true
			for _, body := range diagram.Bodies(b.Op) {
				for _, inner := range body.Boxes {
					kinds[inner.Op.Kind()] = true
				}
			}
		}
		if g := c.layer.Gradient; g != nil {
			policy = fmt.Sprintf("back through the turns of a scan: %s", g.Policy)
			if g.Turns > 0 {
				policy += fmt.Sprintf(" %d", g.Turns)
			}
		}
	}
	var texts []string
	for _, word := range []struct{ kind, text string }{
		{"push", "push: a signal at the output, to one at the input"},
		{"pull", "pull: a signal at the output, to a change of the weights"},
		{"forward", "forward: the layer again"},
		{"behind", "behind: what stands behind the learned box"},
	} {
		if kinds[word.kind] {
			texts = append(texts, word.text)
		}
	}
	if policy != "" {
		texts = append(texts, policy)
	}
	return texts
}
