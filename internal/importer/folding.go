package importer

import (
	"fmt"
	"slices"
	"strings"
)

// withBias is what a flow would be if its last box had a bias of its own, over axes of
// these labels.
type withBias struct {
	text string
	over []string
}

// biasedBy gives the last box of a flow its bias.
func biasedBy(v *value, bias Weight) *value {
	made := *v
	made.text, made.biased, made.order = v.biased.text, nil, v.order
	made.learned = append(slices.Clone(v.learned), bias)
	return &made
}

// placewise is a flow behind which each number is multiplied and moved by numbers of its
// place: one gain and one bias, however many the model has.
type placewise struct {
	before     *value
	over       []string
	dims       []int
	gain, bias []float64 // nil: none
}

// changed multiplies (sign * or /) or moves (+ or -) a value by numbers along axes.
func changed(v *value, sign string, over []string, by *array) *value {
	if v.biased != nil && sign == "+" && slices.Equal(v.biased.over, over) {
		return biasedBy(v, by.weight())
	}
	p := &placewise{before: v, over: over, dims: by.dims}
	if v.placewise != nil && v.isFlow && slices.Equal(v.placewise.over, over) {
		p.before, p.gain, p.bias = v.placewise.before, v.placewise.gain, v.placewise.bias
	}
	switch sign {
	case "+":
		p.bias = combined(p.bias, by.values, 0, func(x, y float64) float64 { return x + y })
	case "-":
		p.bias = combined(p.bias, by.values, 0, func(x, y float64) float64 { return x - y })
	default:
		f := func(x, y float64) float64 { return x * y }
		if sign == "/" {
			f = func(x, y float64) float64 { return x / y }
		}
		p.gain = combined(p.gain, by.values, 1, f)
		if p.bias != nil {
			p.bias = combined(p.bias, by.values, 1, f)
		}
	}
	return p.written()
}

func combined(have, by []float64, otherwise float64, f func(x, y float64) float64) []float64 {
	made := make([]float64, len(by))
	for i, y := range by {
		x := otherwise
		if have != nil {
			x = have[i]
		}
		made[i] = f(x, y)
	}
	return made
}

// written is the flow with a gain and a bias; behind what is standardised over the same
// axes they are a layer normalisation.
func (p *placewise) written() *value {
	made := p.before
	norm := made.norm
	if p.gain != nil {
		made = then(made, "gain"+bracket(p.over...), (&array{dims: p.dims, values: p.gain}).weight())
	}
	if p.bias != nil {
		made = then(made, "bias"+bracket(p.over...), (&array{dims: p.dims, values: p.bias}).weight())
	}
	if norm != "" && p.gain != nil && p.bias != nil && slices.Equal(p.before.axes[len(p.before.axes)-len(p.over):].Labels(), p.over) && strings.HasSuffix(p.before.text, "standardize"+norm) && strings.HasPrefix(norm[1:], strings.Join(p.over, " ")) {
		made.text = strings.TrimSuffix(p.before.text, "standardize"+norm) + "layernorm" + norm
	}
	made.order, made.placewise = p.before.order, p
	return made
}

// turns is a flow that ends with a diagram behind itself, some times over.
type turns struct {
	before, name string
	count        int
}

// again writes a diagram behind a value: once more where the value ends with it already.
func (v *value) again(before *value, name string) {
	v.turns = &turns{before.text, name, 1}
	if b := before.turns; b != nil && before.isFlow && b.name == name {
		v.turns = &turns{b.before, name, b.count + 1}
		v.text = fmt.Sprintf("%s >> %s^%d", b.before, name, b.count+1)
	}
}
