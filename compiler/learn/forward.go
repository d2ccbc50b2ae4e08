package learn

import (
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
)

// forward is the flat forward diagram; its first Out is the total loss.
type forward struct {
	training *diagram.Training
	flat     *diagram.Diagram
	modelOf  map[*diagram.Box]int // which model a box is of, where it is of one
}

// forwardOf flattens the forward diagram of a training, adds its losses up and
// averages what still has axes.
func forwardOf(t *diagram.Training) *forward {
	names, models := marks(t)
	f := &forward{t, rewrite.Normalize(marked(t, names, models)), map[*diagram.Box]int{}}
	f.unmark(t, models)
	out := make([]*diagram.Wire, len(f.flat.Out))
	for i, w := range f.flat.Out {
		out[i] = averaged(f.flat, w, diagram.Forward)
	}
	total := out[0]
	for _, w := range out[1:t.Losses] {
		total = f.flat.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), nil, nil, []*diagram.Wire{total, w}, []*diagram.Wire{{Span: w.Span}}))
	}
	total.Name = "loss"
	f.flat.Out = append([]*diagram.Wire{total}, out[t.Losses:]...)
	for i, name := range t.Reports {
		f.flat.Out[i+1].Name = name
	}
	return f
}

// mark names a box of a model while it is inlined, as no author can. The uses of one
// model are numbered, so that each has its own draws of chance.
func mark(model, use int) string { return "model " + strconv.Itoa(model) + " " + strconv.Itoa(use) }

// marks names the boxes that apply models: those that the training lists, and others
// that hold weights of theirs.
func marks(t *diagram.Training) (names map[*diagram.Box]string, models map[string]int) {
	names, models = map[*diagram.Box]string{}, map[string]int{}
	listed := map[*diagram.Box]int{}
	owner := map[*diagram.Weight]int{}
	for i, m := range t.Models {
		listed[m.Box] = i
		eachWeight(m.Box.Op, func(w *diagram.Weight) { owner[w] = i })
	}
	for _, b := range t.Forward.Boxes {
		model, isModel := listed[b]
		if !isModel {
			eachWeight(b.Op, func(w *diagram.Weight) {
				if i, ok := owner[w]; ok {
					model, isModel = i, true
				}
			})
		}
		if isModel {
			names[b] = mark(model, len(names))
			models[names[b]] = model
		}
	}
	return names, models
}

// eachWeight visits the weights in the bodies of an operation.
func eachWeight(op diagram.Op, visit func(*diagram.Weight)) {
	for _, body := range diagram.Bodies(op) {
		for _, w := range body.Weights {
			visit(w)
		}
		for _, b := range body.Boxes {
			eachWeight(b.Op, visit)
		}
	}
}

// marked is the forward diagram with models that can be told apart when they are
// inlined, and with results of its own to be named.
func marked(t *diagram.Training, names map[*diagram.Box]string, models map[string]int) *diagram.Diagram {
	d := *t.Forward
	d.Name = t.Name
	own := map[*diagram.Wire]*diagram.Wire{}
	for _, w := range d.Out {
		made := *w
		own[w] = &made
	}
	for _, w := range d.In {
		delete(own, w)
	}
	d.Boxes = nil
	for _, old := range t.Forward.Boxes {
		b := *old
		if name, ok := names[old]; ok {
			b.Name = name
			if op, isComposite := b.Op.(diagram.Composite); isComposite {
				op.Body = through(t, op.Body, modelPath(t, models[name]), models[name])
				b.Op = op
			}
		}
		b.In, b.Out = replaced(old.In, own), replaced(old.Out, own)
		d.Boxes = append(d.Boxes, &b)
	}
	d.Out = replaced(d.Out, own)
	return &d
}

// modelPath is where the paths of a model begin.
func modelPath(t *diagram.Training, model int) []string {
	if model == 0 {
		return nil
	}
	return []string{t.Models[model].Name}
}

func replaced(wires []*diagram.Wire, by map[*diagram.Wire]*diagram.Wire) []*diagram.Wire {
	result := make([]*diagram.Wire, len(wires))
	for i, w := range wires {
		result[i] = w
		if r, ok := by[w]; ok {
			result[i] = r
		}
	}
	return result
}

// unmark notes which boxes are of a model, and gives paths their final form: those
// of the first model begin inside it, those of others with its name.
func (f *forward) unmark(t *diagram.Training, models map[string]int) {
	names := map[string]string{}
	for mark, i := range models {
		if names[mark] = t.Models[i].Name; i == 0 {
			names[mark] = ""
		}
	}
	for _, b := range f.flat.Boxes {
		if len(b.Path) == 0 {
			continue
		}
		if model, ok := models[b.Path[0]]; ok {
			f.modelOf[b] = model
		}
	}
	for _, w := range f.flat.Weights {
		w.Path = unmarked(w.Path, names)
	}
	unmarkPaths(f.flat, names)
}

// unmarkPaths gives boxes and states their final paths, also in the programs of lenses.
func unmarkPaths(d *diagram.Diagram, names map[string]string) {
	for _, s := range d.States {
		s.Path = unmarked(s.Path, names)
	}
	for _, b := range d.Boxes {
		if len(b.Path) > 0 {
			if name, ok := names[b.Path[0]]; ok && name == "" {
				b.Path, b.Within = b.Path[1:], b.Within[min(1, len(b.Within)):]
			} else if ok {
				b.Path = append([]string{name}, b.Path[1:]...)
			}
		}
		if op, ok := b.Op.(diagram.Learned); ok {
			b.Out[0].Name = op.Weight.Path
		}
		for _, body := range diagram.Bodies(b.Op) {
			unmarkPaths(body, names)
		}
	}
}

func unmarked(path string, names map[string]string) string {
	first, rest, _ := strings.Cut(path, ".")
	name, ok := names[first]
	switch {
	case !ok:
		return path
	case name == "":
		return rest
	}
	return name + "." + rest
}

// averaged is the mean of a wire, or the wire itself if it has no axes.
func averaged(d *diagram.Diagram, w *diagram.Wire, pass diagram.Pass) *diagram.Wire {
	if len(w.Type.Axes) == 0 {
		return w
	}
	return arranged(d, w, nil, pass)
}

// arranged is a wire with just these axes, in this order: axes that it lacks are
// filled evenly, others are averaged over.
func arranged(d *diagram.Diagram, w *diagram.Wire, axes shape.Shape, pass diagram.Pass) *diagram.Wire {
	if axes.Equal(w.Type.Axes) {
		return w
	}
	out := diagram.NewWire(w.Name, axes...)
	out.Span = w.Span
	var own shape.Shape
	for _, a := range w.Type.Axes {
		if axes.Index(a.Label) < 0 {
			own = append(own, a)
		}
	}
	in := []*diagram.Wire{w}
	if len(own) > 0 {
		share := diagram.Arithmetic("/", diagram.Literal(1), diagram.OfSize(own.Places()))
		b := diagram.NewBox(diagram.Constant{Value: share}, nil, nil, nil, []*diagram.Wire{diagram.NewWire("")})
		b.Pass, b.Span = pass, w.Span
		in = append(in, d.Add(b))
	}
	b := diagram.NewBox(diagram.Contract{}, axes, own, in, []*diagram.Wire{out})
	b.Pass, b.Span = pass, w.Span
	if len(own) > 0 {
		b.Kind = "mean"
	}
	return d.Add(b)
}
