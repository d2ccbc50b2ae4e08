package exec

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// linear is Offset + Σ stride·index, from pairs of index and stride.
func linear(offset int, terms ...int) diagram.Affine {
	a := diagram.Affine{Offset: shape.Int(offset)}
	for i := 0; i < len(terms); i += 2 {
		a.Terms = append(a.Terms, diagram.AffineTerm{Index: terms[i], Stride: shape.Int(terms[i+1])})
	}
	return a
}

func maps(a ...diagram.Affine) []diagram.Affine { return a }

var at = diagram.At

// boxOf is a box whose maps are said one by one.
func boxOf(op diagram.Op, degree, own shape.Shape, in, out []*diagram.Wire, ports ...[]diagram.Affine) *diagram.Box {
	return &diagram.Box{Op: op, In: in, Out: out, Weave: diagram.Weave{Degree: degree, Own: own, In: ports[:len(in)], Out: ports[len(in):]}}
}

// diagramOf is a diagram of boxes whose inputs are the wires that no box makes, and
// whose outputs those that no box reads.
func diagramOf(boxes ...*diagram.Box) *diagram.Diagram {
	d := &diagram.Diagram{Name: "case", Boxes: boxes}
	made, read := map[*diagram.Wire]bool{}, map[*diagram.Wire]bool{}
	for _, b := range boxes {
		for _, w := range b.In {
			if !made[w] && !read[w] {
				d.In = append(d.In, w)
			}
			read[w] = true
		}
		for _, w := range b.Out {
			made[w] = true
		}
	}
	for _, b := range boxes {
		for _, w := range b.Out {
			if !read[w] {
				d.Out = append(d.Out, w)
			}
		}
	}
	return d
}

func convolution(transposed bool) *diagram.Diagram {
	b, q, r, u, v, c, n := axis("b", 2), axis("q", 9), axis("r", 8), axis("u", 3), axis("v", 3), axis("c", 5), axis("n", 4)
	image := wire("image", b, axis("row", 11), axis("col", 10), c)
	filter, out := wire("filter", u, v, c, n), wire("out", b, q, r, n)
	window := maps(at(0), linear(0, 1, 1, 4, 1), linear(0, 2, 1, 5, 1), at(6))
	made := maps(at(0), at(1), at(2), at(3))
	if transposed {
		return diagramOf(boxOf(diagram.Contract{}, axes(b, q, r, n), axes(u, v, c), wires(out, filter), wires(image), made, maps(at(4), at(5), at(6), at(3)), window))
	}
	return diagramOf(boxOf(diagram.Contract{}, axes(b, q, r, n), axes(u, v, c), wires(image, filter), wires(out), window, maps(at(4), at(5), at(6), at(3)), made))
}

// attention has its heads last, as the language writes them, and merges them in the
// end.
func attention() *diagram.Diagram {
	b, y, x, h, k, m := axis("b", 2), axis("y", 5), axis("x", 7), axis("h", 3), axis("k", 4), axis("m", 6)
	q, key, value := wire("q", b, y, k, h), wire("k", b, x, k, h), wire("v", b, x, k, h)
	scores, weights := wire("scores", b, y, x, h), wire("weights", b, y, x, h)
	taken, out := wire("taken", b, y, k, h), wire("out", b, y, m)
	root := wire("root")
	return diagramOf(
		newBox(diagram.Constant{Value: diagram.Literal(0.5)}, nil, nil, nil, wires(root)),
		newBox(diagram.Contract{}, axes(b, y, x, h), axes(k), wires(root, q, key), wires(scores)),
		newBox(diagram.Softmax{}, axes(b, y, h), axes(x), wires(scores), wires(weights)),
		newBox(diagram.Contract{}, axes(b, y, k, h), axes(x), wires(weights, value), wires(taken)),
		newBox(diagram.Contract{}, axes(b, y, m), axes(h, k), wires(taken, wire("o", k, h, m)), wires(out)),
	)
}

func TestBoxes(t *testing.T) {
	b, i, j, m, v := axis("b", 3), axis("i", 5), axis("j", 2), axis("m", 4), axis("v", 6)
	x := wire("x", b, i)
	cases := []struct {
		name string
		d    *diagram.Diagram
	}{
		{"convolution", convolution(false)},
		{"convolution written back", convolution(true)},
		{"attention", attention()},
		{"heads side by side are split", diagramOf(boxOf(diagram.Contract{}, axes(b, i, j, m), nil, wires(wire("x", b, axis("a", 40))), wires(wire("y", b, j, i, m)),
			maps(at(0), linear(0, 1, 8, 2, 4, 3, 1)), maps(at(0), at(2), at(1), at(3))))},
		{"axes are merged that do not lie in one stride", diagramOf(boxOf(diagram.Contract{}, axes(b, i), nil, wires(wire("x", b, i)), wires(wire("y", axis("a", 15))),
			maps(at(0), at(1)), maps(linear(0, 1, 3, 0, 1))))},
		{"flip and step", diagramOf(boxOf(diagram.Contract{}, axes(b), nil, wires(wire("x", axis("a", 7))), wires(wire("y", b)), maps(linear(6, 0, -3)), maps(at(0))))},
		{"diagonal written", diagramOf(boxOf(diagram.Contract{}, axes(b), nil, wires(wire("x", b)), wires(wire("y", b, axis("b'", 3))), maps(at(0)), maps(at(0), at(0))))},
		{"padding", diagramOf(boxOf(diagram.Contract{}, axes(b, i), nil, wires(x), wires(wire("y", axis("b", 6), i)), maps(at(0), at(1)), maps(linear(2, 0, 1), at(1))))},
		{"windows added up in many places", diagramOf(boxOf(diagram.Contract{}, axes(axis("p", 300), axis("u", 200)), nil, wires(wire("x", axis("p", 300)), wire("w", axis("u", 200))),
			wires(wire("y", axis("a", 499))), maps(at(0)), maps(at(1)), maps(linear(0, 0, 1, 1, 1))))},
		{"a number spread and added up", diagramOf(
			newBox(diagram.Constant{Value: diagram.Literal(0.25)}, axes(b), nil, nil, wires(cWire)),
			newBox(diagram.Contract{}, axes(i), axes(b, j), wires(cWire), wires(wire("y", i))))},
		{"a number padded", diagramOf(
			newBox(diagram.Constant{Value: diagram.Literal(0.25)}, axes(b), nil, nil, wires(cWire)),
			boxOf(diagram.Contract{}, axes(b), axes(j), wires(cWire), wires(wire("y", axis("a", 6))), maps(at(0)), maps(linear(2, 0, 1))))},
		{"a wire times itself", diagramOf(newBox(diagram.Contract{}, axes(b), axes(i), wires(x, x), wires(wire("y", b))))},
		{"a table for all", diagramOf(newBox(diagram.Take{}, axes(b, i, m), axes(v), wires(wire("table", v, m), place("tokens", v, b, i)), wires(wire("y", b, m, i))))},
		{"a table for each", diagramOf(newBox(diagram.Take{}, axes(b), axes(v), wires(wire("scores", b, v), place("label", v, b)), wires(wire("y", b))))},
		{"put", diagramOf(newBox(diagram.Put{}, axes(b, i, m), axes(v), wires(wire("x", m, b, i), place("tokens", v, i, b)), wires(wire("table", m, v))))},
		{"one hot", diagramOf(newBox(diagram.OneHot{}, axes(b, i), axes(v), wires(place("tokens", v, b, i)), wires(wire("y", i, v, b))))},
		{"argmax and argmin", diagramOf(
			newBox(diagram.Reduce{Fn: "argmax"}, axes(b), axes(i), wires(x), wires(place("y", i, b))),
			newBox(diagram.Reduce{Fn: "argmin"}, axes(b), axes(i), wires(x), wires(place("z", i, b))))},
		{"argmax along one place", diagramOf(newBox(diagram.Reduce{Fn: "argmax"}, axes(b), axes(axis("o", 1)), wires(wire("x", b, axis("o", 1))), wires(place("y", axis("o", 1), b))))},
		{"places compared", diagramOf(newBox(diagram.Apply(diagram.FnEqual), axes(b, i), nil, wires(place("p", v, b), place("q", v, i, b)), wires(wire("y", b, i))))},
		{"places padded", diagramOf(boxOf(diagram.Contract{}, axes(b), nil, wires(place("p", v, b)), wires(place("q", v, axis("b", 5))), maps(at(0)), maps(linear(2, 0, 1))))},
		{"numbers of places", diagramOf(
			newBox(diagram.Places{}, nil, axes(i), nil, wires(placesWire)),
			newBox(diagram.Apply(diagram.FnMul), axes(b, i), nil, wires(x, placesWire), wires(wire("y", b, i))))},
		{"every reduction", diagramOf(
			newBox(diagram.Reduce{Fn: "mean"}, axes(i), axes(b), wires(x), wires(wire("mean", i))),
			newBox(diagram.Reduce{Fn: "product"}, axes(i), axes(b), wires(x), wires(wire("product", i))),
			newBox(diagram.Reduce{Fn: "logsumexp"}, nil, axes(b, i), wires(x), wires(wire("logsumexp"))),
			newBox(diagram.Sum{}, axes(b), axes(i), wires(x), wires(wire("sum", b))))},
		{"a softmax over axes that lie apart", diagramOf(newBox(diagram.Softmax{}, axes(i), axes(b, m), wires(wire("x", b, i, m)), wires(wire("y", m, i, b))))},
		{"a scale, a bias along rows", diagramOf(
			newBox(diagram.Constant{Value: diagram.Literal(0.25)}, nil, nil, nil, wires(scaleWire)),
			newBox(diagram.Contract{}, axes(b, m), axes(i), wires(x, scaleWire, wire("w", m, i)), wires(sumWire)),
			newBox(diagram.Apply(diagram.FnAdd), axes(b, m), nil, wires(wire("bias", b), sumWire), wires(wire("y", m, b))))},
		{"detached and handed out twice", func() *diagram.Diagram {
			y := wire("y", b, i)
			d := diagramOf(newBox(diagram.Detach{}, axes(b, i), nil, wires(x), wires(y)))
			d.Out = wires(y, y, x)
			return d
		}()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { compareAll(t, c.d) })
	}
}

// Wires that two boxes of one case share.
var (
	cWire      = wire("c", axis("b", 3))
	placesWire = wire("places", axis("i", 5))
	scaleWire  = wire("scale")
	sumWire    = wire("sum", axis("b", 3), axis("m", 4))
)

// States that feed one another, stay as they are, or are shown from another side
// keep their old values until they have been read.
func TestStates(t *testing.T) {
	b, c := axis("b", 3), axis("c", 3)
	state := func(name string, a ...shape.Axis) *diagram.State {
		return &diagram.State{Path: name, In: wire(name, a...)}
	}
	double := func(w *diagram.Wire) *diagram.Box {
		return newBox(diagram.Apply(diagram.FnAdd), w.Type.Axes, nil, wires(w, w), wires(wire("", w.Type.Axes...)))
	}
	cases := []struct {
		name string
		make func() *diagram.Diagram
	}{
		{"two states change places", func() *diagram.Diagram {
			p, q := state("p", b), state("q", b)
			p.Out, q.Out = q.In, p.In
			return &diagram.Diagram{States: []*diagram.State{p, q}}
		}},
		{"a state follows another that changes", func() *diagram.Diagram {
			p, q := state("p", b), state("q", b)
			box := double(p.In)
			p.Out, q.Out = box.Out[0], p.In
			return &diagram.Diagram{States: []*diagram.State{p, q}, Boxes: []*diagram.Box{box}}
		}},
		{"a state is turned over", func() *diagram.Diagram {
			p := state("p", b, c)
			turned := boxOf(diagram.Contract{}, axes(b, c), nil, wires(p.In), wires(wire("", c, b)), maps(at(0), at(1)), maps(at(1), at(0)))
			p.Out = turned.Out[0]
			return &diagram.Diagram{States: []*diagram.State{p}, Boxes: []*diagram.Box{turned}}
		}},
		{"a state plus itself turned over", func() *diagram.Diagram {
			p := state("p", b, c)
			sum := boxOf(diagram.Apply(diagram.FnAdd), axes(b, c), nil, wires(p.In, p.In), wires(wire("", b, c)), maps(at(0), at(1)), maps(at(1), at(0)), maps(at(0), at(1)))
			p.Out = sum.Out[0]
			return &diagram.Diagram{States: []*diagram.State{p}, Boxes: []*diagram.Box{sum}}
		}},
		{"a state is read after its new value is made", func() *diagram.Diagram {
			p := state("p", b)
			next, old := double(p.In), double(p.In)
			p.Out = next.Out[0]
			return &diagram.Diagram{States: []*diagram.State{p}, Boxes: []*diagram.Box{next, old}, Out: wires(old.Out[0], p.In, p.Out)}
		}},
		{"a state stays", func() *diagram.Diagram {
			p := state("p", b)
			p.Out = p.In
			return &diagram.Diagram{States: []*diagram.State{p}, Out: wires(p.In)}
		}},
		{"two states become the same", func() *diagram.Diagram {
			p, q := state("p", b), state("q", b)
			box := double(p.In)
			p.Out, q.Out = box.Out[0], box.Out[0]
			return &diagram.Diagram{States: []*diagram.State{p, q}, Boxes: []*diagram.Box{box}}
		}},
		{"a state becomes an input", func() *diagram.Diagram {
			p, x := state("p", b), wire("x", b)
			p.Out = x
			return &diagram.Diagram{In: wires(x), States: []*diagram.State{p}, Out: wires(p.In)}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { compareAll(t, c.make()) })
	}
}
