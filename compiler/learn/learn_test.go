package learn

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

func axis(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }

func axes(a ...shape.Axis) shape.Shape { return a }

func wires(w ...*diagram.Wire) []*diagram.Wire { return w }

var (
	batch  = axis("batch", 5)
	pixel  = axis("pixel", 7)
	class  = axis("class", 3)
	wire   = diagram.NewWire
	newBox = diagram.NewBox
)

// affine adds a box affine[from -> to] to a body.
func affine(d *diagram.Diagram, name string, x *diagram.Wire, from, to shape.Axis) *diagram.Wire {
	w := &diagram.Weight{Path: name + ".weight", Axes: axes(from, to), Init: diagram.Init{Kind: "uniform", Scale: 1}}
	b := &diagram.Weight{Path: name + ".bias", Axes: axes(to), Init: diagram.Init{Kind: "uniform", Scale: 1}}
	d.Weights = append(d.Weights, w, b)
	box := newBox(diagram.Linear{From: 1, To: 1, Weight: w, Bias: b}, nil, axes(from, to), wires(x), wires(wire("", to)))
	box.Name = name
	return d.Add(box)
}

func tanh(d *diagram.Diagram, x *diagram.Wire) *diagram.Wire {
	return d.Add(newBox(diagram.Apply(diagram.FnTanh), x.Type.Axes, nil, wires(x), wires(wire("", x.Type.Axes...))))
}

// perceptron is a model with hidden layers of these sizes, written without the batch.
func perceptron(sizes ...int) *diagram.Diagram {
	x := wire("x", pixel)
	d := &diagram.Diagram{Name: "Perceptron", In: wires(x)}
	from := pixel
	for i, n := range sizes {
		to := axis("hidden"+strconv.Itoa(i), n)
		x, from = tanh(d, affine(d, "affine."+strconv.Itoa(i), x, from, to)), to
	}
	d.Out = wires(affine(d, "affine."+strconv.Itoa(len(sizes)), x, from, class))
	return d
}

// crossEntropy is the loss of one example, as a body.
func crossEntropy() *diagram.Diagram {
	scores, label := wire("scores", class), wire("label")
	label.Type.In = &class
	d := &diagram.Diagram{Name: "cross_entropy", In: wires(scores, label)}
	log := d.Add(newBox(diagram.Softmax{Log: true}, nil, axes(class), wires(scores), wires(wire("", class))))
	taken := d.Add(newBox(diagram.Take{}, nil, axes(class), wires(log, label), wires(wire(""))))
	d.Out = wires(d.Add(newBox(diagram.Apply(diagram.FnNeg), nil, nil, wires(taken), wires(wire("")))))
	return d
}

// training trains a model on images and labels.
func training(model *diagram.Diagram, rule diagram.Rule) *diagram.Training {
	image, label := wire("image", batch, pixel), wire("label", batch)
	label.Type.In = &class
	forward := &diagram.Diagram{Name: "digits", In: wires(image, label)}
	net := newBox(diagram.Composite{Body: model}, axes(batch), axes(pixel, class), wires(image), wires(wire("scores", batch, class)))
	scores := forward.Add(net)
	loss := forward.Add(newBox(diagram.Composite{Body: crossEntropy()}, axes(batch), axes(class), wires(scores, label), wires(wire("", batch))))
	best := wire("", batch)
	best.Type.In = &class
	forward.Add(newBox(diagram.Reduce{Fn: "argmax"}, axes(batch), axes(class), wires(scores), wires(best)))
	right := forward.Add(newBox(diagram.Apply(diagram.FnEqual), axes(batch), nil, wires(best, label), wires(wire("", batch))))
	forward.Out = wires(loss, right)
	t := &diagram.Training{
		Name: "digits", Forward: forward, Losses: 1, Reports: []string{"accuracy"},
		Models: []diagram.Model{{Name: "net", Box: net}}, Optimizer: descent,
	}
	if rule != nil {
		t.Rules = []diagram.RuleUse{{Rule: rule}}
	}
	return t
}

// descent is w + change: gradient descent at rate 1.
func descent(_ string, s shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
	w, change := wire("weight", s...), wire("change", s...)
	d := &diagram.Diagram{Name: "descent", In: wires(w, change)}
	d.Out = wires(d.Add(newBox(diagram.Apply(diagram.FnAdd), s, nil, wires(w, change), wires(wire("", s...)))))
	return d, nil
}

// momentum remembers v = 0.9·v + change, and adds it.
func momentum(_ string, s shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
	w, change, v := wire("weight", s...), wire("change", s...), wire("v", s...)
	d := &diagram.Diagram{Name: "momentum", In: wires(w, change)}
	c := d.Add(newBox(diagram.Constant{Value: diagram.Literal(0.9)}, nil, nil, nil, wires(wire(""))))
	kept := d.Add(newBox(diagram.Apply(diagram.FnMul), s, nil, wires(v, c), wires(wire("", s...))))
	next := d.Add(newBox(diagram.Apply(diagram.FnAdd), s, nil, wires(kept, change), wires(wire("", s...))))
	d.States = []*diagram.State{{Path: "velocity", In: v, Out: next}}
	d.Out = wires(d.Add(newBox(diagram.Apply(diagram.FnAdd), s, nil, wires(w, next), wires(wire("", s...)))))
	return d, nil
}

// ruleFunc is a rule written in Go for the tests.
type ruleFunc func(diagram.Layer) diagram.LayerRule

func (ruleFunc) Name() string { return "test" }

func (f ruleFunc) For(l diagram.Layer) (diagram.LayerRule, []source.Diagnostic) { return f(l), nil }

// withoutBatch is what rules bind: they are written for one example.
func withoutBatch(s shape.Shape) shape.Shape {
	return slices.DeleteFunc(slices.Clone(s), func(a shape.Axis) bool { return a.Label == "batch" })
}

// dfa is signal[o..] = error[e..] * B[e.. o..] with B fixed.
var dfa ruleFunc = func(l diagram.Layer) diagram.LayerRule {
	e, o := withoutBatch(l.Error.Axes), withoutBatch(l.Output.Axes)
	b := &diagram.Weight{Path: "B", Axes: slices.Concat(e, o), Init: diagram.Init{Kind: "uniform", Scale: 1}, Frozen: true}
	err := wire("error", e...)
	d := &diagram.Diagram{Name: "signal", In: wires(err), Weights: []*diagram.Weight{b}}
	B := d.Add(newBox(diagram.Learned{Weight: b}, nil, b.Axes, nil, wires(wire("B", b.Axes...))))
	d.Out = wires(d.Add(newBox(diagram.Contract{}, o, e, wires(err, B), wires(wire("signal", o...)))))
	return diagram.LayerRule{Signal: d}
}

// feedback is send = signal >> push[w = B] with B fixed.
var feedback ruleFunc = func(l diagram.Layer) diagram.LayerRule {
	x, o := withoutBatch(l.Input.Axes), withoutBatch(l.Output.Axes)
	b := &diagram.Weight{Path: "B", Axes: slices.Concat(x, o), Init: diagram.Init{Kind: "uniform", Scale: 1}, Frozen: true}
	signal := wire("signal", o...)
	d := &diagram.Diagram{Name: "send", In: wires(signal), Weights: []*diagram.Weight{b}}
	B := d.Add(newBox(diagram.Learned{Weight: b}, nil, b.Axes, nil, wires(wire("B", b.Axes...))))
	push := newBox(diagram.Push{Substitute: map[string]int{"weight": 1}}, o, nil, nil, nil)
	push.In, push.Out = wires(signal, B), wires(wire("", x...))
	push.Weave = diagram.Weave{Own: slices.Concat(x, o), In: [][]diagram.Affine{at(len(x), len(o)), at(0, len(b.Axes))}, Out: [][]diagram.Affine{at(0, len(x))}}
	d.Out = wires(d.Add(push))
	return diagram.LayerRule{Send: d}
}

// hebb is change w = y * x - w, and nothing sent.
var hebb ruleFunc = func(l diagram.Layer) diagram.LayerRule {
	x, y := wire("x", withoutBatch(l.Input.Axes)...), wire("y", withoutBatch(l.Output.Axes)...)
	s := slices.Concat(x.Type.Axes, y.Type.Axes)
	w := wire("w", s...)
	d := &diagram.Diagram{Name: "change", In: wires(x, y, w)}
	product := d.Add(newBox(diagram.Contract{}, s, nil, wires(x, y), wires(wire("", s...))))
	d.Out = wires(d.Add(newBox(diagram.Apply(diagram.FnSub), s, nil, wires(product, w), wires(wire("", s...)))))
	return diagram.LayerRule{Change: map[string]*diagram.Diagram{"weight": d}, SendNothing: true}
}

// local is objective = the sum of the squares of y.
var local ruleFunc = func(l diagram.Layer) diagram.LayerRule {
	y := wire("y", withoutBatch(l.Output.Axes)...)
	d := &diagram.Diagram{Name: "objective", In: wires(y)}
	d.Out = wires(d.Add(newBox(diagram.Contract{}, nil, y.Type.Axes, wires(y, y), wires(wire("")))))
	return diagram.LayerRule{Objective: d}
}

func at(from, n int) []diagram.Affine {
	maps := make([]diagram.Affine, n)
	for i := range maps {
		maps[i] = diagram.At(from + i)
	}
	return maps
}

// compile makes the step and holds that it is sound.
func compile(t *testing.T, tr *diagram.Training) *diagram.Diagram {
	t.Helper()
	d, said := Step(tr)
	for _, s := range said {
		t.Errorf("said %s", s.Message)
	}
	if err := diagram.Verify(d); err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	return d
}

// values draws the arrays of a step by name.
func values(t *testing.T, d *diagram.Diagram) reference.Values {
	t.Helper()
	v := reference.Values{}
	for _, w := range d.In {
		v.Arrays = append(v.Arrays, draw(t, w.Name, w.Type))
	}
	for _, s := range d.States {
		v.States = append(v.States, draw(t, s.Path, s.In.Type))
	}
	return v
}

func draw(t *testing.T, name string, of shape.Type) *reference.Array {
	t.Helper()
	dims, err := of.Axes.Ints()
	if err != nil {
		t.Fatal(err)
	}
	h := fnv.New64a()
	h.Write([]byte(name))
	r := rand.New(rand.NewPCG(h.Sum64(), 3))
	a := reference.New(dims...)
	for i := range a.Values {
		a.Values[i] = r.NormFloat64()
		if of.IsPlace() {
			a.Values[i] = float64(r.IntN(of.In.Size.MustInt()))
		}
	}
	return a
}

func run(t *testing.T, d *diagram.Diagram, v reference.Values) reference.Values {
	t.Helper()
	made, err := reference.Run(d, v)
	if err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	return made
}

// state is the number of a state in a step.
func state(t *testing.T, d *diagram.Diagram, path string) int {
	t.Helper()
	i := slices.IndexFunc(d.States, func(s *diagram.State) bool { return s.Path == path })
	if i < 0 {
		t.Fatalf("no state %s in\n%s", path, d)
	}
	return i
}

// TestStepText holds the text form of whole training steps.
func TestStepText(t *testing.T) {
	cases := []struct {
		name string
		make func() *diagram.Training
	}{
		{"backprop", func() *diagram.Training { return training(perceptron(4), nil) }},
		{"dfa", func() *diagram.Training { return training(perceptron(4, 6), dfa) }},
		{"momentum", func() *diagram.Training {
			tr := training(perceptron(), nil)
			tr.Optimizer = momentum
			return tr
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := compile(t, c.make()).String()
			if again := compile(t, c.make()).String(); again != got {
				t.Errorf("made twice, it differs:\n%s\n%s", got, again)
			}
			name := filepath.Join("testdata", c.name+".txt")
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestStepDescends(t *testing.T) {
	for _, model := range []*diagram.Diagram{perceptron(), perceptron(4), perceptron(4, 6, 4)} {
		descends(t, training(model, nil))
	}
}

// descends compares what a step takes from the weights with the slope of the loss
// along a random direction.
func descends(t *testing.T, tr *diagram.Training) {
	t.Helper()
	const h = 1e-6
	d := compile(t, tr)
	v := values(t, d)
	made := run(t, d, v)
	slope := 0.0
	up, down := v, v
	up.States, down.States = nil, nil
	for i, s := range d.States {
		direction := draw(t, "direction "+s.Path, s.In.Type)
		a, b := reference.New(v.States[i].Dims...), reference.New(v.States[i].Dims...)
		for j, w := range v.States[i].Values {
			slope += (w - made.States[i].Values[j]) * direction.Values[j]
			a.Values[j], b.Values[j] = w+h*direction.Values[j], w-h*direction.Values[j]
		}
		up.States, down.States = append(up.States, a), append(down.States, b)
	}
	want := (run(t, d, up).Arrays[0].Values[0] - run(t, d, down).Arrays[0].Values[0]) / (2 * h)
	if math.Abs(slope-want) > 1e-7*(1+math.Abs(want)) {
		t.Errorf("%d weights: got slope %v, want %v", len(d.States), slope, want)
	}
}

// TestFeedbackByTheWeightsIsBackprop holds two golden identities: direct feedback
// alignment with B the transposed output weights on one hidden layer, and feedback
// alignment with B the weights, are backpropagation; the library's rules too.
func TestFeedbackByTheWeightsIsBackprop(t *testing.T) {
	onHidden := map[string]string{"rule.affine.0.B": "affine.1.weight"}
	cases := []struct {
		name         string
		plain, ruled *diagram.Training
		tie          map[string]string // fixed array → weight
	}{
		{"dfa", training(perceptron(4), nil), training(perceptron(4), dfa), onHidden},
		{"feedback alignment", training(perceptron(4, 6), nil), training(perceptron(4, 6), feedback),
			map[string]string{"rule.affine.1.B": "affine.1.weight", "rule.affine.2.B": "affine.2.weight"}},
		{"the library's dfa", digits(t, "backprop"), digits(t, "dfa"), onHidden},
		{"the library's feedback alignment", digits(t, "backprop"), digits(t, "feedback_alignment"),
			map[string]string{"rule.affine.1.B": "affine.1.weight"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			plain, ruled := compile(t, c.plain), compile(t, c.ruled)
			v := values(t, ruled)
			for array, weight := range c.tie {
				v.States[state(t, ruled, array)] = v.States[state(t, ruled, weight)]
				if array == "rule.affine.0.B" {
					v.States[state(t, ruled, array)] = transposed(v.States[state(t, ruled, weight)])
				}
			}
			got, want := run(t, ruled, v), run(t, plain, values(t, plain))
			for i, s := range plain.States {
				near(t, s.Path, got.States[state(t, ruled, s.Path)].Values, want.States[i].Values)
			}
		})
	}
}

func transposed(a *reference.Array) *reference.Array {
	b := reference.New(a.Dims[1], a.Dims[0])
	for i := range a.Dims[0] {
		for j := range a.Dims[1] {
			b.Values[j*a.Dims[0]+i] = a.Values[i*a.Dims[1]+j]
		}
	}
	return b
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12*(1+math.Abs(want[i])) {
			t.Errorf("%s: got %v, want %v", what, got, want)
			return
		}
	}
}

// TestChangeIsAveragedOverTheBatch computes a Hebbian change by hand.
func TestChangeIsAveragedOverTheBatch(t *testing.T) {
	tr := training(perceptron(4), nil)
	tr.Rules = []diagram.RuleUse{{Part: []string{"net", "affine", "0"}, Rule: hebb}}
	d, said := Step(tr)
	if len(said) != 0 {
		t.Fatalf("said %v", said)
	}
	v := values(t, d)
	made := run(t, d, v)
	x, w, b := v.Arrays[0].Values, v.States[state(t, d, "affine.0.weight")].Values, v.States[state(t, d, "affine.0.bias")].Values
	want := make([]float64, 7*4)
	for n := range 5 {
		for o := range 4 {
			y := b[o]
			for i := range 7 {
				y += x[n*7+i] * w[i*4+o]
			}
			for i := range 7 {
				want[i*4+o] += math.Tanh(y) * x[n*7+i] / 5
			}
		}
	}
	near(t, "affine.0.weight", made.States[state(t, d, "affine.0.weight")].Values, want)
}

// TestObjectiveIsolates compares a layer's step with the slope of its own objective.
func TestObjectiveIsolates(t *testing.T) {
	d := compile(t, training(perceptron(4, 6), local))
	for _, path := range []string{"affine.1.weight", "affine.2.weight", "affine.2.bias"} {
		if hangsOn(d, "affine.0.weight", path) {
			t.Errorf("the change of affine.0.weight hangs on %s", path)
		}
	}
	v := values(t, d)
	made := run(t, d, v)
	objective := func(bias []float64) float64 {
		x, w := v.Arrays[0].Values, v.States[state(t, d, "affine.0.weight")].Values
		total := 0.0
		for n := range 5 {
			for o := range 4 {
				y := bias[o]
				for i := range 7 {
					y += x[n*7+i] * w[i*4+o]
				}
				total += math.Tanh(y) * math.Tanh(y) / 5
			}
		}
		return total
	}
	n := state(t, d, "affine.0.bias")
	bias := v.States[n].Values
	for o := range bias {
		up, down := slices.Clone(bias), slices.Clone(bias)
		up[o] += 1e-6
		down[o] -= 1e-6
		want := (objective(up) - objective(down)) / 2e-6
		if got := bias[o] - made.States[n].Values[o]; math.Abs(got-want) > 1e-7 {
			t.Errorf("bias %d: got %v, want %v", o, got, want)
		}
	}
}

// hangsOn reports whether the new value of one state hangs on the old value of
// another, when the wires of these names are held.
func hangsOn(d *diagram.Diagram, changed, on string, held ...string) bool {
	reached := map[*diagram.Wire]bool{}
	var target *diagram.Wire
	for _, s := range d.States {
		reached[s.In] = s.Path == on
		if s.Path == changed {
			target = s.Out
		}
	}
	for _, b := range d.Boxes {
		isReached := slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return reached[w] })
		for _, w := range b.Out {
			reached[w] = isReached && !slices.Contains(held, w.Name)
		}
	}
	return reached[target]
}

// TestFootprint says which changes hang on which weights, with the error of the
// output held: under backpropagation all, under direct feedback none behind.
func TestFootprint(t *testing.T) {
	rows := func(rule diagram.Rule) string {
		d := compile(t, training(perceptron(4, 6), rule))
		var b strings.Builder
		for i := range 3 {
			for j := range 3 {
				if hangsOn(d, "affine."+strconv.Itoa(i)+".weight", "affine."+strconv.Itoa(j)+".weight", "∂scores") {
					b.WriteString("1")
				} else {
					b.WriteString("0")
				}
			}
			b.WriteString(" ")
		}
		return b.String()
	}
	if got, want := rows(nil), "111 111 111 "; got != want {
		t.Errorf("backprop: got %s, want %s", got, want)
	}
	if got, want := rows(dfa), "100 110 111 "; got != want {
		t.Errorf("dfa: got %s, want %s", got, want)
	}
}

func TestEvaluateIsTheForwardHalf(t *testing.T) {
	tr := training(perceptron(4), nil)
	d := Evaluate(tr)
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	step := compile(t, tr)
	v := values(t, step)
	given := reference.Values{Arrays: v.Arrays, Weights: map[string]*reference.Array{}}
	for i, s := range step.States {
		given.Weights[s.Path] = v.States[i]
	}
	got, want := run(t, d, given), run(t, step, v)
	for i, w := range d.Out {
		near(t, w.Name, got.Arrays[i].Values, want.Arrays[i].Values)
	}
}

func TestGradientsAreNamed(t *testing.T) {
	d, err := Gradients(training(perceptron(), nil).Forward)
	if err == nil || !strings.Contains(err.Error(), "only a scalar has a gradient") {
		t.Errorf("got %v for a result with axes", err)
	}
	forward := Evaluate(training(perceptron(), nil))
	if d, err = Gradients(forward); err != nil {
		t.Fatal(err)
	}
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, w := range d.Out {
		names = append(names, w.Name)
	}
	if got, want := strings.Join(names, " "), "loss accuracy grad/image grad/affine.0.weight grad/affine.0.bias"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// BenchmarkStep compiles a step of about a thousand forward boxes.
func BenchmarkStep(b *testing.B) {
	sizes := slices.Repeat([]int{8}, 330)
	for b.Loop() {
		tr := training(perceptron(sizes...), nil)
		tr.Optimizer = momentum
		Step(tr)
	}
}
