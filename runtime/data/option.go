package data

import (
	"maps"
	"slices"
	"strings"

	"ncd/runtime/fault"
)

// checkOptions holds that the request has one path and only options that its
// source knows.
func (r Request) checkOptions(known []string) error {
	if len(r.Args) != 1 {
		return fault.New(fault.BadOption, "", "data source `%s` takes one path, it is given %d", r.Source, len(r.Args)).
			Mend(`write %s["PATH"]`, r.Source)
	}
	if _, isText := r.Args[0].(string); !isText {
		return fault.New(fault.BadOption, "", "data source `%s` takes a path, it is given %v", r.Source, r.Args[0]).
			Mend(`write %s["PATH"]`, r.Source)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Named)) {
		if slices.Contains(known, name) {
			continue
		}
		f := fault.New(fault.BadOption, "", "data source `%s` has no option `%s`; it has %s", r.Source, name, enumerate(known))
		if near := fault.Nearest(name, known); near != "" {
			f.Mend("write `%s`", near)
		}
		return f
	}
	return nil
}

func enumerate(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// path is what the source is to read.
func (r Request) path() string { return r.Args[0].(string) }

// option is the value of a named option, or otherwise where it is not given.
func option[T any](r Request, name string, otherwise T) (T, error) {
	given, found := r.Named[name]
	if !found {
		return otherwise, nil
	}
	value, fits := given.(T)
	if !fits {
		return value, fault.New(fault.BadOption, "", "option `%s` of `%s` is %v; it is to be like %v", name, r.Source, given, otherwise)
	}
	return value, nil
}
