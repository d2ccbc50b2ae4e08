package lower

import (
	"slices"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// attention is one head a batch of softmax(q·k)·v, as a user may write it.
func attention() *diagram.Diagram {
	b, s, u, k := axis("b", 8), axis("s", 64), axis("u", 64), axis("k", 16)
	d := newBuilder("attention", wire("q", b, s, k), wire("k", b, u, k), wire("v", b, u, k))
	scores := d.contract(wire("scores", b, s, u), axes(k), d.In[0], d.In[1])
	weights := d.Add(diagram.NewBox(diagram.Softmax{}, axes(b, s), axes(u), wires(scores), wires(wire("weights", b, s, u))))
	d.Out = wires(d.contract(wire("y", b, s, k), axes(u), weights, d.In[2]))
	return d.Diagram
}

// norm is the passes of a norm over rows.
func norm() *diagram.Diagram {
	s, m := axis("s", 512), axis("m", 64)
	d := newBuilder("norm", wire("x", s, m))
	mean := d.made(diagram.Reduce{Fn: "mean"}, wire("mean", s), axes(m), d.In[0])
	centred := d.apply(diagram.FnSub, wire("centred", s, m), d.In[0], mean)
	variance := d.made(diagram.Reduce{Fn: "mean"}, wire("", s), axes(m), d.apply(diagram.FnSquare, wire("", s, m), centred))
	d.Out = wires(d.apply(diagram.FnDiv, wire("y", s, m), centred, d.apply(diagram.FnSqrt, wire("", s), variance)))
	return d.Diagram
}

// A nest is given as many places as divide the outermost axes, the fewest that will do;
// however large an axis is, that is found at once.
func TestPlacesOf(t *testing.T) {
	for _, c := range []struct {
		name string
		dims []int
		want []int
	}{
		{"the first axis in parts", []int{64, 256}, []int{4, 8, 16}},
		{"the first axis and parts of the second", []int{2, 6, 2048}, []int{6, 12, 24}},
		{"a prime number", []int{7, 1 << 12}, []int{7, 14, 28}},
		{"an axis of one place", []int{1, 1, 1 << 14}, []int{4, 8, 16}},
		{"a large prime number", []int{1<<31 - 1}, []int{1<<31 - 1}},
		{"few numbers", []int{8, 8}, nil},
	} {
		strides := make([]int, len(c.dims))
		for i, stride := len(c.dims)-1, 1; i >= 0; i-- {
			strides[i], stride = stride, stride*c.dims[i]
		}
		view := []plan.View{{Strides: strides}}
		l := &lowerer{grain: worthNesting}
		if got := l.placesOf(plan.Step{Kernel: plan.Copy{Dims: c.dims}, In: view, Out: view}); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestDivisors(t *testing.T) {
	for n := 1; n <= 200; n++ {
		var want []int
		for d := 1; d <= n; d++ {
			if n%d == 0 {
				want = append(want, d)
			}
		}
		if got := divisors(n); !slices.Equal(got, want) {
			t.Errorf("of %d: got %v, want %v", n, got, want)
		}
	}
}

// Steps that hand each other arrays part by part become one nest, whose temporaries
// have no memory but a part in each worker.
func TestNests(t *testing.T) {
	cases := []struct {
		name    string
		make    func() *diagram.Diagram
		dims    []int
		kernels int
	}{
		{"attention by heads", attention, []int{8}, 3},
		{"a norm by rows", norm, []int{8}, 6},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := lowered(t, c.make())
			if len(p.Steps) != 1 {
				t.Fatalf("%d steps, want one nest:\n%s", len(p.Steps), p)
			}
			n, ok := p.Steps[0].Kernel.(plan.Nest)
			if !ok || !slices.Equal(n.Dims, c.dims) || len(n.Steps) != c.kernels {
				t.Errorf("want a nest over %v of %d steps, got\n%s", c.dims, c.kernels, p)
			}
			for _, b := range p.Buffers {
				if b.Role == plan.Temporary {
					t.Errorf("%s has memory of its own", b)
				}
			}
		})
	}
}

// However a user spells attention, with factors and axes in another order, it comes to
// the same steps.
func TestSpellingsComeToTheSame(t *testing.T) {
	want := lowered(t, attention())
	b, s, u, k := axis("b", 8), axis("s", 64), axis("u", 64), axis("k", 16)
	d := newBuilder("attention", wire("q", b, s, k), wire("k", b, u, k), wire("v", b, u, k))
	scores := d.contract(wire("scores", b, u, s), axes(k), d.In[1], d.In[0])
	weights := d.Add(diagram.NewBox(diagram.Softmax{}, axes(b, s), axes(u), wires(scores), wires(wire("weights", s, b, u))))
	d.Out = wires(d.contract(wire("y", b, s, k), axes(u), d.In[2], weights))
	p := lowered(t, d.Diagram)
	n, ok := p.Steps[0].Kernel.(plan.Nest)
	if !ok || len(p.Steps) != 1 || kinds(n) != kinds(want.Steps[0].Kernel.(plan.Nest)) {
		t.Fatalf("want\n%s\ngot\n%s", want, p)
	}
}

// kinds are the kernels of a nest, in order.
func kinds(n plan.Nest) string {
	var words []string
	for _, s := range n.Steps {
		word, _, _ := strings.Cut(s.String(), " ")
		words = append(words, word)
	}
	return strings.Join(words, " ")
}
