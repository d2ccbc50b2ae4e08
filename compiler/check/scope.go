package check

import (
	"maps"
	"slices"

	"ncd/grammar/source"
)

// scope is what names stand for, inside out.
type scope struct {
	outer *scope
	names map[string]*binding
	order []*binding
}

// binding is one meaning of a name.
type binding struct {
	name   string
	value  value
	span   source.Span
	isUsed bool
	isPort bool
}

func newScope(outer *scope) *scope {
	return &scope{outer: outer, names: map[string]*binding{}}
}

// define gives a name a meaning from here on.
func (s *scope) define(name string, v value, span source.Span) *binding {
	b := &binding{name: name, value: v, span: span}
	s.names[name] = b
	s.order = append(s.order, b)
	return b
}

// look finds what a name stands for, without using it.
func (s *scope) look(name string) *binding {
	for at := s; at != nil; at = at.outer {
		if b := at.names[name]; b != nil {
			return b
		}
	}
	return nil
}

// use finds what a name stands for.
func (s *scope) use(name string) *binding {
	b := s.look(name)
	if b != nil {
		b.isUsed = true
	}
	return b
}

// all lists the names that are known, sorted.
func (s *scope) all() []string {
	names := map[string]bool{}
	for at := s; at != nil; at = at.outer {
		for name := range at.names {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
