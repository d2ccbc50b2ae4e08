package learn

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// ofText is the training of a program in text, on arrays of these sizes.
func ofText(t testing.TB, text, rule string, dims map[string][]int, places map[string]int) *diagram.Training {
	t.Helper()
	p, said := check.Check(&source.File{Name: "rule.ncd", Text: text}, check.Options{
		Sources: os.DirFS("testdata"), Library: stdlib.Files, Rule: rule, Training: true,
	})
	holdSilent(t, said)
	tr, said := p.Training("net", dims, places)
	holdSilent(t, said)
	return tr
}

// layered is a net of two hidden layers, or another model, under a loss, with more
// declarations before it.
func layered(t testing.TB, model, loss, rule, more string) *diagram.Training {
	t.Helper()
	text := "axis class = 3\n" + more + `
diagram Net(image[pixel]) -> [class] {
    ` + model + `
}
train net {
    data      image[pixel], label in class = csv["table.csv"]
    model     net = Net
    scores = image >> net
    loss      ` + loss + `
    optimizer sgd[rate = 1.0]
    rule      ` + rule + `
    batch     4
}
`
	return ofText(t, text, "", map[string][]int{"image": {5}, "label": {}}, map[string]int{"label": 3})
}

const (
	deep        = "image >> affine[pixel -> a:4] >> tanh >> affine[a -> b:6] >> tanh >> affine[b -> class]"
	crossed     = "(scores, label) >> cross_entropy[class]"
	halfSquares = "0.5 * (scores - (label >> one_hot[class]) >> square >> sum[class])"
)

// moves are what a step adds to each weight, from the values given.
func moves(t *testing.T, d *diagram.Diagram, v reference.Values) map[string][]float64 {
	t.Helper()
	made := run(t, d, v)
	moves := map[string][]float64{}
	for i, s := range d.States {
		for j, x := range made.States[i].Values {
			moves[s.Path] = append(moves[s.Path], x-v.States[i].Values[j])
		}
	}
	return moves
}

// sameMoves holds that two rules move the weights of a model alike, when the arrays of
// the first are tied to weights.
func sameMoves(t *testing.T, first, second *diagram.Training, tie map[string]string, within float64) {
	t.Helper()
	a, b := compile(t, first), compile(t, second)
	v := values(t, a)
	for array, weight := range tie {
		v.States[state(t, a, array)] = v.States[state(t, a, weight)]
	}
	got, want := moves(t, a, v), moves(t, b, values(t, b))
	for path, moved := range want {
		for i := range moved {
			if math.Abs(got[path][i]-moved[i]) > within*(1+math.Abs(moved[i])) {
				t.Errorf("%s: got %v, want %v", path, got[path], moved)
				break
			}
		}
	}
}

// TestFixedPredictionIsBackprop holds that predictive coding with fixed predictions, pace
// 1 and a turn a layer is backpropagation (Rosenbaum 2022).
func TestFixedPredictionIsBackprop(t *testing.T) {
	rule := "fixed_prediction[turns = 3, pace = 1.0]"
	sameMoves(t, layered(t, deep, crossed, rule, ""), layered(t, deep, crossed, "backprop", ""), nil, 1e-9)
}

// movedAlike is the cosine of the angle between what two rules move.
func movedAlike(a, b map[string][]float64, part string) float64 {
	var ab, aa, bb float64
	for path := range b {
		if !strings.HasPrefix(path, part) {
			continue
		}
		for i, y := range b[path] {
			x := a[path][i]
			ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
		}
	}
	return ab / math.Sqrt(aa*bb)
}

// TestEquilibriumIsAGradient compares symmetric equilibrium propagation with the
// derivative of the loss at rest, through as many turns as it takes to come there
// (Laborieux et al. 2021).
func TestEquilibriumIsAGradient(t *testing.T) {
	net := "image >> affine[pixel -> a:4] >> sigmoid >> affine[a -> b:6] >> sigmoid >> affine[b -> class] >> sigmoid"
	d := compile(t, layered(t, net, halfSquares, "symmetric_propagation[beta = 0.01, free = 30, nudged = 20]", ""))
	v := small(values(t, d))
	got := moves(t, d, v)
	want := restGradient(t, d, v)
	for _, part := range []string{"affine.0", "affine.1", "affine.2"} {
		if c := movedAlike(got, want, part); c < 0.99 {
			t.Errorf("%s: the cosine with the gradient is %v", part, c)
		}
	}
}

// small makes weights small enough for the outputs to come to rest.
func small(v reference.Values) reference.Values {
	for _, s := range v.States {
		for i := range s.Values {
			s.Values[i] *= 0.5
		}
	}
	return v
}

// restGradient is minus the gradient of the loss where the outputs have come to rest, by
// differences: s = f(W s' + Wᵀ s”) over all layers, 400 times.
func restGradient(t *testing.T, d *diagram.Diagram, v reference.Values) map[string][]float64 {
	t.Helper()
	weights := map[string][]float64{}
	for i, s := range d.States {
		weights[s.Path] = slices.Clone(v.States[i].Values)
	}
	x, label := v.Arrays[0].Values, v.Arrays[1].Values
	gradient := map[string][]float64{}
	for path, w := range weights {
		for i := range w {
			const h = 1e-5
			old := w[i]
			w[i] = old + h
			up := restLoss(weights, x, label)
			w[i] = old - h
			down := restLoss(weights, x, label)
			w[i] = old
			gradient[path] = append(gradient[path], (down-up)/(2*h))
		}
	}
	return gradient
}

func restLoss(w map[string][]float64, x, label []float64) float64 {
	sizes := []int{5, 4, 6, 3}
	total := 0.0
	for n := range 4 {
		s := [][]float64{x[n*5 : n*5+5], make([]float64, 4), make([]float64, 6), make([]float64, 3)}
		for range 400 {
			for l := 1; l < 4; l++ {
				s[l] = relaxed(w, s, sizes, l)
			}
		}
		for k, y := range s[3] {
			if k == int(label[n]) {
				y--
			}
			total += 0.5 * y * y / 4
		}
	}
	return total
}

// relaxed is the value of a layer that those before and behind ask for.
func relaxed(w map[string][]float64, s [][]float64, sizes []int, l int) []float64 {
	name := func(l int) string { return "affine." + string(rune('0'+l)) }
	made := make([]float64, sizes[l])
	for j := range made {
		u := w[name(l-1)+".bias"][j]
		for i, before := range s[l-1] {
			u += before * w[name(l-1)+".weight"][i*sizes[l]+j]
		}
		if l < 3 {
			for k, behind := range s[l+1] {
				u += behind * w[name(l)+".weight"][j*sizes[l+1]+k]
			}
		}
		made[j] = 1 / (1 + math.Exp(-u))
	}
	return made
}

// TestEveryRuleMakesAStep makes steps of a small net by each rule of the library, and
// holds that the hidden weights move, or that they do not where the rule says so.
func TestEveryRuleMakesAStep(t *testing.T) {
	const (
		layer   = "diagram Layer[wide = 4](x[a..]) -> [h:wide] { x >> affine[a.. -> h:wide] >> tanh }"
		spiking = "image >> affine[pixel -> a:4] >> scan[t, lif] >> affine[a -> b:4] >> scan[t, lif] >> affine[b -> class] >> mean[t]"
		rate    = "image >> affine[pixel -> a:4] >> sigmoid >> affine[a -> b:6] >> sigmoid >> affine[b -> class] >> sigmoid"
	)
	over := map[string]string{"auglocal": "Layer", "man": "Layer", "forward_forward": "Layer"}
	inTime := map[string]bool{"stdp": true, "stdp_triplet": true, "stdp_reward": true, "eprop": true, "bptt": true, "truncated_bptt": true, "sltt": true, "sltt_k": true}
	for _, rule := range libraryRules(t) {
		t.Run(rule, func(t *testing.T) {
			model, loss, image, weight := deep, crossed, "image[pixel]", "affine.0.weight"
			dims := map[string][]int{"image": {5}, "label": {}}
			if inTime[rule] {
				model, image, dims["image"] = spiking, "image[t pixel]", []int{6, 5}
			} else if strings.HasSuffix(rule, "propagation") {
				model, loss = rate, halfSquares
			} else if over[rule] != "" {
				rule, model, weight = rule+" over "+over[rule], "image >> Layer[wide = 4] >> Layer[wide = 4] >> Layer[wide = 4] >> affine[h -> class]", "layer.0.affine.0.weight"
			}
			text := "axis class = 3\n" + layer + "\ndiagram Net(" + image + ") -> [class] {\n    " + model + "\n}\ntrain net {\n    data " + image +
				", label in class = csv[\"table.csv\"]\n    model net = Net\n    scores = image >> net\n    loss " + loss + "\n    batch 4\n}\n"
			tr := ofText(t, text, rule, dims, map[string]int{"label": 3})
			d, said := Step(tr)
			holdSilent(t, said)
			if err := diagram.Verify(d); err != nil {
				t.Fatal(err)
			}
			v := values(t, d)
			for i, s := range d.States {
				if s.Weight == nil {
					v.States[i] = reference.New(v.States[i].Dims...)
				}
			}
			moved := moves(t, d, v)[weight]
			isMoved := slices.ContainsFunc(moved, func(x float64) bool { return x != 0 })
			if isNaN := slices.ContainsFunc(moved, math.IsNaN); isNaN || isMoved != (rule != "shallow") {
				t.Errorf("the first weight moves by %v", moved)
			}
		})
	}
}

// libraryRules are the names of the rules of the library.
func libraryRules(t *testing.T) []string {
	text, err := stdlib.Files.ReadFile("rules.ncd")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(line, "rule "); ok {
			name, _, _ = strings.Cut(name, " ")
			name, _, _ = strings.Cut(name, "[")
			names = append(names, name)
		}
	}
	return names
}

// TestOneBlockIsBackprop holds that AugLocal over all there is, which the losses read, is
// backpropagation (Ma et al. 2024, with one local block).
func TestOneBlockIsBackprop(t *testing.T) {
	whole := "diagram Whole(image[pixel]) -> [class] { " + deep + " }"
	for _, rule := range []string{"auglocal over Whole", "man over Whole", "local_loss over Whole", "dfa over Whole"} {
		sameMoves(t, layered(t, "image >> Whole", crossed, rule, whole), layered(t, "image >> Whole", crossed, "backprop", whole), nil, 1e-9)
	}
}

// TestFollowingLayers says which changes hang on which weights: with momentum of the
// next layer on that one alone, with layers of one's own on none.
func TestFollowingLayers(t *testing.T) {
	layer := "diagram Layer(x[a..]) -> [h:4] { x >> affine[a.. -> h:4] >> tanh }"
	net := "image >> Layer >> Layer >> Layer >> affine[h -> class]"
	cases := map[string]string{
		"auglocal[depth = 2]": "1000 1100 1110 1111",
		"man":                 "1000 1100 1110 1111",
		"backprop":            "1111 1111 1111 1111",
		"local_loss":          "1000 1100 1110 1111",
		"dfa":                 "1111 1111 1111 1111",
	}
	paths := []string{"layer.0.affine.0.weight", "layer.1.affine.0.weight", "layer.2.affine.0.weight", "affine.0.weight"}
	for rule, want := range cases {
		d := compile(t, layered(t, net, crossed, rule+" over Layer", layer))
		var rows []string
		for _, changed := range paths {
			row := ""
			for _, on := range paths {
				row += map[bool]string{true: "1", false: "0"}[hangsOn(d, changed, on)]
			}
			rows = append(rows, row)
		}
		if got := strings.Join(rows, " "); got != want {
			t.Errorf("%s: got %s, want %s", rule, got, want)
		}
	}
	d := compile(t, layered(t, net, crossed, "man over Layer", layer))
	shadow := "rule.layer.0.layer.0.affine.0.weight"
	if !hangsOn(d, shadow, "layer.1.affine.0.weight") {
		t.Errorf("%s does not follow the next layer", shadow)
	}
}
