package check

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// portLetters settles the axes of the ports: at a letter of their own, where
// neither a parameter nor the file nor the caller says a size. A size that stands
// behind the name in a port waits for the parameters.
func (e *elaborator) portLetters(d *declared, with alone) {
	for _, p := range d.signature.params {
		e.letterGroups(p)
	}
	all := slices.Concat(d.signature.ports, d.signature.states)
	for _, p := range all {
		for i, spec := range p.axes {
			switch {
			case spec.many:
				e.letterGroup(p, spec, i, with)
			case spec.size == nil:
				e.letter(d.signature, spec.name, spec.span, with)
			}
		}
		if p.in != "" && e.groups[p.in] == nil {
			e.letter(d.signature, p.in, p.span, with)
		}
	}
	for _, p := range all {
		for _, spec := range p.axes {
			if _, known := e.labels[spec.name]; !known && !spec.many {
				e.labels[spec.name] = labelled{e.job.unifier.Open(spec.name), spec.span}
			}
		}
	}
}

// sizedLetters settles the axes that waited.
func (e *elaborator) sizedLetters(d *declared) bool {
	for _, p := range slices.Concat(d.signature.ports, d.signature.states) {
		for _, spec := range p.axes {
			waits := e.labels[spec.name].size.IsOpen()
			if spec.many || spec.size == nil || !waits {
				continue
			}
			said, ok := e.sizeAt(spec.size)
			if !ok {
				return false
			}
			e.job.unifier.Unify(e.labels[spec.name].size, said)
		}
	}
	return true
}

// letterGroups gives lists of axes that no port brings one axis each.
func (e *elaborator) letterGroups(p *parameter) {
	for _, name := range slices.Concat(p.from, p.to) {
		if name.Many {
			e.standFor(name.Text)
		} else if p.isAxes() {
			e.labels[name.Text] = labelled{shape.Letter(name.Text), p.span}
		}
	}
}

// standFor lets one axis stand for all of a `p..`.
func (e *elaborator) standFor(group string) {
	e.groups[group] = shape.Shape{{Label: group, Size: shape.Letter(group)}}
	e.d.Groups = append(e.d.Groups, group)
}

// letter settles one axis of the ports.
func (e *elaborator) letter(s *signature, name string, span source.Span, with alone) {
	if _, known := e.labels[name]; known {
		return
	}
	if unprimed := strings.TrimRight(name, "'"); unprimed != name {
		e.letter(s, unprimed, span, with)
		e.labels[name] = labelled{e.labels[unprimed].size, span}
		return
	}
	if said := s.said(name); said != nil && !e.isSettled(s, name, with) {
		e.labels[name] = labelled{e.job.unifier.Open(name), said.span}
		return
	}
	size, from := e.letterSize(s, name, with)
	if from.IsZero() {
		from = span
	}
	e.labels[name] = labelled{size, from}
}

// isSettled reports whether the caller, a parameter or the file sizes an axis of the
// ports.
func (e *elaborator) isSettled(s *signature, name string, with alone) bool {
	_, isHanded := with.sizes[name]
	_, isSet := with.set[name]
	_, isDeclared := e.declaredAxis(name)
	return isHanded || isSet || isDeclared || s.parameter(name) != nil
}

// letterSize is the size of an axis of the ports, and where it is said.
func (e *elaborator) letterSize(s *signature, name string, with alone) (shape.Size, source.Span) {
	if n, isSaid := with.sizes[name]; isSaid {
		return shape.Int(n), source.Span{}
	}
	if x, isSet := with.set[name]; isSet && s.parameter(name) == nil {
		if said, ok := e.sizeAt(x); ok {
			return said, x.Span()
		}
	}
	if b := e.scope.look(name); b != nil {
		if v, ok := b.value.(static); ok && v.isSize {
			return v.size, b.span
		}
	}
	if p := s.parameter(name); p != nil && p.preset != nil && p.kind == "size" {
		if said, ok := e.sizeAt(p.preset); ok {
			return said, p.span
		}
	}
	if axis, ok := e.declaredAxis(name); ok {
		return axis.size, axis.origin
	}
	return shape.Letter(name), source.Span{}
}

// letterGroup settles `p..` of a port: one axis of that name, or as many as the
// arrays have that are handed in.
func (e *elaborator) letterGroup(p *port, spec *axisSpec, i int, with alone) {
	if sizes, ok := with.ports[p.name]; ok && e.groups[spec.name] == nil || ok && len(with.ports) > 0 {
		n := len(sizes) - len(p.axes) + 1
		group := shape.Shape{}
		for j := range max(n, 0) {
			label := spec.name
			if n > 1 {
				label += strconv.Itoa(j + 1)
			}
			group = append(group, shape.Axis{Label: label, Size: shape.Int(sizes[i+j])})
		}
		e.groups[spec.name] = group
	} else if e.groups[spec.name] == nil {
		e.standFor(spec.name)
	}
	for _, a := range e.groups[spec.name] {
		e.labels[a.Label] = labelled{a.Size, spec.span}
	}
}

// portSpecs are a port's axes, at the size of its array where one is handed in.
func (e *elaborator) portSpecs(p *port, with alone) []*axisSpec {
	if _, isHanded := with.ports[p.name]; !isHanded {
		return p.axes
	}
	return bare(p.axes)
}

// holdPort holds the sizes of an array that is handed in against the port's.
func (e *elaborator) holdPort(p *port, axes shape.Shape, with alone) bool {
	sizes, isHanded := with.ports[p.name]
	if !isHanded {
		return true
	}
	if len(sizes) != len(axes) {
		e.fault(IndexCount, p.span, "port `%s` has %s %s, and the array handed in has %s", p.name, counted(len(axes), "axis"), axes, counted(len(sizes), "axis"))
		return false
	}
	for i, n := range sizes {
		if !e.job.unifier.Unify(axes[i].Size, shape.Int(n)) {
			e.sizeFault(axes[i].Label, shape.Int(n), axes[i].Size, p.span, source.Span{}, e.labels[axes[i].Label].origin)
			return false
		}
	}
	return true
}
