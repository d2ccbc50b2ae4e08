package exec

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// drawer draws sound random diagrams box by box.
type drawer struct {
	t     *rapid.T
	d     *diagram.Diagram
	count int
}

func (r *drawer) int(low, high int, what string) int {
	return rapid.IntRange(low, high).Draw(r.t, what)
}

func (r *drawer) name(kind string) string {
	r.count++
	return fmt.Sprintf("%s%d", kind, r.count)
}

// space draws the axes of an index space.
func (r *drawer) space(most int) shape.Shape {
	var s shape.Shape
	for range r.int(0, most, "rank") {
		s = append(s, axis(r.name("i"), rapid.SampledFrom([]int{1, 2, 3, 5, 9}).Draw(r.t, "size")))
	}
	return s
}

// port draws maps from an index space, and the axes of a wire that they fit.
func (r *drawer) port(space shape.Shape, most int) (maps []diagram.Affine, s shape.Shape) {
	for range r.int(0, min(most, len(space)+1), "axes") {
		a, low, high := diagram.Affine{}, 0, 0
		for range min(len(space), r.int(0, 2, "terms")) {
			index := r.int(0, len(space)-1, "index")
			stride := rapid.SampledFrom([]int{1, 1, 1, 2, -1, 3}).Draw(r.t, "stride")
			a.Terms = append(a.Terms, diagram.AffineTerm{Index: index, Stride: shape.Int(stride)})
			reach := stride * (space[index].Size.MustInt() - 1)
			low, high = low+min(reach, 0), high+max(reach, 0)
		}
		a.Offset = shape.Int(-low)
		size := high - low + 1
		if index, ok := a.Sole(); ok {
			size = space[index].Size.MustInt()
		} else if r.int(0, 3, "room") == 0 {
			size += 2
		}
		maps, s = append(maps, a), append(s, axis(r.name("a"), size))
	}
	return maps, s
}

// arranged draws maps that meet some of the indices, each by an axis of its own.
func (r *drawer) arranged(space shape.Shape) (maps []diagram.Affine, s shape.Shape) {
	indices := rapid.Permutation(span(len(space))).Draw(r.t, "order")
	for _, i := range indices {
		if r.int(0, 3, "left out") > 0 {
			maps, s = append(maps, diagram.At(i)), append(s, space[i])
		}
	}
	return maps, s
}

func span(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// operand draws a wire for maps: a wire that comes in, or one that is rearranged.
func (r *drawer) operand(s shape.Shape) *diagram.Wire {
	if r.int(0, 2, "rearranged") > 0 {
		w := wire(r.name("x"), s...)
		r.d.In = append(r.d.In, w)
		return w
	}
	maps, from := r.port(s, 3)
	x := wire(r.name("x"), from...)
	r.d.In = append(r.d.In, x)
	out := wire(r.name("v"), s...)
	own := shape.Shape{}
	b := &diagram.Box{Op: diagram.Contract{}, In: wires(x), Out: wires(out), Weave: diagram.Weave{Degree: s, Own: own, In: [][]diagram.Affine{maps}}}
	b.Weave.Out = [][]diagram.Affine{b.Weave.Indices(s)}
	r.d.Add(b)
	return out
}

// contract draws a product of one to three wires; with affine maps everywhere, or
// with plain ones, as matrix products have.
func (r *drawer) contract() *diagram.Wire {
	space := r.space(5)
	b := &diagram.Box{Op: diagram.Contract{}, Weave: diagram.Weave{Degree: space}}
	maps := func() ([]diagram.Affine, shape.Shape) { return r.arranged(space) }
	if r.int(0, 2, "affine") == 0 {
		maps = func() ([]diagram.Affine, shape.Shape) { return r.port(space, 3) }
	}
	for range r.int(1, 3, "factors") {
		m, s := maps()
		b.In, b.Weave.In = append(b.In, r.operand(s)), append(b.Weave.In, m)
	}
	if r.int(0, 4, "scaled") == 0 {
		c := r.d.Add(newBox(diagram.Constant{Value: diagram.Literal(0.7)}, nil, nil, nil, wires(wire(""))))
		b.In, b.Weave.In = append(b.In, c), append(b.Weave.In, nil)
	}
	m, s := maps()
	b.Out, b.Weave.Out = wires(wire(r.name("y"), s...)), [][]diagram.Affine{m}
	return r.d.Add(b)
}

// finish draws what is done to a wire: a bias, a relu, a softmax, a reduction, a
// sum with another wire, a rearrangement that may scatter and add up.
func (r *drawer) finish(y *diagram.Wire) *diagram.Wire {
	s := y.Type.Axes
	like := func() *diagram.Wire { return wire(r.name("z"), s...) }
	switch r.int(0, 9, "finish") {
	case 0:
		return r.d.Add(newBox(diagram.Apply(diagram.FnRelu), s, nil, wires(y), wires(like())))
	case 1:
		_, some := r.arranged(s)
		return r.d.Add(newBox(diagram.Apply(diagram.FnAdd), s, nil, wires(r.operand(some), y), wires(like())))
	case 2:
		if len(s) > 0 {
			k := r.int(0, len(s)-1, "own")
			out := wire(r.name("z"), rapid.Permutation(s).Draw(r.t, "order")...)
			return r.d.Add(newBox(diagram.Softmax{Log: r.int(0, 1, "log") == 0}, s[:k], s[k:], wires(y), wires(out)))
		}
	case 3:
		if len(s) > 0 {
			k := r.int(0, len(s)-1, "own")
			fn := rapid.SampledFrom([]string{"mean", "max", "min", "logsumexp"}).Draw(r.t, "fn")
			return r.d.Add(newBox(diagram.Reduce{Fn: fn}, s[:k], s[k:], wires(y), wires(wire(r.name("z"), s[:k]...))))
		}
	case 4:
		p := diagram.NewProgram()
		x := p.Input(0)
		op, _ := p.Assemble([]int{p.Apply(diagram.FnTanh, x), p.Apply(diagram.FnMul, x, x)})
		out := wires(like(), like())
		r.d.Add(newBox(op, s, nil, wires(y), out))
		r.d.Out = append(r.d.Out, out[1])
		return out[0]
	case 5:
		return r.d.Add(newBox(diagram.Apply(diagram.FnSub), s, nil, wires(y, r.operand(s)), wires(like())))
	case 6: // a further product into the same sum
		k := axis(r.name("k"), 3)
		product := newBox(diagram.Contract{}, s, axes(k), wires(r.operand(append(axes(k), s[:len(s)/2]...)), r.operand(append(s[len(s)/2:len(s):len(s)], k))), wires(like()))
		return r.d.Add(newBox(diagram.Apply(diagram.FnAdd), s, nil, wires(y, r.d.Add(product)), wires(like())))
	}
	if r.int(0, 1, "rearranged") == 0 {
		return y
	}
	b := &diagram.Box{Op: diagram.Contract{}, In: wires(y), Weave: diagram.Weave{Degree: s}}
	m, made := r.port(s, 3)
	b.Out = wires(wire(r.name("y"), made...))
	b.Weave.In, b.Weave.Out = [][]diagram.Affine{b.Weave.Indices(s)}, [][]diagram.Affine{m}
	return r.d.Add(b)
}

func randomDiagram(t *rapid.T) *diagram.Diagram {
	r := &drawer{t: t, d: &diagram.Diagram{Name: "random"}}
	for range r.int(1, 2, "products") {
		y := r.contract()
		for range r.int(0, 3, "finishes") {
			y = r.finish(y)
		}
		r.d.Out = append(r.d.Out, y)
	}
	return r.d
}

// Random diagrams do as the reference says, in both precisions, from memory that
// verifies.
func TestRandomDiagrams(t *testing.T) {
	for _, float := range []plan.DType{plan.Float64, plan.Float32} {
		t.Run(float.String(), rapid.MakeCheck(func(t *rapid.T) {
			compare(t, randomDiagram(t), float, 2)
		}))
	}
}

// Convolutions of one or two axes, with any step between windows and inside them,
// do as the reference says, both ways and for the filter.
func TestRandomConvolutions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &drawer{t: t, d: &diagram.Diagram{Name: "convolution"}}
		b, n, c := axis("b", r.int(1, 3, "b")), axis("n", r.int(1, 9, "n")), axis("c", r.int(1, 9, "c"))
		degree, own := axes(b, n), axes(c)
		image, made, filter := axes(b, c), axes(b, n), axes(n, c)
		imageMaps, madeMaps := maps(at(0), at(2)), maps(at(0), at(1))
		filterMaps := maps(at(1), at(2))
		for range r.int(1, 2, "rank") {
			q, u := r.int(1, 9, "q"), r.int(1, 4, "u")
			stride, dilation, before := r.int(1, 2, "stride"), r.int(1, 2, "dilation"), r.int(0, 1, "before")
			size := stride*(q-1) + dilation*(u-1) + 1 + before + r.int(0, 1, "after")
			index := len(degree) + len(own)
			own = append(own, axis(r.name("q"), q), axis(r.name("u"), u))
			image, imageMaps = append(image, axis(r.name("p"), size)), append(imageMaps, linear(before, index, stride, index+1, dilation))
			made, madeMaps = append(made, own[len(own)-2]), append(madeMaps, at(index))
			filter, filterMaps = append(filter, own[len(own)-1]), append(filterMaps, at(index+1))
		}
		ports := []struct {
			name string
			axes shape.Shape
			maps []diagram.Affine
		}{{"image", image, imageMaps}, {"filter", filter, filterMaps}, {"made", made, madeMaps}}
		last := r.int(0, 2, "written")
		box := &diagram.Box{Op: diagram.Contract{}, Weave: diagram.Weave{Degree: degree, Own: own}}
		for i, p := range ports {
			if i != last {
				w := wire(p.name, p.axes...)
				r.d.In, box.In, box.Weave.In = append(r.d.In, w), append(box.In, w), append(box.Weave.In, p.maps)
			}
		}
		box.Out, box.Weave.Out = wires(wire(ports[last].name, ports[last].axes...)), [][]diagram.Affine{ports[last].maps}
		r.d.Out = wires(r.d.Add(box))
		compare(t, r.d, plan.Float64, 1)
		compare(t, r.d, plan.Float32, 2)
	})
}
