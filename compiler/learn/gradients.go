package learn

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
)

// Gradients gives a diagram further results: the gradient of its first one, which
// must be a scalar, by each input of numbers ("grad/<name>") and by each weight
// ("grad/<path>"), frozen ones too. Where nothing hangs on one its gradient is zeros.
// It errs where the result is no scalar.
func Gradients(d *diagram.Diagram) (*diagram.Diagram, error) {
	flat := rewrite.Normalize(d)
	result := flat.Out[0]
	if len(result.Type.Axes) > 0 || result.Type.IsPlace() {
		return nil, fmt.Errorf("the result of %s is %s: only a scalar has a gradient", d.Name, result.Type)
	}
	wanted := movable(flat)
	one := diagram.NewBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, []*diagram.Wire{diagram.NewWire("")})
	one.Pass = diagram.Backward
	sent := grad.Backward(flat, map[*diagram.Wire]*diagram.Wire{result: flat.Add(one)}, wanted)
	if refused := grad.Refused(flat); len(refused) > 0 {
		return nil, fmt.Errorf("opaque box %s has no derivative", boxPath(refused[0]))
	}
	flat.Out = append([]*diagram.Wire{}, flat.Out...)
	for _, w := range wanted {
		flat.Out = append(flat.Out, named(flat, w, sent[w]))
	}
	makeAgain(flat)
	return rewrite.Finish(flat), nil
}

// Backward is the flat form of a diagram with its derivative behind it, as figures
// show it: what comes back to each result of numbers is one more input, g, and what
// goes back to each input of numbers and each weight one more result, `grad/` and
// its name. Wires that nothing reaches are left out. It errs with a LettersError.
func Backward(d *diagram.Diagram) (*diagram.Diagram, error) {
	flat := rewrite.Normalize(d)
	if letters := lettersOfTurns(flat); len(letters) > 0 {
		return nil, LettersError{letters}
	}
	wanted := movable(flat)
	seeds := map[*diagram.Wire]*diagram.Wire{}
	for _, w := range flat.Out {
		if !w.Type.IsPlace() {
			seeds[w] = &diagram.Wire{Name: "g", Type: w.Type, Span: w.Span}
			flat.In = append(flat.In, seeds[w])
		}
	}
	sent := grad.Backward(flat, seeds, wanted)
	flat.Out = append([]*diagram.Wire{}, flat.Out...)
	for _, w := range wanted {
		if sent[w] != nil {
			flat.Out = append(flat.Out, handedBack(flat, w, sent[w]))
		}
	}
	return rewrite.RemoveDead(rewrite.OpenLenses(flat)), nil
}

// LettersError is the error of a derivative through an iteration whose number of turns
// hangs on letters: it is followed back turn by turn.
type LettersError struct {
	Letters []string
}

func (e LettersError) Error() string {
	return "the number of turns hangs on " + strings.Join(e.Letters, ", ")
}

// lettersOfTurns are the letters that the iterations left in a flat diagram wait for.
func lettersOfTurns(flat *diagram.Diagram) []string {
	var letters []string
	for _, b := range flat.Boxes {
		switch op := b.Op.(type) {
		case diagram.Repeat:
			letters = slices.Concat(letters, op.From.Letters(), op.To.Letters())
		case diagram.Scan:
			letters = append(letters, b.Weave.Own[0].Size.Letters()...)
		}
	}
	slices.Sort(letters)
	return slices.Compact(letters)
}

// handedBack is the result that goes back to a wire: what is sent to it, under a name
// of its own, as what is sent may be sent elsewhere too.
func handedBack(d *diagram.Diagram, w, sent *diagram.Wire) *diagram.Wire {
	axes := distinct(sent.Type.Axes)
	out := &diagram.Wire{Name: "grad/" + w.Name, Type: sent.Type, Span: w.Span}
	b := &diagram.Box{Op: diagram.View{Name: "rename"}, In: []*diagram.Wire{sent}, Out: []*diagram.Wire{out}, Pass: diagram.Backward, Span: w.Span}
	b.Weave.Degree = axes
	maps := b.Weave.Indices(axes)
	b.Weave.In, b.Weave.Out = [][]diagram.Affine{maps}, [][]diagram.Affine{maps}
	return d.Add(b)
}

// movable are the wires that a gradient may be asked for: inputs of numbers, then
// weights.
func movable(flat *diagram.Diagram) []*diagram.Wire {
	var wires []*diagram.Wire
	for _, w := range flat.In {
		if !w.Type.IsPlace() {
			wires = append(wires, w)
		}
	}
	for _, b := range flat.Boxes {
		if _, ok := b.Op.(diagram.Learned); ok {
			wires = append(wires, b.Out[0])
		}
	}
	return wires
}

// named is the result that a gradient becomes: a wire of its own, as one wire may be
// the gradient of several.
func named(d *diagram.Diagram, w, gradient *diagram.Wire) *diagram.Wire {
	axes := distinct(w.Type.Axes)
	out := &diagram.Wire{Name: "grad/" + w.Name, Type: shape.Type{Axes: w.Type.Axes}, Span: w.Span}
	b := &diagram.Box{Out: []*diagram.Wire{out}, Weave: diagram.Weave{Degree: axes}, Path: strings.Split(w.Name, "."), Pass: diagram.Backward, Span: w.Span}
	maps := b.Weave.Indices(axes)
	b.Weave.Out = [][]diagram.Affine{maps}
	if gradient == nil {
		b.Op = diagram.Constant{}
	} else {
		b.Op, b.In, b.Weave.In = diagram.Contract{}, []*diagram.Wire{gradient}, [][]diagram.Affine{maps}
	}
	return d.Add(b)
}
