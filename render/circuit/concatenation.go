package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// A concatenation comes as arrays put each in its place of a longer one, and
// these added up. It is drawn as the paper's bar over a tuple, which takes the
// axis of every segment; the other axes meet in dots.

func isPiece(b *diagram.Box) bool {
	view, ok := b.Op.(diagram.View)
	return ok && view.Name == "concat"
}

// piecesOf is what the box adds up, by its wires, and the letter of the axis along
// which it lies, if these are pieces of one array and nothing else.
func piecesOf(b *diagram.Box, values scope) (pieces scope, along letter) {
	m, ok := b.Op.(diagram.Map)
	if !ok || slices.ContainsFunc(m.Program, func(in diagram.Instr) bool { return in.Fn != diagram.FnAdd }) {
		return nil, loneLetter
	}
	pieces, along = scope{}, loneLetter
	for port, w := range b.In {
		v := values[w]
		if v == nil || v.piece == nil || v.made != nil || len(v.piece.In[0].Type.Axes) != len(w.Type.Axes) {
			return nil, loneLetter
		}
		pieces[w] = v.of
		for i, a := range w.Type.Axes {
			if index, ok := b.Weave.In[port][i].Sole(); ok && !v.piece.In[0].Type.Axes[i].Size.Equal(a.Size) {
				along = letter(index)
			}
		}
	}
	return pieces, along
}

// firstArm reports whether a slot is the first of those in the bar, from whose
// height the wire leaves.
func (g *join) firstArm(at int) bool {
	return g.slots[at].role == barArm && (at == 0 || g.slots[at-1] != g.slots[at])
}

// arm runs a lane into the bar; the first one draws the bar and what leaves it.
func (g *join) arm(f *frame, at int) {
	for _, arm := range f.arms(at) {
		f.reach(arm, f.yMid[at]).line(f.middle-barHalf, f.yMid[at])
	}
	if !g.firstArm(at) {
		return
	}
	last := at
	for last+1 < len(g.slots) && g.slots[last+1] == g.slots[at] {
		last++
	}
	about := f.step.about()
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "bar", Fill: scene.Ink, Outline: scene.Rect{
		Min: scene.Point{X: f.middle - barHalf, Y: f.yMid[at] - barReach},
		Max: scene.Point{X: f.middle + barHalf, Y: f.yMid[last] + barReach},
	}.Outline()})
	f.centered(about, `\oplus`, scene.Math, labelSize, scene.Point{X: f.middle, Y: f.yMid[at] - barReach - signRoom/2})
	for j, t := range f.mid.out[0] {
		if t.lane == at {
			f.begin(0, j, f.middle+barHalf)
		}
	}
}
