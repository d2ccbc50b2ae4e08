package data

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"ncd/runtime/fault"
)

// Option is a named option of a source.
type Option struct {
	Name    string
	Kind    Kind
	Default any      // a value of its kind, or nil where the data decide
	Choices []string // of a Text: the only values, or nil
	Doc     string
}

// Kind is which values an option takes.
type Kind int

const (
	Truth      Kind = iota // true or false
	Text                   // a text
	Number                 // a number
	Part                   // a number from 0 to below 1
	Count                  // a whole number from 1
	Seed                   // a whole number from 0
	ColumnName             // the name or the number from 1 of a column
)

// largestCount is the greatest whole number that an option may be.
const largestCount = 1 << 31

// String says what the kind takes, to follow "it is".
func (k Kind) String() string {
	return [...]string{
		Truth: "true or false", Text: "a text", Number: "a number", Part: "a part, from 0 to below 1",
		Count: "a whole number from 1", Seed: "a whole number from 0", ColumnName: "the name of a column or its number from 1",
	}[k]
}

// holds reports whether a value is of the kind.
func (k Kind) holds(value any) bool {
	number, isNumber := value.(float64)
	whole := isNumber && number == math.Trunc(number) && number <= largestCount
	switch k {
	case Truth:
		_, is := value.(bool)
		return is
	case Text:
		_, is := value.(string)
		return is
	case Number:
		return isNumber && !math.IsNaN(number) && !math.IsInf(number, 0)
	case Part:
		return isNumber && number >= 0 && number < 1
	case Count:
		return whole && number >= 1
	case Seed:
		return whole && number >= 0
	}
	_, isText := value.(string)
	return isText || isNumber
}

// resolve holds that the request gives what its source takes, and fills in the
// options that it does not give.
func (r Request) resolve(s Source) (Request, error) {
	if err := r.checkPath(s); err != nil {
		return r, err
	}
	if err := r.checkOptions(s.Options); err != nil {
		return r, err
	}
	all := maps.Clone(r.Named)
	if all == nil {
		all = map[string]any{}
	}
	for _, o := range s.Options {
		if _, given := all[o.Name]; !given && o.Default != nil {
			all[o.Name] = o.Default
		}
	}
	r.Named = all
	return r, nil
}

// checkPath holds that there is one path, or none for a source that reads no file.
func (r Request) checkPath(s Source) error {
	if s.Path == "" {
		if len(r.Args) > 0 {
			return fault.New(fault.BadOption, "", "data source `%s` reads no file, it is given %v", r.Source, r.Args[0]).
				Mend("name its options, as in %s", s.Example)
		}
		return nil
	}
	if len(r.Args) != 1 {
		return fault.New(fault.BadOption, "", "data source `%s` takes one path, it is given %d", r.Source, len(r.Args)).
			Mend(`write %s["PATH"]`, r.Source)
	}
	if path, isText := r.Args[0].(string); !isText || path == "" {
		return fault.New(fault.BadOption, "", "data source `%s` takes a path, it is given %#v", r.Source, r.Args[0]).
			Mend(`write %s["PATH"]`, r.Source)
	}
	return nil
}

func (r Request) checkOptions(known []Option) error {
	names := make([]string, len(known))
	for i, o := range known {
		names[i] = o.Name
	}
	for _, name := range slices.Sorted(maps.Keys(r.Named)) {
		at := slices.Index(names, name)
		if at < 0 {
			return fault.New(fault.BadOption, "", "data source `%s` has no option `%s`; it has %s", r.Source, name, enumerate(names)).
				MendNearest("write `%s`", name, names)
		}
		if err := r.checkOption(known[at]); err != nil {
			return err
		}
	}
	return nil
}

func (r Request) checkOption(o Option) error {
	value := r.Named[o.Name]
	if !o.Kind.holds(value) {
		return r.refuse(o.Name, "it is %v", o.Kind)
	}
	if o.Choices != nil && !slices.Contains(o.Choices, value.(string)) {
		return r.refuse(o.Name, "it is one of %s", enumerate(o.Choices))
	}
	return nil
}

// refuse is the fault of an option whose value is impossible.
func (r Request) refuse(option, format string, args ...any) *fault.Fault {
	return fault.New(fault.BadOption, "", "option `%s` of `%s` is %v; %s", option, r.Source, r.Named[option], fmt.Sprintf(format, args...))
}

func enumerate(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// path is what the source is to read; of one that reads no file, its name.
func (r Request) path() string {
	if len(r.Args) == 0 {
		return r.Source
	}
	return r.Args[0].(string)
}

// The values of options, once they are resolved: zero where the data decide.

func (r Request) truth(option string) bool {
	value, _ := r.Named[option].(bool)
	return value
}

func (r Request) text(option string) string {
	value, _ := r.Named[option].(string)
	return value
}

func (r Request) number(option string) float64 {
	value, _ := r.Named[option].(float64)
	return value
}

func (r Request) whole(option string) int { return int(r.number(option)) }

// field is what the program calls a field of the source: the one of its name, or,
// where the program names fields by place, the one at that place. ok is false
// where the program leaves the field out.
func (r Request) field(name string, at int) (f Field, ok bool) {
	if i := slices.IndexFunc(r.Fields, func(f Field) bool { return f.Name == name }); i >= 0 {
		return r.Fields[i], true
	}
	if at < len(r.Fields) {
		return r.Fields[at], true
	}
	return Field{}, false
}
