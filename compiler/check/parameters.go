package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// override puts values that are set from outside in the place of what the brackets
// say.
func (r *reader) override(b *brackets, s *signature, set map[string]grammar.Expr) bool {
	for _, p := range s.params {
		if x, isSet := set[p.name]; isSet && !p.isAxes() && !r.set(b, p, x) {
			return false
		}
	}
	return true
}

// complete gives parameters that the brackets do not say.
func (b *brackets) complete(known map[string]value) {
	for name, v := range known {
		if _, said := b.values[name]; !said {
			b.values[name] = v
		}
	}
}

// given defines the parameters that the brackets say, and the axes behind arrows.
func (k *call) given() bool {
	for _, p := range k.sign.params {
		if p.isAxes() {
			if !k.holdCount(p) || !k.givenAxes(p) {
				return false
			}
			continue
		}
		if v, ok := k.words.values[p.name]; ok {
			k.inner.defineParameter(p, v, k.words.spans[p.name])
		}
	}
	return true
}

// defineParameter defines a parameter in the body. A box that is written in the
// brackets gets the parameter's name, and all its uses in the body the same weights.
func (e *elaborator) defineParameter(p *parameter, v value, span source.Span) {
	if f, ok := v.(box); ok {
		c, isPlain := f.(*configured)
		if _, isBound := f.(*bound); !isBound && !(isPlain && c.plain) {
			v = e.bind(p.name, f)
		}
	}
	e.scope.define(p.name, v, span).isUsed = true
}

// givenAxes makes groups of the axes behind an arrow, which no port brings.
func (k *call) givenAxes(p *parameter) bool {
	words := k.words.to[p.name]
	if len(p.to) == 0 || k.words.axes[p.name] == nil && words == nil {
		return true
	}
	if len(p.to) != 1 || !p.to[0].Many && len(words) != 1 {
		k.fault(BadAxes, k.at.span, "`%s` makes %s, and the brackets say %s", k.decl.name, counted(len(p.to), "axis"), counted(len(words), "axis"))
		return false
	}
	group := shape.Shape{}
	for _, word := range words {
		axis, _, ok := k.reader.sized(word)
		if !ok {
			return false
		}
		label := k.hygienic(axis.Label)
		k.outside[label] = axis.Label
		group = append(group, shape.Axis{Label: label, Size: axis.Size})
	}
	k.inner.groups[p.to[0].Text] = group
	if !p.to[0].Many {
		k.inner.labels[p.to[0].Text] = labelled{group[0].Size, words[0].span}
		k.outside[p.to[0].Text] = words[0].label
		delete(k.inner.groups, p.to[0].Text)
	}
	return true
}

// holdCount holds that the brackets name as many axes as a list without `..` has.
func (k *call) holdCount(p *parameter) bool {
	words, said := k.words.axes[p.name]
	if _, isRenamed := k.words.renames[p.name]; p.isOne && !said && !isRenamed {
		d := k.fault(ParameterMissing, k.at.span, "`%s` must say which axis is its `%s`", k.decl.name, p.name)
		d.Help = append(d.Help, "it is written "+usage(k.decl.name, k.sign))
		return false
	}
	hasMany := slices.ContainsFunc(p.from, func(n *grammar.Name) bool { return n.Many })
	if !said || hasMany || len(words) == len(p.from) {
		return true
	}
	d := k.fault(BadAxes, k.at.span, "`%s` wants %s here, and the brackets name %s", k.decl.name, counted(len(p.from), "axis"), counted(len(words), "axis"))
	d.Help = append(d.Help, "it is written "+usage(k.decl.name, k.sign))
	return false
}

// hygienic is a label of the caller as it stands in the body, where the
// declaration may mean something else by the same word.
func (k *call) hygienic(label string) string {
	for k.decl.usesLabel(label) {
		label += "'"
	}
	return label
}

// usesLabel reports whether a declaration itself names an axis so.
func (d *declared) usesLabel(label string) bool {
	if d.ownLabels == nil {
		d.ownLabels = map[string]bool{}
		grammar.Walk(d.diagram, func(n grammar.Node) bool {
			if item, ok := n.(*grammar.Item); ok && item.Name() != nil && !item.Name().Many {
				d.ownLabels[item.Name().Text] = true
			}
			return true
		})
	}
	return d.ownLabels[label]
}

// presets defines the parameters that are not given by their defaults, which may
// use earlier ones and the ports' axes.
func (e *elaborator) presets(s *signature, words *brackets, span source.Span) bool {
	for _, p := range s.params {
		if p.isAxes() || e.scope.names[p.name] != nil {
			continue
		}
		v, ok := e.preset(p, words, span)
		if !ok {
			return false
		}
		e.defineParameter(p, v, p.span)
	}
	return true
}

func (e *elaborator) preset(p *parameter, words *brackets, span source.Span) (value, bool) {
	if p.preset != nil {
		v := e.reader().argument(p, p.preset)
		return v, !isPoisoned(v)
	}
	if axis, ok := e.labels[p.name]; ok {
		return sizeOf(axis.size), true
	}
	if words == nil {
		return e.letterOf(p), true
	}
	e.fault(ParameterMissing, span, "parameter `%s` is not given, and has no default", p.name)
	return nil, false
}

// letterOf stands for a parameter of which nothing is known.
func (e *elaborator) letterOf(p *parameter) value {
	switch p.kind {
	case "size":
		return sizeOf(shape.Letter(p.name))
	case "number":
		return numberOf(diagram.OfSize(shape.Letter(p.name)))
	case "string":
		return text("")
	case "bool":
		return flag(false)
	}
	return poison{}
}
