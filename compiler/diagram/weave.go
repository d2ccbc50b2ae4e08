package diagram

import (
	"slices"
	"strings"

	"ncd/compiler/shape"
)

// Weave says how a box is applied to wires that carry more axes than it asked
// for. The box is applied once for each place of Degree; its own work runs over
// Own. Together they are its index space: index i is Degree[i], and index
// len(Degree)+j is Own[j].
//
// For each wire, In and Out hold one Affine an axis, in the wire's order: where
// along that axis a place of the index space is found. Nearly always that is one
// index; a transpose is another order, a diagonal the same index on two wires or
// twice on one, a window the sum of two.
type Weave struct {
	Degree  shape.Shape
	Own     shape.Shape
	In, Out [][]Affine
}

// Affine is an affine map from the index space to a place along one axis:
// Offset + Σ Stride·index.
type Affine struct {
	Offset shape.Size
	Terms  []AffineTerm
}

// AffineTerm is one index of the space with its stride.
type AffineTerm struct {
	Index  int
	Stride shape.Size
}

// At is the affine map that is the index itself.
func At(index int) Affine {
	return Affine{Terms: []AffineTerm{{index, shape.Int(1)}}}
}

// Sole returns the index the map is, and whether it is just one index.
func (a Affine) Sole() (int, bool) {
	if len(a.Terms) == 1 && a.Offset.IsZero() && a.Terms[0].Stride.Equal(shape.Int(1)) {
		return a.Terms[0].Index, true
	}
	return 0, false
}

// Shifted is the map with every index from `from` on raised by n: what is needed
// when axes are put into the index space.
func (a Affine) Shifted(from, n int) Affine {
	shifted := Affine{Offset: a.Offset, Terms: slices.Clone(a.Terms)}
	for i := range shifted.Terms {
		if shifted.Terms[i].Index >= from {
			shifted.Terms[i].Index += n
		}
	}
	return shifted
}

// Index is the axis of the index space with that number.
func (w Weave) Index(i int) shape.Axis {
	if i < len(w.Degree) {
		return w.Degree[i]
	}
	return w.Own[i-len(w.Degree)]
}

// IsLifted reports whether an axis of the index space is lifted over rather than
// the box's own.
func (w Weave) IsLifted(i int) bool { return i < len(w.Degree) }

// Lift applies the box over further axes. They become the outermost of Degree;
// the wires listed in `in` and `out` carry them, outermost and in that order.
func (w Weave) Lift(axes shape.Shape, in, out []bool) Weave {
	return Weave{
		Degree: slices.Concat(axes, w.Degree),
		Own:    w.Own,
		In:     lifted(w.In, in, len(axes)),
		Out:    lifted(w.Out, out, len(axes)),
	}
}

func lifted(ports [][]Affine, carries []bool, n int) [][]Affine {
	result := make([][]Affine, len(ports))
	for p, port := range ports {
		if carries[p] {
			for i := range n {
				result[p] = append(result[p], At(i))
			}
		}
		for _, a := range port {
			result[p] = append(result[p], a.Shifted(0, n))
		}
	}
	return result
}

// Reordered puts the indices of the space in another order: index i of the result
// is index order[i] of w, and the first `degree` of them are lifted over. An index
// that no map of w uses may be left out.
func (w Weave) Reordered(order []int, degree int) Weave {
	place := make([]int, len(w.Degree)+len(w.Own))
	axes := make(shape.Shape, len(order))
	for i, old := range order {
		place[old], axes[i] = i, w.Index(old)
	}
	return Weave{Degree: axes[:degree:degree], Own: axes[degree:], In: renumbered(w.In, place), Out: renumbered(w.Out, place)}
}

func renumbered(ports [][]Affine, place []int) [][]Affine {
	result := make([][]Affine, len(ports))
	for p, port := range ports {
		result[p] = make([]Affine, len(port))
		for i, a := range port {
			result[p][i] = a.Renumbered(place)
		}
	}
	return result
}

// Renumbered is the map with index i called place[i].
func (a Affine) Renumbered(place []int) Affine {
	renumbered := Affine{Offset: a.Offset, Terms: slices.Clone(a.Terms)}
	for i, t := range a.Terms {
		renumbered.Terms[i].Index = place[t.Index]
	}
	return renumbered
}

// Equal reports whether two maps are the same, term by term.
func (a Affine) Equal(b Affine) bool {
	return a.Offset.Equal(b.Offset) && slices.EqualFunc(a.Terms, b.Terms, func(t, u AffineTerm) bool {
		return t.Index == u.Index && t.Stride.Equal(u.Stride)
	})
}

// Permutation lists the index that each axis of a port is, where every one of the n
// indices is just one axis; else it answers false.
func Permutation(port []Affine, n int) ([]int, bool) {
	order := make([]int, len(port))
	seen := make([]bool, n)
	for axis, a := range port {
		index, ok := a.Sole()
		if !ok || index >= n || seen[index] {
			return nil, false
		}
		order[axis], seen[index] = index, true
	}
	return order, len(port) == n
}

// text writes one wire's map with the labels of the index space: [y 2*q+u].
func (w Weave) text(port []Affine) string {
	words := make([]string, len(port))
	for i, a := range port {
		words[i] = w.affineText(a)
	}
	return "[" + strings.Join(words, " ") + "]"
}

func (w Weave) affineText(a Affine) string {
	var words []string
	for _, t := range a.Terms {
		word := w.Index(t.Index).Label
		if !t.Stride.Equal(shape.Int(1)) {
			word = t.Stride.String() + "·" + word
		}
		words = append(words, word)
	}
	if !a.Offset.IsZero() || len(words) == 0 {
		words = append(words, a.Offset.String())
	}
	return strings.Join(words, "+")
}
