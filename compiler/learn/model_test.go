package learn

import (
	"math"
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
)

var (
	seq   = axis("s", 4)
	model = axis("m", 6)
)

// attended is self-attention over the places of x, with its three linear maps.
func attended(x shape.Shape) *diagram.Diagram {
	s, m := x[0], x[1]
	other := shape.Axis{Label: s.Label + "'", Size: s.Size}
	in := wire("x", s, m)
	d := &diagram.Diagram{Name: "Attention", In: wires(in)}
	k := axis("k", 5)
	q, key, value := linear(d, "q", in, m, k), linear(d, "K", in, m, k), linear(d, "V", in, m, k)
	c := d.Add(newBox(diagram.Constant{Value: diagram.Literal(math.Pow(5, -0.5))}, nil, nil, nil, wires(wire(""))))
	scores := newBox(diagram.Contract{}, axes(s, other), axes(k), nil, wires(wire("match", s, other)))
	scores.In = wires(c, q, key)
	scores.Weave.In = [][]diagram.Affine{nil, {diagram.At(0), diagram.At(2)}, {diagram.At(1), diagram.At(2)}}
	weights := d.Add(newBox(diagram.Softmax{}, axes(s), axes(other), wires(d.Add(scores)), wires(wire("weights", s, other))))
	mixed := newBox(diagram.Contract{}, axes(s, k), axes(other), nil, wires(wire("", s, k)))
	mixed.In = wires(weights, value)
	mixed.Weave.In = [][]diagram.Affine{{diagram.At(0), diagram.At(2)}, {diagram.At(2), diagram.At(1)}}
	d.Out = wires(linear(d, "out", d.Add(mixed), k, m))
	return d
}

func linear(d *diagram.Diagram, name string, x *diagram.Wire, from, to shape.Axis) *diagram.Wire {
	w := &diagram.Weight{Path: name + ".weight", Axes: axes(from, to)}
	d.Weights = append(d.Weights, w)
	rest := x.Type.Axes[:len(x.Type.Axes)-1]
	box := newBox(diagram.Linear{From: 1, To: 1, Weight: w}, rest, axes(from, to), wires(x), wires(wire("", append(rest[:len(rest):len(rest)], to)...)))
	box.Name = name
	return d.Add(box)
}

// attending is x + attention(x · gain), one turn of a tower.
func attending() *diagram.Diagram {
	x := wire("x", seq, model)
	g := &diagram.Weight{Path: "gain.0.gain", Axes: axes(model)}
	d := &diagram.Diagram{Name: "turn", In: wires(x), Weights: []*diagram.Weight{g}}
	scale := newBox(diagram.Scale{Weight: g}, axes(seq), axes(model), wires(x), wires(wire("", seq, model)))
	scale.Name = "gain.0"
	body := attended(axes(seq, model))
	box := newBox(diagram.Composite{Body: body}, nil, axes(seq, model), wires(d.Add(scale)), wires(wire("", seq, model)))
	box.Name = "attention"
	d.Out = wires(d.Add(newBox(diagram.Apply(diagram.FnAdd), axes(seq, model), nil, wires(x, d.Add(box)), wires(wire("", seq, model)))))
	return d
}

// reader embeds, attends twice, and scores the mean place; its embedding is read
// again at the end, so that one weight is in two layers.
func reader() *diagram.Diagram {
	x := wire("x", pixel)
	d := &diagram.Diagram{Name: "Reader", In: wires(x)}
	each := &diagram.Weight{Path: "each.weight", Axes: axes(pixel, seq, model)}
	where := &diagram.Weight{Path: "where.weight", Axes: axes(seq, model)}
	d.Weights = append(d.Weights, each, where)
	embed := newBox(diagram.Linear{From: 1, To: 2, Weight: each}, nil, axes(pixel, seq, model), wires(x), wires(wire("", seq, model)))
	embed.Name = "each"
	place := newBox(diagram.Learned{Weight: where}, nil, axes(seq, model), nil, wires(wire("", seq, model)))
	place.Name = "where"
	e := d.Add(newBox(diagram.Apply(diagram.FnAdd), axes(seq, model), nil, wires(d.Add(embed), d.Add(place)), wires(wire("e", seq, model))))
	tower := newBox(diagram.Repeat{From: shape.Int(1), To: shape.Int(2), Turns: []*diagram.Diagram{attending(), attending()}}, nil, axes(seq, model), wires(e), wires(wire("h", seq, model)))
	tower.Name = "tower"
	h := d.Add(tower)
	again := newBox(diagram.Learned{Weight: where}, nil, axes(seq, model), nil, wires(wire("", seq, model)))
	again.Name = "where.1"
	weighed := d.Add(newBox(diagram.Apply(diagram.FnMul), axes(seq, model), nil, wires(h, d.Add(again)), wires(wire("", seq, model))))
	mean := d.Add(newBox(diagram.Reduce{Fn: "mean"}, axes(model), axes(seq), wires(weighed), wires(wire("", model))))
	d.Out = wires(linear(d, "head", mean, model, class))
	return d
}

// TestBackpropIsReverseMode holds that learning layer by layer gives just the boxes
// of one sweep over the whole.
func TestBackpropIsReverseMode(t *testing.T) {
	tr := training(reader(), nil)
	d := compile(t, tr)
	flat := Evaluate(tr)
	forward := len(flat.Boxes)
	var weights []*diagram.Wire
	for _, b := range flat.Boxes {
		if _, ok := b.Op.(diagram.Learned); ok {
			weights = append(weights, b.Out[0])
		}
	}
	one := flat.Add(newBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, wires(wire(""))))
	sent := grad.Backward(flat, map[*diagram.Wire]*diagram.Wire{flat.Out[0]: one}, weights)
	for _, w := range weights {
		flat.Out = append(flat.Out, sent[w])
	}
	plain := rewrite.Finish(flat)
	got, want := kinds(d), kinds(plain)
	want["learned"] = 0
	for kind := range want {
		// Sums of what a weight is sent are joined with the optimiser.
		if got[kind] != want[kind] && (kind != "map" || got[kind]-len(weights) > want[kind]) {
			t.Errorf("%d boxes %s, want %d; %d forward boxes", got[kind], kind, want[kind], forward)
		}
	}
}

func kinds(d *diagram.Diagram) map[string]int {
	count := map[string]int{}
	for _, b := range d.Boxes {
		count[b.Op.Kind()]++
	}
	return count
}

// TestPathsAndLayers holds how layers of a nested model are called and what they hold.
func TestPathsAndLayers(t *testing.T) {
	f := forwardOf(training(reader(), nil))
	var got []string
	for _, l := range layersOf(f).layers {
		got = append(got, l.kinds[0]+" "+l.path)
	}
	want := []string{
		"linear each", "learned where",
		"gain tower.1.gain.0", "linear tower.1.attention.q", "linear tower.1.attention.K", "linear tower.1.attention.V", "linear tower.1.attention.out",
		"gain tower.2.gain.0", "linear tower.2.attention.q", "linear tower.2.attention.K", "linear tower.2.attention.V", "linear tower.2.attention.out",
		"linear head",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestRulesHoldByPart gives two parts rules of their own, and sees the layers of the
// rest learn by backpropagation.
func TestRulesHoldByPart(t *testing.T) {
	tr := training(perceptron(4, 6, 4), nil)
	asked := map[string]string{}
	named := func(name string) diagram.Rule {
		return ruleFunc(func(l diagram.Layer) diagram.LayerRule {
			asked[l.Path] += name
			return diagram.LayerRule{}
		})
	}
	tr.Rules = []diagram.RuleUse{
		{Rule: named("a")},
		{Part: []string{"net", "affine", "1"}, Rule: named("b")},
		{Part: []string{"affine", "2"}, Rule: named("c")},
	}
	compile(t, tr)
	want := map[string]string{"affine.0": "a", "affine.1": "b", "affine.2": "c", "affine.3": "a"}
	for path, name := range want {
		if asked[path] != name {
			t.Errorf("%s learns by %q, want %q", path, asked[path], name)
		}
	}
}

// TestTwoUsesOfOneModel lets one model score an image twice; its weights are sent both.
func TestTwoUsesOfOneModel(t *testing.T) {
	tr := training(perceptron(4), nil)
	forward := *tr.Forward
	scores := wire("again", batch, class)
	again := newBox(diagram.Composite{Body: tr.Models[0].Box.Op.(diagram.Composite).Body}, axes(batch), axes(pixel, class), wires(forward.In[0]), wires(scores))
	again.Name = "net.1"
	both := wire("both", batch, class)
	forward.Boxes = slices.Insert(slices.Clone(forward.Boxes), 1, again,
		newBox(diagram.Apply(diagram.FnAdd), axes(batch, class), nil, wires(tr.Models[0].Box.Out[0], scores), wires(both)))
	loss := *forward.Boxes[3]
	loss.In = wires(both, forward.In[1])
	forward.Boxes[3] = &loss
	tr.Forward = &forward
	descends(t, tr)
}

func TestNestedModelDescends(t *testing.T) { descends(t, training(reader(), nil)) }

// TestLossesAddUp trains on two losses, one of which still has an axis of its own.
func TestLossesAddUp(t *testing.T) {
	tr := training(perceptron(4), nil)
	forward := *tr.Forward
	scores := tr.Models[0].Box.Out[0]
	size := wire("size", batch, class)
	forward.Boxes = append(slices.Clone(forward.Boxes), newBox(diagram.Apply(diagram.FnSquare), axes(batch, class), nil, wires(scores), wires(size)))
	forward.Out = wires(forward.Out[0], size, forward.Out[1])
	tr.Forward, tr.Losses = &forward, 2
	descends(t, tr)
	d := Evaluate(tr)
	made := run(t, d, reference.Values{Arrays: values(t, d).Arrays, Weights: drawnWeights(t, d)})
	alone := *tr
	one := forward
	one.Out = wires(forward.Out[0])
	alone.Forward, alone.Losses, alone.Reports = &one, 1, nil
	first := run(t, Evaluate(&alone), reference.Values{Arrays: values(t, d).Arrays, Weights: drawnWeights(t, d)})
	if made.Arrays[0].Values[0] <= first.Arrays[0].Values[0] {
		t.Errorf("two losses come to %v, the first alone to %v", made.Arrays[0].Values, first.Arrays[0].Values)
	}
}

func drawnWeights(t *testing.T, d *diagram.Diagram) map[string]*reference.Array {
	t.Helper()
	weights := map[string]*reference.Array{}
	for _, w := range d.Weights {
		weights[w.Path] = draw(t, w.Path, shape.Type{Axes: w.Axes})
	}
	return weights
}

// TestIsolationInNestedModel holds that under a rule that sends nothing no layer's
// change hangs on the weights of a later one, residuals or not.
func TestIsolationInNestedModel(t *testing.T) {
	for name, rule := range map[string]diagram.Rule{"dfa": dfa, "local": local} {
		t.Run(name, func(t *testing.T) {
			d := compile(t, training(reader(), rule))
			run(t, d, values(t, d))
			order := []string{"each.weight", "tower.1.gain.0.gain", "tower.1.attention.q.weight", "tower.1.attention.out.weight", "tower.2.attention.V.weight", "head.weight"}
			for i, changed := range order {
				for _, later := range order[i+1:] {
					if hangsOn(d, changed, later, "∂scores") {
						t.Errorf("the change of %s hangs on %s", changed, later)
					}
				}
			}
		})
	}
}
