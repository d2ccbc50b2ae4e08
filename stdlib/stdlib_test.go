package stdlib_test

import (
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/lower"
	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/render"
	"ncd/runtime/tensor"
	"ncd/runtime/train"
	"ncd/runtime/weights"
	"ncd/stdlib"
)

// TestLetters checks every file of the library by itself, with letters for sizes,
// and holds that every diagram has a caption and can be drawn.
func TestLetters(t *testing.T) {
	files, _ := fs.Glob(stdlib.Files, "*.ncd")
	for _, name := range files {
		t.Run(name, func(t *testing.T) {
			p := checked(t, stdlib.Files, name, false)
			for _, declared := range p.Diagrams() {
				d, _ := p.Diagram(declared, nil)
				if d == nil {
					continue // it wants a box, or a rank, and is drawn where one is given
				}
				if d.Doc == "" {
					t.Errorf("`%s` has no caption", declared)
				}
				drawn(t, d)
			}
		})
	}
}

// isElsewhere names the files whose diagrams are run by training, not by a use here.
var isElsewhere = map[string]bool{
	"optimizers.ncd": true, "schedules.ncd": true, "filters.ncd": true, "rules.ncd": true, "programs.ncd": true,
}

// TestEveryDiagramIsUsed names the diagrams of the library that no program of
// testdata leads to.
func TestEveryDiagramIsUsed(t *testing.T) {
	used := map[string]bool{}
	eachUse(t, false, func(t *testing.T, d *diagram.Diagram) { noteUsed(used, d) })
	eachUse(t, true, func(t *testing.T, d *diagram.Diagram) { noteUsed(used, d) })
	files, _ := fs.Glob(stdlib.Files, "*.ncd")
	for _, name := range files {
		if isElsewhere[name] {
			continue
		}
		for _, declared := range checked(t, stdlib.Files, name, false).Diagrams() {
			if !used[declared] {
				t.Errorf("%s: no program of testdata uses `%s`", name, declared)
			}
		}
	}
}

func noteUsed(used map[string]bool, d *diagram.Diagram) {
	used[d.Name] = true
	for _, b := range d.Boxes {
		for _, body := range diagram.Bodies(b.Op) {
			noteUsed(used, body)
		}
	}
}

// TestUses runs every program of testdata, whose sizes are numbers: it is drawn, its
// flat form keeps its value, its gradient agrees with differences in float64, and its
// plan agrees with both in float32. What is otherwise in training is run so too.
func TestUses(t *testing.T) {
	text := map[string]string{}
	eachUse(t, false, func(t *testing.T, d *diagram.Diagram) {
		text[t.Name()] = d.String()
		drawn(t, d)
		holdUse(t, d)
	})
	eachUse(t, true, func(t *testing.T, d *diagram.Diagram) {
		if untrained := strings.Replace(t.Name(), "/training/", "/", 1); text[untrained] != d.String() {
			holdUse(t, d)
		}
	})
}

// eachUse elaborates every diagram of every program of testdata.
func eachUse(t *testing.T, training bool, do func(*testing.T, *diagram.Diagram)) {
	t.Helper()
	if training {
		t.Run("training", func(t *testing.T) { eachFile(t, training, do) })
		return
	}
	eachFile(t, training, do)
}

func eachFile(t *testing.T, training bool, do func(*testing.T, *diagram.Diagram)) {
	folder := os.DirFS("testdata")
	files, _ := fs.Glob(folder, "*.ncd")
	if len(files) == 0 {
		t.Fatal("no testdata")
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(name, ".ncd"), func(t *testing.T) {
			p := checked(t, folder, name, training)
			for _, declared := range p.Diagrams() {
				t.Run(declared, func(t *testing.T) {
					d, said := p.Diagram(declared, nil)
					hold(t, said)
					if hasLetters(d) {
						t.Skip("a part of another")
					}
					do(t, d)
				})
			}
		})
	}
}

func hasLetters(d *diagram.Diagram) bool {
	return slices.ContainsFunc(d.In, func(w *diagram.Wire) bool {
		_, err := w.Type.Axes.Ints()
		return err != nil
	})
}

func checked(t *testing.T, folder fs.FS, name string, training bool) *check.Program {
	t.Helper()
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	file := &source.File{Name: filepath.Base(name), Text: string(text)}
	p, said := check.Check(file, check.Options{Library: stdlib.Files, Sources: folder, Training: training})
	hold(t, said)
	return p
}

func hold(t *testing.T, said []source.Diagnostic) {
	t.Helper()
	for _, d := range said {
		t.Fatal(d.Text(false))
	}
}

func drawn(t *testing.T, d *diagram.Diagram) {
	t.Helper()
	if _, _, err := render.Figure(d, render.Options{}); err != nil {
		t.Errorf("`%s` is not drawn: %v", d.Name, err)
	}
}

func holdUse(t *testing.T, d *diagram.Diagram) {
	u := newUse(t, d)
	t.Run("flat", u.holdFlat)
	t.Run("gradient", u.holdGradient)
	t.Run("plan", u.holdPlan)
}

// use is a diagram with arrays to run it on.
type use struct {
	whole    *diagram.Diagram // with its hierarchy
	flat     *diagram.Diagram
	backward *diagram.Diagram // flat, with cotangents as further inputs and those of `wanted` as further results
	wanted   []*diagram.Wire  // ports of numbers, then weights
	in       []*reference.Array
	cotangents,
	towards []*reference.Array // of the results; of `wanted`: the direction that is gone along
	weights map[string]*reference.Array
	random  *rand.Rand
}

func newUse(t *testing.T, d *diagram.Diagram) *use {
	t.Helper()
	u := &use{whole: d, flat: rewrite.Normalize(d), weights: map[string]*reference.Array{}, random: rand.New(rand.NewPCG(1, 2))}
	for _, w := range u.flat.In {
		u.in = append(u.in, u.draw(w))
		if !w.Type.IsPlace() {
			u.want(w)
		}
	}
	for _, b := range u.flat.Boxes {
		if learned, ok := b.Op.(diagram.Learned); ok {
			u.weights[learned.Weight.Path] = u.draw(b.Out[0])
			u.want(b.Out[0])
		}
	}
	u.addBackward()
	if err := diagram.Verify(u.backward); err != nil {
		t.Fatalf("%v in\n%s", err, u.backward)
	}
	return u
}

func (u *use) want(w *diagram.Wire) {
	u.wanted = append(u.wanted, w)
	u.towards = append(u.towards, u.draw(w))
}

// draw fills an array as a wire carries it: with normal numbers, or with places.
func (u *use) draw(w *diagram.Wire) *reference.Array {
	dims, _ := w.Type.Axes.Ints()
	a := reference.New(dims...)
	for i := range a.Values {
		if w.Type.IsPlace() {
			a.Values[i] = float64(u.random.IntN(w.Type.In.Size.MustInt()))
		} else {
			a.Values[i] = u.random.NormFloat64()
		}
	}
	return a
}

func (u *use) addBackward() {
	d := *u.flat
	d.Boxes, d.In, d.Out = slices.Clone(d.Boxes), slices.Clone(d.In), slices.Clone(d.Out)
	seeds := map[*diagram.Wire]*diagram.Wire{}
	for i, w := range u.flat.Out {
		cotangent := &diagram.Wire{Name: "cotangent" + strconv.Itoa(i), Type: shape.Type{Axes: w.Type.Axes}}
		u.cotangents = append(u.cotangents, u.draw(cotangent))
		d.In = append(d.In, cotangent)
		if !w.Type.IsPlace() {
			seeds[w] = cotangent
		}
	}
	sent := grad.Backward(&d, seeds, u.wanted)
	var wanted []*diagram.Wire
	var towards []*reference.Array
	for i, w := range u.wanted {
		if s := sent[w]; s != nil && !slices.Contains(d.Out, s) {
			wanted, towards, d.Out = append(wanted, w), append(towards, u.towards[i]), append(d.Out, s)
		}
	}
	u.wanted, u.towards, u.backward = wanted, towards, &d
}

func (u *use) run(t *testing.T, d *diagram.Diagram, in []*reference.Array, weights map[string]*reference.Array) []*reference.Array {
	t.Helper()
	made, err := reference.Run(d, reference.Values{Arrays: in, Weights: weights})
	if err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	return made.Arrays
}

// hasChance reports whether numbers are drawn: each room draws its own.
func (u *use) hasChance() bool { return hasRandom(u.flat) }

func hasRandom(d *diagram.Diagram) bool {
	return slices.ContainsFunc(d.Boxes, func(b *diagram.Box) bool {
		_, isRandom := b.Op.(diagram.Random)
		return isRandom || slices.ContainsFunc(diagram.Bodies(b.Op), hasRandom)
	})
}

func hasGradient(d *diagram.Diagram) bool {
	return slices.ContainsFunc(d.Boxes, func(b *diagram.Box) bool {
		_, isGradient := b.Op.(diagram.Gradient)
		return isGradient || slices.ContainsFunc(diagram.Bodies(b.Op), hasGradient)
	})
}

func (u *use) holdFlat(t *testing.T) {
	if u.hasChance() {
		t.Skip("chance is drawn by the names of boxes, which change")
	}
	within := 1e-12
	if hasGradient(u.whole) { // of which the whole takes differences
		within = 1e-7
	}
	got, want := u.run(t, u.flat, u.in, u.weights), u.run(t, u.whole, u.in, u.weights)
	for i := range want {
		holdClose(t, u.flat.Out[i].Name, got[i].Values, want[i].Values, within)
	}
}

// isDeclared are the uses whose backward half is no derivative, on purpose.
func isDeclared(d *diagram.Diagram) bool { return strings.HasPrefix(d.Doc, "Declared backward") }

// holdGradient compares what is sent back with a central difference along a random
// direction u: ⟨vjp(x, v), u⟩ = ⟨v, (f(x+hu) − f(x−hu)) / 2h⟩ + O(h²).
func (u *use) holdGradient(t *testing.T) {
	if isDeclared(u.whole) {
		t.Skip("what goes back is declared, and not the derivative")
	}
	const h, tolerance = 1e-6, 1e-6
	results := len(u.flat.Out)
	sent := u.run(t, u.backward, slices.Concat(u.in, u.cotangents), u.weights)[results:]
	got := 0.0
	for i, s := range sent {
		got += dot(s, u.towards[i])
	}
	up, down := u.moved(t, h), u.moved(t, -h)
	want := 0.0
	for i, v := range u.cotangents {
		if !u.flat.Out[i].Type.IsPlace() {
			want += (dot(v, up[i]) - dot(v, down[i])) / (2 * h)
		}
	}
	if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
		t.Errorf("got %v, want %v, in\n%s", got, want, u.backward)
	}
}

// moved are the results a step along the direction.
func (u *use) moved(t *testing.T, step float64) []*reference.Array {
	in, weights := slices.Clone(u.in), map[string]*reference.Array{}
	for path, w := range u.weights {
		weights[path] = w
	}
	paths := map[*diagram.Wire]string{}
	for _, b := range u.flat.Boxes {
		if learned, ok := b.Op.(diagram.Learned); ok {
			paths[b.Out[0]] = learned.Weight.Path
		}
	}
	for i, w := range u.wanted {
		if path, isWeight := paths[w]; isWeight {
			weights[path] = along(weights[path], u.towards[i], step)
		} else {
			at := slices.Index(u.flat.In, w)
			in[at] = along(in[at], u.towards[i], step)
		}
	}
	return u.run(t, u.flat, in, weights)
}

func along(x, u *reference.Array, step float64) *reference.Array {
	moved := &reference.Array{Dims: x.Dims, Values: slices.Clone(x.Values)}
	for i := range moved.Values {
		moved.Values[i] += step * u.Values[i]
	}
	return moved
}

func dot(a, b *reference.Array) float64 {
	sum := 0.0
	for i, x := range a.Values {
		sum += x * b.Values[i]
	}
	return sum
}

// holdPlan runs the plan of both halves in float32.
func (u *use) holdPlan(t *testing.T) {
	finished := rewrite.Finish(u.backward)
	p, err := lower.Lower(finished, lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]*tensor.Tensor{}
	job := &train.Application{Plan: p, Inputs: map[string]*tensor.Tensor{}, Weights: &weights.Stored{Arrays: stored}, Seed: 1, Threads: 1}
	in := slices.Concat(u.in, u.cotangents)
	for i, w := range u.backward.In {
		job.Inputs[w.Name] = tensorOf(w, in[i])
	}
	for _, b := range u.flat.Boxes {
		if learned, ok := b.Op.(diagram.Learned); ok {
			stored[learned.Weight.Path] = tensorOf(b.Out[0], u.weights[learned.Weight.Path])
		}
	}
	for _, s := range finished.States {
		if s.Kept {
			stored[s.Path] = tensorOf(s.In, filled(s))
		}
	}
	for i := range u.backward.Out {
		job.Names = append(job.Names, strconv.Itoa(i))
	}
	made, err := train.Apply(job)
	if err != nil {
		t.Fatal(err)
	}
	if u.hasChance() {
		return
	}
	want := u.run(t, u.backward, in, u.weights)
	for i, w := range u.backward.Out {
		holdClose(t, w.Name, numbersOf(made[job.Names[i]]), want[i].Values, 1e-4)
	}
}

func filled(s *diagram.State) *reference.Array {
	dims, _ := s.In.Type.Axes.Ints()
	a := reference.New(dims...)
	for i := range a.Values {
		a.Values[i] = s.Init
	}
	return a
}

func tensorOf(w *diagram.Wire, a *reference.Array) *tensor.Tensor {
	if w.Type.IsPlace() {
		t := tensor.New(tensor.Int32, nil, a.Dims...)
		for i, x := range a.Values {
			tensor.Elements[int32](t)[i] = int32(x)
		}
		return t
	}
	t := tensor.New(tensor.Float32, nil, a.Dims...)
	for i, x := range a.Values {
		tensor.Elements[float32](t)[i] = float32(x)
	}
	return t
}

func numbersOf(t *tensor.Tensor) []float64 {
	var numbers []float64
	if t.DType() == tensor.Int32 {
		for _, x := range tensor.Elements[int32](t) {
			numbers = append(numbers, float64(x))
		}
		return numbers
	}
	for _, x := range tensor.Elements[float32](t) {
		numbers = append(numbers, float64(x))
	}
	return numbers
}

// holdClose holds arrays together, measured by the largest number of them, or by 0.1 where
// they are smaller.
func holdClose(t *testing.T, name string, got, want []float64, tolerance float64) {
	t.Helper()
	largest, worst := 0.1, 0.0
	for i := range want {
		largest = max(largest, math.Abs(want[i]))
		if worst = max(worst, math.Abs(got[i]-want[i])); math.IsNaN(got[i]) {
			worst = math.Inf(1)
		}
	}
	if worst > tolerance*largest {
		t.Errorf("%s: off by %.2e of %.2e\ngot  %v\nwant %v", name, worst, largest, got, want)
	}
}
