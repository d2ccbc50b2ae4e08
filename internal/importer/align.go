package importer

import (
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// one is the size of an axis that is only there to be broadcast.
var one = shape.Int(1)

// aligned brings values that meet place by place to axes of the same names: counted
// from the last, axes of one size are one axis, and those of one place give way. It
// returns the values, and the axes of what comes of them in the model's order.
func (t *translation) aligned(n *onnx.Node, values ...*value) ([]*value, shape.Shape, error) {
	axes, err := t.meeting(n, values)
	if err != nil {
		return nil, nil, err
	}
	made := make([]*value, len(values))
	for i, v := range values {
		if made[i], err = t.fitted(v, axes); err != nil {
			return nil, nil, err
		}
	}
	return made, axes, nil
}

// meeting is the axes of what comes of values that meet.
func (t *translation) meeting(n *onnx.Node, values []*value) (shape.Shape, error) {
	rank := 0
	for _, v := range values {
		rank = max(rank, v.rank())
	}
	axes := make(shape.Shape, rank)
	for place := range axes {
		chosen, isCounted := shape.Axis{Size: one}, false
		for _, v := range values {
			at := place - rank + v.rank()
			if at < 0 {
				continue
			}
			a := shape.Axis{Size: v.size(at)}
			if !v.isConstant() {
				a.Label = v.axes[at].Label
			}
			switch {
			case a.Size.Equal(chosen.Size):
				if chosen.Label == "" || a.Label == examples || isCounted && a.Label != "" && v.mask == nil {
					chosen.Label, isCounted = a.Label, v.mask != nil
				}
			case chosen.Size.Equal(one) && chosen.Label != examples:
				chosen, isCounted = a, v.mask != nil
			case !a.Size.Equal(one):
				return nil, refuse(n, "sizes %s and %s meet", chosen.Size, a.Size)
			}
		}
		if chosen.Label == "" || axes[:place].Index(chosen.Label) >= 0 {
			chosen.Label = t.fresh(label{"", letter(place)}, axes[:place])
		}
		axes[place] = chosen
	}
	return axes, nil
}

// fitted is a value with the names of the axes that it meets, and without axes of one
// place where those have more.
func (t *translation) fitted(v *value, axes shape.Shape) (*value, error) {
	offset := len(axes) - v.rank()
	if v.isConstant() {
		return t.fittedConstant(v, axes[offset:]), nil
	}
	var renamed [][2]string
	for at := v.rank() - 1; at >= 0; at-- {
		have, want := v.axes[at], axes[offset+at]
		isLess := have.Size.Equal(one) && !want.Size.Equal(one)
		if isLess && have.Label == examples || want.Label == examples && have.Label != examples && !have.Size.Equal(one) || have.Label == examples && want.Label != examples {
			return nil, errExamples
		}
		if isLess || want.Label == examples && have.Label != examples {
			v = t.dropped(v, at)
			axes = slices.Delete(slices.Clone(axes), offset+at, offset+at+1)
			continue
		}
		if have.Label != want.Label {
			renamed = append(renamed, [2]string{have.Label, want.Label})
		}
	}
	return t.renamed(v, renamed), nil
}

// fittedConstant is a constant as a number, or as a learned wire without axes of one
// place.
func (t *translation) fittedConstant(v *value, axes shape.Shape) *value {
	if x, ok := v.scalar(); ok {
		return &value{text: v.data.literal(x), order: true}
	}
	made := &value{isFlow: true, order: true}
	var dims []int
	for i, n := range v.data.dims {
		if n != 1 {
			made.axes, dims = append(made.axes, axes[i]), append(dims, n)
		}
	}
	made.text, made.learned = "learned"+typeText(made), []Weight{v.data.reshaped(dims).weight()}
	return made
}

// dropped takes an axis of one place away.
func (t *translation) dropped(v *value, axis int) *value {
	label := v.axes[axis].Label
	made := then(v, "at["+label+", 0]")
	if before, isNew := strings.CutSuffix(v.text, " >> spread["+label+":1]"); isNew {
		made.text = before
	}
	made.axes, made.mask = slices.Delete(slices.Clone(v.axes), axis, axis+1), v.mask
	return made
}

// renamed gives axes other labels, all at once.
func (t *translation) renamed(v *value, pairs [][2]string) *value {
	for _, p := range pairs {
		if _, isMade := t.origin[p[0]]; !isMade {
			t.agree(p[1], p[0])
		} else if !v.hasLabel(p[1]) {
			t.agree(p[0], p[1])
		}
	}
	for len(pairs) > 0 {
		at := slices.IndexFunc(pairs, func(p [2]string) bool { return v.axes.Index(p[1]) < 0 })
		if at < 0 { // they go round in a ring: one steps aside
			aside := t.label(pairs[0][0])
			v = relabelled(v, pairs[0][0], aside)
			pairs[0][0] = aside
			continue
		}
		v = relabelled(v, pairs[at][0], pairs[at][1])
		pairs = slices.Delete(pairs, at, at+1)
	}
	return v
}

func relabelled(v *value, from, to string) *value {
	made := then(v, "["+from+" -> "+to+"]")
	made.order, made.mask = v.order, v.mask.relabelled(from, to)
	made.axes = slices.Clone(v.axes)
	made.axes[v.axes.Index(from)].Label = to
	return made
}

// operand is a value as it stands beside an operator.
func operand(v *value) string {
	if v.isFlow {
		return "(" + v.text + ")"
	}
	return v.text
}

// met is a value that several make together, their learned wires in the order of the
// text.
func met(text string, axes shape.Shape, of ...*value) *value {
	made := &value{text: text, isFlow: true, axes: axes}
	for _, v := range of {
		made.learned = append(made.learned, v.learned...)
	}
	return made
}

// covering spreads a value over the axes that it lacks, so that two arrays that meet
// share one.
func (t *translation) covering(values []*value, axes shape.Shape) []*value {
	isBare := func(v *value) bool { return len(shown(v.axes)) == 0 }
	sharesNone := func(v *value) bool {
		return !isBare(v) && !slices.ContainsFunc(v.axes, func(a shape.Axis) bool { return a.Label != examples && values[0].hasLabel(a.Label) })
	}
	if isBare(values[0]) || !slices.ContainsFunc(values[1:], sharesNone) {
		return values
	}
	made := slices.Clone(values)
	for _, a := range axes {
		if values[0].axes.Index(a.Label) < 0 && a.Label != examples {
			known := made[0].mask
			made[0] = then(made[0], "spread["+a.String()+"]")
			made[0].axes, made[0].mask = append(slices.Clone(made[0].axes), a), known
		}
	}
	return made
}
