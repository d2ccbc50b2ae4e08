package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// term is an expression whose axes are indices of a box's index space.
type term struct {
	value
	axes []int // an index may be there twice: the diagonal
}

// tight is the text of a value, so that [ or . may follow.
func (v value) tight() string {
	if v.isTight {
		return v.text
	}
	return "(" + v.text + ")"
}

// read is an input of a box by the indices of its space.
func (l *Lines) read(b *diagram.Box, port int) term {
	return l.gathered(l.values[b.In[port]], b.Weave, b.Weave.In[port], b.In[port].Type.Axes)
}

// gathered reads an array along the affine maps of a port.
func (l *Lines) gathered(v value, weave diagram.Weave, port []diagram.Affine, axes shape.Shape) term {
	t := term{value: v}
	if text := subscripts(weave, port, axes); text != "" {
		t.value = value{text: v.tight() + "[" + l.ellipsis(v) + text + "]", isLifted: v.isLifted, isTight: true}
	}
	for k := len(port) - 1; k >= 0; k-- {
		terms := slices.Clone(port[k].Terms)
		axis := -1 - len(t.axes)
		indices := make([]int, len(terms))
		for i, x := range terms {
			indices[i] = x.Index
		}
		switch {
		case len(terms) == 1 && terms[0].Stride.MustInt() < 0:
			t.value = l.called("flip", t.value, fmt.Sprintf("(%d,)", axis))
		case len(terms) > 1 && isMixedRadix(weave, port[k], axes[k]):
			indices = byStride(terms)
			t.value = l.called("unflatten", t.value, fmt.Sprintf("%d, (%s)", axis, l.sizesOf(weave, indices)))
		case len(terms) > 1:
			t.value = l.called("window", t.value, fmt.Sprintf("%d, %d%s", axis, port[k].Offset.MustInt(), l.steps(weave, terms)))
		}
		t.axes = append(indices, t.axes...)
	}
	return t
}

// ellipsis passes by the axes in front.
func (l *Lines) ellipsis(v value) string {
	if v.isLifted {
		return "..., "
	}
	return ""
}

// subscripts take places and slices of the axes of a port; "" if all are whole.
func subscripts(weave diagram.Weave, port []diagram.Affine, axes shape.Shape) string {
	words, isPlain := make([]string, len(port)), true
	for k, a := range port {
		words[k] = subscript(weave, a, axes[k].Size.MustInt())
		isPlain = isPlain && words[k] == ":"
	}
	if isPlain {
		return ""
	}
	return strings.Join(words, ", ")
}

func subscript(weave diagram.Weave, a diagram.Affine, size int) string {
	first := a.Offset.MustInt()
	switch len(a.Terms) {
	case 0:
		return fmt.Sprint(first)
	case 1:
		n, step := weave.Index(a.Terms[0].Index).Size.MustInt(), a.Terms[0].Stride.MustInt()
		last := first + step*(n-1)
		if step < 0 {
			first, last, step = last, first, -step
		}
		return slice(first, last+1, step, size)
	}
	return ":"
}

// slice writes the places from first on, up to end, in steps.
func slice(first, end, step, size int) string {
	text := ":"
	if first > 0 {
		text = fmt.Sprintf("%d:", first)
	}
	if end+step-1 < size || step == 1 && end < size {
		text += fmt.Sprint(end)
	}
	if step > 1 {
		text += fmt.Sprintf(":%d", step)
	}
	return text
}

// byStride are the indices of terms, the largest stride first.
func byStride(terms []diagram.AffineTerm) []int {
	slices.SortStableFunc(terms, func(t, u diagram.AffineTerm) int { return u.Stride.MustInt() - t.Stride.MustInt() })
	indices := make([]int, len(terms))
	for i, t := range terms {
		indices[i] = t.Index
	}
	return indices
}

// isMixedRadix reports whether the places of an axis are the digits of its indices:
// merged axes, each place once.
func isMixedRadix(weave diagram.Weave, a diagram.Affine, axis shape.Axis) bool {
	terms := slices.Clone(a.Terms)
	indices := byStride(terms)
	stride := 1
	for i := len(terms) - 1; i >= 0; i-- {
		if terms[i].Stride.MustInt() != stride {
			return false
		}
		stride *= weave.Index(indices[i]).Size.MustInt()
	}
	return a.Offset.IsZero() && stride == axis.Size.MustInt()
}

func (l *Lines) sizesOf(weave diagram.Weave, indices []int) string {
	words := make([]string, len(indices))
	for i, index := range indices {
		a := weave.Index(index)
		words[i] = l.size(a.Label, a.Size.MustInt())
	}
	text := strings.Join(words, ", ")
	if len(words) == 1 {
		text += ","
	}
	return text
}

// steps writes size and stride of each term, for window and lay.
func (l *Lines) steps(weave diagram.Weave, terms []diagram.AffineTerm) string {
	var text strings.Builder
	for _, t := range terms {
		a := weave.Index(t.Index)
		fmt.Fprintf(&text, ", (%s, %d)", l.size(a.Label, a.Size.MustInt()), t.Stride.MustInt())
	}
	return text.String()
}

// called is a helper, or a method where the dialect has it, applied to a value.
func (l *Lines) called(name string, v value, args string) value {
	made := value{isLifted: v.isLifted, isTight: true}
	switch {
	case name == "flip":
		made.text = l.Dialect.Module + ".flip(" + v.text + ", " + args + ")"
	case l.Dialect.helpers[name] == "":
		made.text = v.tight() + "." + name + "(" + args + ")"
	default:
		made.text = l.use(name) + "(" + v.text + ", " + args + ")"
	}
	return made
}

// arranged is a term with the indices of an order, where it has them; an axis of size 1
// stands for one that it lacks, unless nothing stands in front.
func (l *Lines) arranged(t term, weave diagram.Weave, order []int) value {
	if t.isNumber {
		return t.value
	}
	var present []int
	for _, index := range order {
		if slices.Contains(t.axes, index) {
			present = append(present, index)
		}
	}
	v := t.value
	if !slices.Equal(present, t.axes) {
		v = l.einsum(weave, []term{t}, present)
	}
	words, hasGap := []string{}, false
	for i, index := range order {
		switch isThere := slices.Contains(present, index); {
		case isThere:
			words = append(words, ":")
		case v.isLifted || slices.ContainsFunc(order[:i], func(j int) bool { return slices.Contains(present, j) }):
			words, hasGap = append(words, "None"), true
		}
	}
	if !hasGap {
		return v
	}
	return value{text: v.tight() + "[" + l.ellipsis(v) + strings.Join(words, ", ") + "]", isLifted: v.isLifted, isTight: true}
}

// einsum multiplies terms and adds up over the indices that the result lacks.
func (l *Lines) einsum(weave diagram.Weave, terms []term, out []int) value {
	letters := newLetters(weave)
	var in, args []string
	made := value{isTight: true}
	for _, t := range terms {
		in, args = append(in, dots(t.isLifted)+letters.of(t.axes)), append(args, t.text)
		made.isLifted = made.isLifted || t.isLifted
	}
	made.text = fmt.Sprintf(`%s.einsum("%s->%s", %s)`, l.Dialect.Module, strings.Join(in, ","), dots(made.isLifted)+letters.of(out), strings.Join(args, ", "))
	return made
}

func dots(isLifted bool) string {
	if isLifted {
		return "..."
	}
	return ""
}

// letters gives each index of a space a letter near to its label.
type letters struct {
	weave diagram.Weave
	given map[int]byte
}

func newLetters(weave diagram.Weave) *letters { return &letters{weave, map[int]byte{}} }

func (s *letters) of(indices []int) string {
	text := make([]byte, len(indices))
	for i, index := range indices {
		if s.given[index] == 0 {
			s.given[index] = s.free(s.weave.Index(index).Label)
		}
		text[i] = s.given[index]
	}
	return string(text)
}

// free is the first letter of the label that is not given yet, or else any one.
func (s *letters) free(label string) byte {
	const all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	wanted := label + strings.ToUpper(label) + all
	for i := range len(wanted) {
		isGiven := false
		for _, c := range s.given {
			isGiven = isGiven || c == wanted[i]
		}
		if !isGiven && strings.IndexByte(all, wanted[i]) >= 0 {
			return wanted[i]
		}
	}
	panic("python: an index space of more than 52 axes")
}
