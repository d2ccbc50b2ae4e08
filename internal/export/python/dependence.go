package python

import (
	"slices"

	"ncd/compiler/diagram"
)

// lacking reports whether a result may be without an axis that its box is lifted over,
// since none of the inputs it hangs on has it.
func (u *Unit) lacking(b *diagram.Box, depends map[int]bool) bool {
	for index := range b.Weave.Degree {
		isThere := false
		for i, port := range b.Weave.In {
			isThere = isThere || depends[i] && slices.ContainsFunc(port, func(a diagram.Affine) bool {
				return slices.ContainsFunc(a.Terms, func(t diagram.AffineTerm) bool { return t.Index == index })
			})
		}
		if !isThere {
			return true
		}
	}
	return false
}

// dependence are the inputs of a diagram that each of its results hangs on. A draw of
// chance hangs on all: it is one for each place of theirs.
func dependence(d *diagram.Diagram) []map[int]bool {
	of := map[*diagram.Wire]map[int]bool{}
	for i, w := range d.In {
		of[w] = map[int]bool{i: true}
	}
	for range 1 + len(d.States) {
		for _, b := range d.Boxes {
			all := map[int]bool{}
			for _, w := range b.In {
				for i := range of[w] {
					all[i] = true
				}
			}
			if hasChance(b) {
				for i := range d.In {
					all[i] = true
				}
			}
			for _, w := range b.Out {
				of[w] = all
			}
		}
		for _, s := range d.States {
			of[s.In] = of[s.Out]
		}
	}
	list := make([]map[int]bool, len(d.Out))
	for i, w := range d.Out {
		list[i] = of[w]
	}
	return list
}

func hasChance(b *diagram.Box) bool {
	if _, isRandom := b.Op.(diagram.Random); isRandom {
		return true
	}
	for _, body := range diagram.Bodies(b.Op) {
		if slices.ContainsFunc(body.Boxes, hasChance) {
			return true
		}
	}
	return false
}
