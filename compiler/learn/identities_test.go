package learn

import (
	"math"
	"strconv"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
)

// inTime is the training of a net on sequences, one example a step.
func inTime(t testing.TB, model, rule string, batch int, dims ...int) *diagram.Training {
	t.Helper()
	text := "axis class = 3\ndiagram Net(image[t pixel]) -> [class] {\n    " + model + "\n}\ntrain net {\n    data image[t pixel], label in class = csv[\"table.csv\"]\n" +
		"    model net = Net\n    loss (image >> net, label) >> cross_entropy[class]\n    optimizer sgd[rate = 1.0]\n    rule " + rule +
		"\n    batch " + strconv.Itoa(batch) + "\n}\n"
	return ofText(t, text, "", map[string][]int{"image": dims, "label": {}}, map[string]int{"label": 3})
}

const spikes = "image >> affine[pixel -> a:4] >> scan[t, lif] >> affine[a -> b:4] >> scan[t, lif] >> affine[b -> class] >> mean[t]"

// TestOneTurnIsAll holds that where there is one turn, what goes back between turns does
// not matter.
func TestOneTurnIsAll(t *testing.T) {
	for _, rule := range []string{"sltt", "sltt_k[turns = 1]", "truncated_bptt[turns = 1]", "eprop"} {
		sameMoves(t, inTime(t, spikes, rule, 4, 1, 5), inTime(t, spikes, "bptt", 4, 1, 5), nil, 1e-9)
	}
}

// TestAllTurnsAreThrough holds that cutting no turn off is not cutting.
func TestAllTurnsAreThrough(t *testing.T) {
	sameMoves(t, inTime(t, spikes, "truncated_bptt[turns = 6]", 4, 6, 5), inTime(t, spikes, "bptt", 4, 6, 5), nil, 1e-9)
}

// TestSpikeTable computes a change by the times of spikes by hand. Input 0 fires at 0 and
// 3, input 1 at 1, and the output just with input 1. With keep = 0.5 the traces are
//
//	t      0     1     2     3
//	pre 0  1     0.5   0.25  1.125
//	pre 1  0     1     0.5   0.25
//	post   0     1     0.5   0.25
//
// so weight 0 gets 0.5 for firing before the output and loses 0.25 for firing after it,
// and weight 1 gets 1 and loses 1.
func TestSpikeTable(t *testing.T) {
	net := "(image >> linear[pixel -> a:1]) - 0.5 >> step >> affine[a -> class] >> mean[t]"
	d := compile(t, inTime(t, net, "stdp[raise = 1.0, lower = 1.0, keep = 0.5]", 1, 4, 2))
	v := values(t, d)
	copy(v.Arrays[0].Values, []float64{1, 0, 0, 1, 0, 0, 1, 0})
	n := state(t, d, "linear.0.weight")
	copy(v.States[n].Values, []float64{0.1, 1})
	near(t, "the change", moves(t, d, v)["linear.0.weight"], []float64{0.25, 0})
}

// TestOjaFindsTheTopEigenvector lets one unit learn by Oja's rule from data that vary
// most along (3, 4)/5 (Oja 1982).
func TestOjaFindsTheTopEigenvector(t *testing.T) {
	net := "image >> linear[pixel -> a:1] >> affine[a -> class]"
	text := `axis class = 3
diagram Net(image[pixel]) -> [class] {
    ` + net + `
}
train net {
    data      image[pixel], label in class = csv["table.csv"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    rule      oja[rate = 0.05]
    batch     16
}
`
	d := compile(t, ofText(t, text, "", map[string][]int{"image": {2}, "label": {}}, map[string]int{"label": 3}))
	v := values(t, d)
	n := state(t, d, "linear.0.weight")
	copy(v.States[n].Values, []float64{1, 0})
	for i := range 16 {
		along, across := 2*math.Sin(float64(i)*math.Pi/8), 0.5*math.Cos(float64(i)*math.Pi/8)
		v.Arrays[0].Values[2*i], v.Arrays[0].Values[2*i+1] = 0.6*along-0.8*across, 0.8*along+0.6*across
	}
	for range 200 {
		v.States = run(t, d, v).States
	}
	w := v.States[n].Values
	length := math.Hypot(w[0], w[1])
	if c := math.Abs(0.6*w[0]+0.8*w[1]) / length; c < 0.9999 || math.Abs(length-1) > 1e-3 {
		t.Errorf("it finds %v, of length %v, with the cosine %v", w, length, c)
	}
}

// TestMomentumOfOneIsFrozen holds that with keep = 1 what follows the next layer stays as
// it began.
func TestMomentumOfOneIsFrozen(t *testing.T) {
	layer := "diagram Layer(x[a..]) -> [h:4] { x >> affine[a.. -> h:4] >> tanh }"
	d := compile(t, layered(t, "image >> Layer >> Layer >> affine[h -> class]", crossed, "man[keep = 1.0] over Layer", layer))
	v := values(t, d)
	moved := moves(t, d, v)
	for _, x := range moved["rule.layer.0.layer.0.affine.0.weight"] {
		if x != 0 {
			t.Fatalf("what follows moves by %v", x)
		}
	}
	if moved["layer.0.affine.0.weight"][0] == 0 {
		t.Error("the layer itself does not move")
	}
}

// TestObjectivesAreDerivatives compares what an objective in two phases moves with its
// slope, by differences: that of forward-forward without its draws.
func TestObjectivesAreDerivatives(t *testing.T) {
	rule := `
rule twice {
    phase other { image = 0.5 * image + 1 }
    objective = (y >> square >> sum[o..]) - (y@other >> sum[o..]) * (y >> sum[o..])
}
`
	d := compile(t, layered(t, "image >> affine[pixel -> a:4] >> tanh >> affine[a -> class]", crossed, "twice", rule))
	v := values(t, d)
	got := moves(t, d, v)["affine.0.weight"]
	n := state(t, d, "affine.0.weight")
	b := v.States[state(t, d, "affine.0.bias")].Values
	for i, w := range v.States[n].Values {
		at := func(x float64) float64 {
			v.States[n].Values[i] = x
			return twice(v.Arrays[0].Values, v.States[n], b)
		}
		want := (at(w-1e-5) - at(w+1e-5)) / 2e-5
		v.States[n].Values[i] = w
		if math.Abs(got[i]-want) > 1e-6*(1+math.Abs(want)) {
			t.Errorf("weight %d: got %v, want %v", i, got[i], want)
		}
	}
}

// twice is the objective of the rule of that name, as a mean over four examples.
func twice(x []float64, w *reference.Array, b []float64) float64 {
	total := 0.0
	for n := range 4 {
		squares, sum, other := 0.0, 0.0, 0.0
		for o := range 4 {
			u, u2 := b[o], b[o]
			for i := range 5 {
				u += x[n*5+i] * w.Values[i*4+o]
				u2 += (0.5*x[n*5+i] + 1) * w.Values[i*4+o]
			}
			y, y2 := math.Tanh(u), math.Tanh(u2)
			squares, sum, other = squares+y*y, sum+y, other+y2
		}
		total += (squares - other*sum) / 4
	}
	return total
}

// TestIsolatedLayersLearnAtOnce holds that a layer that hangs on no later one has learnt
// before the last layer is run, so that what it kept is free, in two phases too.
func TestIsolatedLayersLearnAtOnce(t *testing.T) {
	layer := "diagram Layer[wide = 6](x[a..]) -> [h:wide] { x >> affine[a.. -> h:wide] >> tanh }"
	net := "image >> Layer >> Layer >> Layer >> affine[h -> class]"
	cases := map[string]bool{"local_loss": true, "drtp": true, "forward_forward": true, "backprop": false, "dfa": false}
	for rule, isFirst := range cases {
		d := compile(t, layered(t, net, crossed, rule+" over Layer", layer))
		made := map[*diagram.Wire]int{}
		last := 0
		for i, b := range d.Boxes {
			for _, w := range b.Out {
				made[w] = i
			}
			if b.Pass == diagram.Forward && len(b.Path) > 0 && b.Path[0] == "layer.2" {
				last = i
			}
		}
		learnt := made[d.States[state(t, d, "layer.0.affine.0.weight")].Out]
		if got := learnt < last; got != isFirst {
			t.Errorf("%s: the first layer learns in box %d, and the third is run in box %d", rule, learnt, last)
		}
	}
}
