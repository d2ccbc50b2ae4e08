package onnx

import (
	"fmt"
	"math"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/internal/export"
)

// findLetters notes where the size of each letter is read: an axis of that size of
// what comes in.
func (g *graph) findLetters(wires []*diagram.Wire) {
	for _, w := range wires {
		for i, a := range w.Type.Axes {
			letters := a.Size.Letters()
			if len(letters) != 1 || !a.Size.Equal(shape.Letter(letters[0])) {
				continue
			}
			if _, found := g.letters[letters[0]]; !found {
				g.letters[letters[0]] = g.add("Shape", []string{g.wires[w]}, "start", i, "end", i+1)
			}
		}
	}
}

// size is a size as a list of one whole number.
func (g *graph) size(s shape.Size) string {
	if n, ok := s.Int(); ok {
		return g.ints(int64(n))
	}
	if g.parent != nil {
		return g.root().size(s)
	}
	return g.once("size "+s.String(), func() string {
		return shape.Fold(s, func(n int) string { return g.ints(int64(n)) }, g.letter, g.sizeOf)
	})
}

func (g *graph) letter(letter string) string {
	if v, ok := g.letters[letter]; ok {
		return v
	}
	g.Refuse(g.place(), export.NotExportable, fmt.Sprintf("size `%s` cannot be told from what comes in", letter), "set it: --set "+letter+"=…")
	return g.ints(1)
}

func (g *graph) sizeOf(function string, x, y string) string {
	op := map[string]string{"+": "Add", "*": "Mul", "/": "Div", "floor": "Div", "min": "Min", "max": "Max", "^": "Pow"}[function]
	if function == "ceil" {
		return g.add("Div", []string{g.add("Sub", []string{g.add("Add", []string{x, y}), g.ints(1)}), y})
	}
	return g.add(op, []string{x, y})
}

// sizes is a list of sizes.
func (g *graph) sizes(list []shape.Size) string {
	known := make([]int64, 0, len(list))
	for _, s := range list {
		if n, ok := s.Int(); ok {
			known = append(known, int64(n))
		}
	}
	if len(known) == len(list) {
		return g.ints(known...)
	}
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = g.size(s)
	}
	return g.add("Concat", parts, "axis", 0)
}

// scalarSize is a size as a whole number without axes.
func (g *graph) scalarSize(s shape.Size) string {
	if n, ok := s.Int(); ok {
		return g.integer(int64(n))
	}
	return g.add("Squeeze", []string{g.size(s), g.ints(0)})
}

// number is a number without axes, also one that hangs on sizes.
func (g *graph) number(n diagram.Number) string {
	if x, ok := n.Float(); ok {
		return g.real(x)
	}
	if n.Op == "size" {
		return g.add("Cast", []string{g.scalarSize(n.Size)}, "to", int(float))
	}
	x := g.number(n.Args[0])
	if len(n.Args) == 1 {
		return g.add("Neg", []string{x})
	}
	op := map[string]string{"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "^": "Pow"}[n.Op]
	return g.add(op, []string{x, g.number(n.Args[1])})
}

// reshape gives an array other axes of as many numbers.
func (g *graph) reshape(v string, from, to []shape.Size) string {
	if sameSizes(from, to) {
		return v
	}
	shown := make([]int64, len(to))
	open := -1
	for i, s := range to {
		n, ok := s.Int()
		switch {
		case ok && n > 0:
			shown[i] = int64(n)
		case !ok && i < len(from) && s.Equal(from[i]):
			shown[i] = 0 // as it was
		case !ok && open < 0:
			shown[i], open = -1, i
		default:
			return g.add("Reshape", []string{v, g.sizes(to)}, "allowzero", 1)
		}
	}
	return g.add("Reshape", []string{v, g.ints(shown...)})
}

func sameSizes(a, b []shape.Size) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

// backward is the end of a slice that runs down to place 0.
const backward = math.MinInt64
