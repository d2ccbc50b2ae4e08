package grad_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
)

// backedProduct is y = Σ over k of a·w·c, and says itself what it sends back: the truth.
//
//	In   a [k m], w [k m], c []
//	Out  y [m]
func backedProduct(k, m shape.Axis) diagram.Composite {
	contract := func(d *diagram.Diagram, degree, own shape.Shape, in ...*diagram.Wire) {
		d.Out = append(d.Out, d.Add(diagram.NewBox(diagram.Contract{}, degree, own, in, wires(wire("", degree...)))))
	}
	body := &diagram.Diagram{Name: "Product", In: wires(wire("a", k, m), wire("w", k, m), wire("c"))}
	contract(body, axes(m), axes(k), body.In...)
	reverse := &diagram.Diagram{Name: "back", In: wires(wire("a", k, m), wire("w", k, m), wire("c"), wire("y", m), wire("g", m))}
	a, w, c, g := reverse.In[0], reverse.In[1], reverse.In[2], reverse.In[4]
	contract(reverse, axes(m, k), nil, g, w, c) // in another order than a has
	contract(reverse, axes(k, m), nil, g, a, c)
	contract(reverse, nil, axes(k, m), g, a, w)
	return diagram.Composite{Body: body, Reverse: reverse}
}

// lifted is a product over the batch, of which w lacks the batch, a is read by
// windows, and c is one for all.
func lifted() *diagram.Diagram {
	b, q, k, m := axis("b", 2), axis("q", 3), axis("k", 3), axis("m", 5)
	d := &diagram.Diagram{Name: "Lifted", In: wires(wire("a", m, axis("p", 5), b), wire("w", k, m), wire("c")), Out: wires(wire("y", q, b, m))}
	d.Add(boxOf(backedProduct(k, m), axes(b, q), axes(k, m), d.In, d.Out, list(at(3), affine(0, 1, 1, 2, 1), at(0)), list(at(2), at(3)), nil, list(at(1), at(0), at(3))))
	return d
}

func TestLensSendsWhatItsProgramSays(t *testing.T) {
	d := lifted()
	flat := rewrite.Normalize(d)
	checkFlat(t, d, flat, normalDraw)
	backward, _ := withBackward(flat)
	for _, b := range rewrite.Finish(backward).Boxes {
		if _, ok := b.Op.(diagram.Lens); ok {
			t.Error("a lens is left")
		}
	}
}

// TestLensReplacesTheDerivative sends an arctangent's slope through a step, and
// nothing through the body.
func TestLensReplacesTheDerivative(t *testing.T) {
	b, n := axis("b", 3), axis("n", 5)
	body := &diagram.Diagram{Name: "Spike", In: wires(wire("u"))}
	body.Out = wires(body.Add(diagram.NewBox(diagram.Apply(diagram.FnStep), nil, nil, body.In, wires(wire("")))))
	reverse := &diagram.Diagram{Name: "back", In: wires(wire("u"), wire("y"), wire("g"))}
	p := diagram.NewProgram()
	slope := p.Apply(diagram.FnDiv, p.Input(1), p.Apply(diagram.FnAdd, p.Constant(diagram.Literal(1)), p.Apply(diagram.FnSquare, p.Input(0))))
	op, _ := p.Assemble([]int{slope})
	reverse.Out = wires(reverse.Add(diagram.NewBox(op, nil, nil, wires(reverse.In[0], reverse.In[2]), wires(wire("")))))
	d := &diagram.Diagram{Name: "Spikes", In: wires(wire("u", b, n)), Out: wires(wire("s", b, n))}
	d.Add(diagram.NewBox(diagram.Composite{Body: body, Reverse: reverse}, axes(b, n), nil, d.In, d.Out))
	backward, _ := withBackward(rewrite.Normalize(d))
	u, g := &reference.Array{Dims: []int{3, 5}, Values: make([]float64, 15)}, &reference.Array{Dims: []int{3, 5}, Values: make([]float64, 15)}
	for i := range u.Values {
		u.Values[i], g.Values[i] = float64(i)-7, float64(i%4)
	}
	for _, d := range []*diagram.Diagram{backward, rewrite.Finish(backward)} {
		for i, got := range run(t, d, []*reference.Array{u, g})[0].Values {
			if want := g.Values[i] / (1 + u.Values[i]*u.Values[i]); math.Abs(got-want) > 1e-12 {
				t.Errorf("place %d: got %v, want %v", i, got, want)
			}
		}
	}
}

// TestLensRemembers applies a program with a state twice in a diagram: the second
// application goes on from the first.
func TestLensRemembers(t *testing.T) {
	n := axis("n", 3)
	counting := func() diagram.Composite {
		body := &diagram.Diagram{Name: "Same", In: wires(wire("x"))}
		body.Out = body.In
		reverse := &diagram.Diagram{Name: "back", In: wires(wire("x"), wire("y"), wire("g"))}
		c := wire("c")
		next := reverse.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), nil, nil, wires(c, reverse.In[2]), wires(wire(""))))
		reverse.States = []*diagram.State{{Path: "c", In: c, Out: next, Kept: true}}
		reverse.Out = wires(reverse.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), nil, nil, wires(c, reverse.In[2]), wires(wire("")))))
		return diagram.Composite{Body: body, Reverse: reverse}
	}()
	d := &diagram.Diagram{Name: "Twice", In: wires(wire("x", n)), Out: wires(wire("z", n))}
	y := wire("y", n)
	d.Add(diagram.NewBox(counting, axes(n), nil, d.In, wires(y)))
	d.Add(diagram.NewBox(counting, axes(n), nil, wires(y), d.Out))
	backward, _ := withBackward(rewrite.Normalize(d))
	if err := diagram.Verify(backward); err != nil {
		t.Fatal(err)
	}
	x, g, c := &reference.Array{Dims: []int{3}, Values: []float64{1, 1, 1}}, &reference.Array{Dims: []int{3}, Values: []float64{3, 6, 9}}, &reference.Array{Values: []float64{2}}
	made, err := reference.Run(backward, reference.Values{Arrays: []*reference.Array{x, g}, States: []*reference.Array{c}})
	if err != nil {
		t.Fatal(err)
	}
	// The last box: sends 2g, counts 2 + mean g = 8. The first: sends 8·2g, counts 8 + mean 2g = 20.
	if got := made.Arrays[0].Values; !slices.Equal(got, []float64{48, 96, 144}) {
		t.Errorf("sent %v", got)
	}
	if got := made.States[0].Values; len(made.States) != 1 || math.Abs(got[0]-20) > 1e-12 {
		t.Errorf("remembers %v", got)
	}
}

// scanned is a scan along t of h = tanh(w·h + x), where h starts at what is given,
// lifted over the batch; w is one for all turns. It makes all h and the products x·h.
func scanned(steps int, gradient diagram.Through) *diagram.Diagram {
	b, along, n, m := axis("b", 2), axis("t", steps), axis("n", 3), axis("m", 3)
	x, w, start, h := wire("x", m), wire("w", n, m), wire("start", n), wire("h", n)
	body := &diagram.Diagram{Name: "Turn", In: wires(x, w, start)}
	sum := body.Add(diagram.NewBox(diagram.Contract{}, axes(m), axes(n), wires(w, h), wires(wire("", m))))
	p := diagram.NewProgram()
	op, _ := p.Assemble([]int{p.Apply(diagram.FnTanh, p.Apply(diagram.FnAdd, p.Input(0), p.Input(1)))})
	next := body.Add(boxOf(op, axes(n), nil, wires(sum, x), wires(wire("next", n)), list(at(0)), list(at(0)), list(at(0))))
	both := body.Add(diagram.NewBox(diagram.Contract{}, axes(n, m), nil, wires(x, next), wires(wire("both", n, m))))
	body.States = []*diagram.State{{Path: "h", In: h, Out: next, Start: start}}
	body.Out = wires(next, both)
	d := &diagram.Diagram{Name: "Scanned", In: wires(wire("x", m, along, b), wire("w", n, m), wire("start", n, b)), Out: wires(wire("h", b, along, n), wire("both", along, b, m, n))}
	d.Add(diagram.NewBox(diagram.Scan{Body: body, Gradient: gradient}, axes(b), axes(along, n, m), d.In, d.Out))
	return d
}

func TestScanVJP(t *testing.T) {
	for _, steps := range []int{1, 2, 5} {
		d := scanned(steps, diagram.Through{})
		checkFlat(t, d, rewrite.Normalize(d), normalDraw)
	}
	// Every turn is among five of five.
	d := scanned(5, diagram.Through{Policy: "random", Turns: 5})
	checkFlat(t, d, rewrite.Normalize(d), normalDraw)
}

// TestGradientPolicies sends something to the last h alone, and says which turns of
// the input hear of it.
func TestGradientPolicies(t *testing.T) {
	const steps = 5
	cases := []struct {
		name     string
		gradient diagram.Through
		want     []bool
		hears    bool // what h starts at
	}{
		{"full", diagram.Through{Policy: "full"}, []bool{true, true, true, true, true}, true},
		{"local", diagram.Through{Policy: "local"}, []bool{false, false, false, false, true}, false},
		{"last", diagram.Through{Policy: "last", Turns: 2}, []bool{false, false, false, true, true}, false},
		{"last, longer than the axis", diagram.Through{Policy: "last", Turns: 9}, []bool{true, true, true, true, true}, true},
		{"none drawn", diagram.Through{Policy: "random"}, []bool{false, false, false, false, false}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := scanned(steps, c.gradient)
			d.Out = d.Out[:1]
			d.Boxes[0].Op.(diagram.Scan).Body.Out = d.Boxes[0].Op.(diagram.Scan).Body.Out[:1]
			d.Boxes[0].Out, d.Boxes[0].Weave.Out = d.Boxes[0].Out[:1], d.Boxes[0].Weave.Out[:1]
			backward, numbers := withBackward(rewrite.Normalize(d))
			in := drawn(testRand(), backward.In, normalDraw)
			g := in[3]
			clear(g.Values)
			for b := range 2 {
				for n := range 3 {
					g.Values[(b*steps+steps-1)*3+n] = 1
				}
			}
			sent := run(t, backward, in)
			for i, n := range numbers {
				switch n {
				case 0:
					for turn, want := range c.want {
						if got := sent[i].Values[turn*2] != 0; got != want {
							t.Errorf("turn %d hears: %v, want %v", turn, got, want)
						}
					}
				case 2:
					if got := sent[i].Values[0] != 0; got != c.hears {
						t.Errorf("the start hears: %v, want %v", got, c.hears)
					}
				}
			}
		})
	}
}

// TestDrawnTurns counts the turns that hear of what they make themselves.
func TestDrawnTurns(t *testing.T) {
	const steps, followed = 7, 3
	d := scanned(steps, diagram.Through{Policy: "random", Turns: followed})
	backward, _ := withBackward(rewrite.Normalize(d))
	in := drawn(testRand(), backward.In, normalDraw)
	x := run(t, backward, in)[0]
	hear := 0
	for turn := range steps {
		if x.Values[turn*2] != 0 {
			hear++
		}
	}
	if hear != followed {
		t.Errorf("%d turns hear, want %d", hear, followed)
	}
}

func testRand() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }
