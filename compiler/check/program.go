package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// programs sends the fields of a data clause through the programs behind its source.
func (t *training) programs(x *grammar.Data) {
	flow, ok := x.From.(*grammar.Flow)
	if !ok {
		return
	}
	var fields []string
	for _, p := range x.Ports {
		fields = append(fields, p.Name.Text)
	}
	for _, step := range flow.Steps[1:] {
		d := t.shelved(programs, step)
		switch {
		case d == nil:
			t.noneShelved(programs, step)
		case d.signature != nil:
			t.dataProgram(d, step, fields)
		}
	}
}

// dataProgram applies a program to each example: what it makes stands for what its
// ports took, in order. One that draws by chance is there in training only.
func (t *training) dataProgram(d *declared, x grammar.Expr, fields []string) {
	names, ok := t.fieldsFor(d, x, fields)
	if !ok {
		return
	}
	before := len(t.d.Boxes)
	var raw []*diagram.Wire
	var examples tuple
	for _, name := range names {
		w := t.scope.use(name).value.(wire).Wire
		example := *w
		example.Type.Axes = slices.DeleteFunc(slices.Clone(w.Type.Axes), func(a shape.Axis) bool { return a.Label == ambient })
		for label, from := range t.origins[w] {
			t.setOrigin(&example, label, from)
		}
		raw, examples = append(raw, w), append(examples, wire{&example})
	}
	made, ok := wiresOf(t.shelvedAs(d, x).apply(t.elaborator, examples, use{span: x.Span()}))
	if !ok || len(t.d.Boxes) != before+1 {
		return
	}
	if len(made) != len(names) {
		f := t.fault(WireCount, x.Span(), "`%s` takes %s of an example, and makes %s", d.name, counted(len(names), "field"), counted(len(made), "wire"))
		f.Help = append(f.Help, "a data program makes one wire for each that it takes, in the order of its ports")
		return
	}
	b := t.d.Boxes[before]
	if hasWeights(b) {
		t.fault(InvalidEntry, x.Span(), "a data program learns nothing, and there are weights in `%s`", d.name)
		return
	}
	if draws(b) && !t.program.options.Training {
		t.d.Boxes = t.d.Boxes[:before]
		return
	}
	t.overBatch(b, raw)
	for i, name := range names {
		b.Out[i].Name = name
		t.scope.define(name, wire{b.Out[i]}, x.Span()).isUsed = true
	}
}

// overBatch lifts a box over the examples.
func (t *training) overBatch(b *diagram.Box, raw []*diagram.Wire) {
	all := func(n int) []bool { return slices.Repeat([]bool{true}, n) }
	b.Weave = b.Weave.Lift(shape.Shape{t.batch}, all(len(b.In)), all(len(b.Out)))
	b.In = raw
	for _, w := range b.Out {
		w.Type.Axes = append(shape.Shape{t.batch}, w.Type.Axes...)
		t.labelsOf(w)
	}
}

// fieldsFor finds the field of each port: that of its name, else the first of its
// kind that is still free.
func (t *training) fieldsFor(d *declared, x grammar.Expr, fields []string) ([]string, bool) {
	var names []string
	for _, p := range d.signature.ports {
		if slices.Contains(fields, p.name) {
			names = append(names, p.name)
		}
	}
	free := slices.DeleteFunc(slices.Clone(fields), func(f string) bool { return slices.Contains(names, f) })
	names = nil
	for _, p := range d.signature.ports {
		if slices.Contains(fields, p.name) {
			names = append(names, p.name)
			continue
		}
		at := slices.IndexFunc(free, func(f string) bool {
			w, ok := t.scope.look(f).value.(wire)
			return ok && w.Type.IsPlace() == (p.in != "")
		})
		if at < 0 {
			kind := "numbers"
			if p.in != "" {
				kind = "places"
			}
			f := t.fault(WireCount, x.Span(), "`%s` wants a field of %s for `%s`, and none is left", d.name, kind, p.name)
			f.Help = append(f.Help, "the fields are "+quoted(fields))
			return nil, false
		}
		names = append(names, free[at])
		free = slices.Delete(free, at, at+1)
	}
	return names, true
}

// draws reports whether a box, or one inside, draws anew in each step.
func draws(b *diagram.Box) bool {
	if op, ok := b.Op.(diagram.Random); ok {
		return !op.Fixed
	}
	return slices.ContainsFunc(diagram.Bodies(b.Op), func(d *diagram.Diagram) bool { return slices.ContainsFunc(d.Boxes, draws) })
}

func hasWeights(b *diagram.Box) bool {
	found := false
	for _, body := range diagram.Bodies(b.Op) {
		weightsIn(body, "", func(string, *diagram.Weight) { found = true })
	}
	return found
}
