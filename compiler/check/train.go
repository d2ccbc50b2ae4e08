package check

import (
	"slices"
	"strconv"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// What a train block does that does not say otherwise.
const (
	defaultBatch  = 32
	defaultEpochs = 1
)

// checkTrain makes the training with letters for what the data say.
func (p *Program) checkTrain(d *declared) {
	p.report.holdStages(d.train)
	stages := stagesOf(d.train)
	if len(stages) == 0 {
		stages = []string{""}
	}
	for _, stage := range stages {
		p.report.entriesAt(d.train, stage)
		p.training(d, stage, &p.report, nil, nil)
	}
}

// Training makes a train block ready to be learnt: the model with its losses, for
// data whose sizes are known. Whether it is for training or for measuring is said by
// Options.Training; of a block with stages it is the last one. fieldDims are the sizes of each field without the
// batch, places how many places the elements of a field are among.
func (p *Program) Training(name string, fieldDims map[string][]int, places map[string]int) (*diagram.Training, []source.Diagnostic) {
	stages := p.Stages(name)
	if len(stages) == 0 {
		stages = []string{""}
	}
	return p.trainingAt(name, stages[len(stages)-1], fieldDims, places)
}

func (p *Program) trainingAt(name, stage string, fieldDims map[string][]int, places map[string]int) (*diagram.Training, []source.Diagnostic) {
	r := &report{}
	d := p.train(r, name)
	if d == nil || d.broken {
		return nil, append(r.inOrder(), p.brokenTrain(d)...)
	}
	p.holdSet(r, p.settableOf(d))
	if r.hasErrors(0) {
		return nil, r.inOrder()
	}
	t := p.training(d, stage, r, fieldDims, places)
	if t == nil || r.hasErrors(0) {
		return nil, append(r.inOrder(), p.otherErrors(r)...)
	}
	return t, r.inOrder()
}

// otherErrors are the program's, where nothing else says why something is missing.
func (p *Program) otherErrors(r *report) []source.Diagnostic {
	if r.hasErrors(0) {
		return nil
	}
	return p.report.inOrder()
}

// training is a train block while it is elaborated.
type training struct {
	*elaborator
	made    *diagram.Training
	batch   shape.Axis
	models  []*bound
	losses  []*diagram.Wire
	reports []*diagram.Wire

	relations []*relation // of the models
	undecided []string    // axes of the data whose size the program may say later on
}

func (p *Program) training(d *declared, stage string, r *report, dims map[string][]int, places map[string]int) *diagram.Training {
	es := (&report{}).entriesAt(d.train, stage)
	t := &training{elaborator: p.elaborator(r, d.unit), made: &diagram.Training{Name: d.name, Stage: stage, Span: d.train.Span()}}
	t.d.Name, t.d.Doc, t.d.Span = d.name, d.train.Doc(), d.train.Span()
	t.numbers(es)
	t.dataWires(es, dims, places)
	for _, x := range es.program {
		t.entry(x)
	}
	if len(t.losses) == 0 && !r.hasErrors(t.from) {
		f := r.fault(EntryMissing, d.train.Span(), "this train block has no `loss`")
		f.Help = append(f.Help, "loss (scores, label) >> cross_entropy[class]")
	}
	t.relate()
	t.freeze(es)
	t.made.Rules = t.rules(es)
	t.optimizer(es)
	t.close()
	t.settleData()
	t.finish()
	if t.job.failed || r.hasErrors(t.from) {
		return nil
	}
	return t.made
}

// numbers reads batch, epochs, steps and seed.
func (t *training) numbers(es *entries) {
	read := func(key string, preset int) (int, bool) {
		x := grammar.Expr(nil)
		if s := es.settings[key]; s != nil {
			x = s.Value
		}
		if set, isSet := t.program.set[key]; isSet {
			x = set
		}
		if x == nil {
			return preset, true
		}
		size, ok := t.sizeAt(x)
		n, isNumber := size.Int()
		if ok && !isNumber {
			t.fault(SizeNeeded, x.Span(), "`%s` is a number", key)
		}
		return n, ok && isNumber
	}
	batch, okBatch := read("batch", defaultBatch)
	steps, okSteps := read("steps", 0)
	preset := defaultEpochs
	if steps > 0 {
		preset = 0
	}
	epochs, okEpochs := read("epochs", preset)
	seed, okSeed := read("seed", 1)
	if okBatch && batch < 1 {
		t.fault(SizeInvalid, t.made.Span, "a batch holds one example or more, not %d", batch)
	}
	if !okBatch || !okSteps || !okEpochs || !okSeed {
		t.job.failed = true
	}
	t.made.Batch, t.made.Epochs, t.made.Steps, t.made.Seed = batch, epochs, steps, uint64(seed)
	t.batch = shape.Axis{Label: ambient, Size: shape.Int(max(batch, 1))}
}

// dataWires lets the fields of the data flow in, each with the batch outermost.
func (t *training) dataWires(es *entries, dims map[string][]int, places map[string]int) {
	clauses := t.clauses(es)
	if len(es.data) == 0 {
		f := t.fault(EntryMissing, t.made.Span, "this train block has no `data`")
		f.Help = append(f.Help, "data image[row col], label in class = mnist[\"images/mnist\"]")
	}
	letters := map[string]shape.Size{}
	for _, c := range clauses {
		for _, f := range c.Fields {
			t.fieldLetters(f, dims[f.Name], places, letters)
		}
	}
	known := func(letter string) (shape.Size, bool) {
		if s, ok := letters[letter]; ok {
			return s, ok
		}
		t.undecided = append(t.undecided, letter)
		return shape.Letter("?" + letter), true
	}
	for _, c := range clauses {
		for _, f := range c.Fields {
			w := &diagram.Wire{Name: f.Name, Type: f.Type.Replace(known), Span: f.Span}
			t.labelsOf(w)
			w.Type.Axes = append(shape.Shape{t.batch}, w.Type.Axes...)
			t.d.In = append(t.d.In, w)
			t.scope.define(f.Name, wire{w}, f.Span).isUsed = true
		}
	}
	for _, x := range es.data {
		t.programs(x)
	}
}

// settleData gives axes whose size neither the data nor the program have said their
// own letter.
func (t *training) settleData() {
	for _, letter := range t.undecided {
		t.job.unifier.Unify(shape.Letter("?"+letter), shape.Letter(letter))
	}
}

// labelsOf lets brackets of the train block name the axes of the data.
func (t *training) labelsOf(w *diagram.Wire) {
	axes := w.Type.Axes
	if w.Type.IsPlace() {
		axes = append(axes[:len(axes):len(axes)], *w.Type.In)
	}
	for _, a := range axes {
		t.labels[a.Label] = labelled{a.Size, w.Span}
		t.setOrigin(w, a.Label, w.Span)
	}
}

// fieldLetters settles the sizes that the program leaves to the data, and holds
// the others against them.
func (t *training) fieldLetters(f diagram.Field, dims []int, places map[string]int, letters map[string]shape.Size) {
	axes := f.Type.Axes
	if dims != nil && len(dims) != len(axes) {
		t.fault(DataMismatch, f.Span, "`%s` is said to have %s %s, and the data have %s", f.Name, counted(len(axes), "axis"), axes, counted(len(dims), "axis"))
		return
	}
	if n, ok := places[f.Name]; ok && f.Type.IsPlace() {
		axes, dims = append(axes[:len(axes):len(axes)], *f.Type.In), append(dims[:len(dims):len(dims)], n)
	} else if dims == nil {
		return
	}
	for i, a := range axes {
		if i >= len(dims) {
			break
		}
		size := shape.Int(dims[i])
		if a.Size.Equal(shape.Letter(a.Label)) {
			if known, isKnown := letters[a.Label]; !isKnown {
				letters[a.Label] = size
				continue
			} else {
				a.Size = known
			}
		}
		if !a.Size.Equal(size) {
			t.fault(DataMismatch, f.Span, "axis `%s` of `%s` is %s here and %d in the data", a.Label, f.Name, a.Size, dims[i])
		}
	}
}

// entry elaborates a model, a name, a loss or a report.
func (t *training) entry(x grammar.Entry) {
	switch x := x.(type) {
	case *grammar.Model:
		t.model(x)
	case *grammar.Let:
		targets := make([]grammar.Expr, len(x.Names))
		v := t.eval(x.Value)
		if len(targets) == 1 {
			t.let(x.Names[0], v)
			return
		}
		parts, ok := v.(tuple)
		if !ok || len(parts) != len(targets) {
			if !isPoisoned(v) {
				t.fault(WireCount, x.Span(), "%s stand left of `=`, and right of it is %s", counted(len(targets), "name"), tupleWord(v))
			}
			parts = slices.Repeat(tuple{poison{}}, len(targets))
		}
		for i, name := range x.Names {
			t.let(name, parts[i])
		}
	case *grammar.Setting:
		t.measured(x)
	}
}

func (t *training) let(name *grammar.Word, v value) {
	if w, ok := v.(wire); ok && w.Name == "" {
		w.Wire.Name = name.Text
	}
	if f, ok := v.(box); ok {
		v = t.bindPlain(name.Text, f)
	}
	t.define(name.Text, v, name.Span())
}

// measured is a loss or a report: a scalar, averaged over the axes it has.
func (t *training) measured(x *grammar.Setting) {
	v := t.eval(x.Value)
	w, ok := t.oneWire(v, x.Value.Span())
	if !ok {
		return
	}
	if w.Type.IsPlace() {
		t.fault(NumberNeeded, x.Value.Span(), "a %s is a number, and this is a place along `%s`", x.Key.Text, w.Type.In.Label)
		return
	}
	w = t.averaged(w, x.Span())
	if x.Key.Text == "loss" {
		t.losses = append(t.losses, w)
		return
	}
	t.reports = append(t.reports, w)
	t.made.Reports = append(t.made.Reports, t.reportName(x))
}

// averaged is the mean of a wire over all its axes.
func (t *training) averaged(w *diagram.Wire, span source.Span) *diagram.Wire {
	if len(w.Type.Axes) == 0 {
		return w
	}
	out := &diagram.Wire{Span: span}
	b := diagram.NewBox(diagram.Reduce{Fn: "mean"}, nil, w.Type.Axes, []*diagram.Wire{w}, []*diagram.Wire{out})
	b.Span = span
	t.add(b)
	return out
}

// reportName is what a report calls itself, or else the box that ends it.
func (t *training) reportName(x *grammar.Setting) string {
	name := "report"
	if given, ok := x.Name.(*grammar.Name); ok {
		name = given.Text
	} else if flow, ok := x.Value.(*grammar.Flow); ok {
		if last := modelName(flow.Steps[len(flow.Steps)-1]); last != "" {
			name = last
		}
	}
	made := name
	for n := 1; slices.Contains(t.made.Reports, made); n++ {
		made = name + "." + strconv.Itoa(n)
	}
	return made
}
