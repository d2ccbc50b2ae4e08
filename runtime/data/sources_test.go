package data

import (
	"slices"
	"strings"
	"testing"

	"ncd/runtime/fault"
)

// What help shows is complete, and every default is what its option takes.
func TestSourcesAreDescribed(t *testing.T) {
	var names []string
	for _, s := range Sources() {
		names = append(names, s.Name)
		if s.Fields == "" || s.Doc == "" || !strings.Contains(s.Example, "= "+s.Name+"[") {
			t.Errorf("%s lacks fields, a description or an example", s.Name)
		}
		var options []string
		for _, o := range s.Options {
			options = append(options, o.Name)
			if o.Doc == "" || o.Default != nil && !o.Kind.holds(o.Default) {
				t.Errorf("%s, option %s: %q, its default %v is not %v", s.Name, o.Name, o.Doc, o.Default, o.Kind)
			}
			if o.Choices != nil && !slices.Contains(o.Choices, o.Default.(string)) {
				t.Errorf("%s, option %s: %v is none of %v", s.Name, o.Name, o.Default, o.Choices)
			}
		}
		slices.Sort(options)
		if len(slices.Compact(options)) != len(s.Options) {
			t.Errorf("%s has an option twice", s.Name)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("sources are in the order %v", names)
	}
}

func TestNearNamesAreOffered(t *testing.T) {
	for _, c := range []struct {
		r    Request
		mend string
	}{
		{Request{Source: "charaters", Args: []any{"x"}}, "write `characters`"},
		{Request{Source: "characters", Args: []any{"x"}, Named: map[string]any{"contxt": 3.0}}, "write `context`"},
		{Request{Source: "wav", Args: []any{"x"}, Named: map[string]any{"mel": 3.0}}, "write `mels`"},
	} {
		_, err := Open(c.r, Lookup{})
		if f := fault.As(err); f == nil || f.Help != c.mend {
			t.Errorf("%v: got %+v, want the mend %q", c.r, f, c.mend)
		}
	}
}

func TestKindsOfOptions(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		yes, not []any
	}{
		{Truth, []any{true, false}, []any{"true", 1.0, nil}},
		{Text, []any{"", "a"}, []any{1.0, true}},
		{Number, []any{0.0, -2.5}, []any{"1", nan()}},
		{Part, []any{0.0, 0.999}, []any{1.0, -0.1, nan(), "0"}},
		{Count, []any{1.0, 2147483648.0}, []any{0.0, 1.5, 2147483649.0, nan()}},
		{Seed, []any{0.0, 7.0}, []any{-1.0, 0.5}},
		{ColumnName, []any{"a", 3.0}, []any{true}},
	} {
		for _, v := range c.yes {
			if !c.kind.holds(v) {
				t.Errorf("%v: %v is refused", c.kind, v)
			}
		}
		for _, v := range c.not {
			if c.kind.holds(v) {
				t.Errorf("%v: %v is taken", c.kind, v)
			}
		}
	}
}
