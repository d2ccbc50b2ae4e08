package data

import (
	"testing"

	"ncd/runtime/fault"
)

func TestFieldsOfARequest(t *testing.T) {
	at := Lookup{Under: files(t, small(t))}
	pixels := func(name string, row int) Field {
		return Field{Name: name, Axes: []string{"y", "x"}, Dims: []int{row, 0}}
	}
	for _, c := range []struct {
		name   string
		fields []Field
		want   string
	}{
		{"by place under other names", []Field{pixels("a", 0), {Name: "b", IsPlaces: true}}, "a[y:2 x:2], b in 3"},
		{"by name in another order", []Field{{Name: "label", IsPlaces: true}, pixels("image", 2)}, "label in 3, image[y:2 x:2]"},
		{"the first alone", []Field{pixels("a", 0)}, "a[y:2 x:2]"},
		{"one by name", []Field{{Name: "label", IsPlaces: true}}, "label in 3"},
		{"more places than there are labels", []Field{pixels("a", 0), {Name: "b", IsPlaces: true, Places: 10}}, "a[y:2 x:2], b in 10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := mnist("set")
			r.Fields = c.fields
			got, err := Open(r, at)
			if err != nil {
				t.Fatal(err)
			}
			if text := list(got.Test.Fields()); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
		})
	}
}

func TestFieldsThatDoNotFit(t *testing.T) {
	at := Lookup{Under: files(t, small(t))}
	label := Field{Name: "label", IsPlaces: true}
	for _, c := range []struct {
		name   string
		fields []Field
		want   string
	}{
		{"another size", []Field{{Name: "a", Axes: []string{"y", "x"}, Dims: []int{28, 0}}, label}, "`mnist` gives image[row:2 col:2]; the program says that axis `y` is 28, in the data it is 2"},
		{"another number of axes", []Field{{Name: "a", Axes: []string{"pixel"}, Dims: []int{0}}, label}, "takes `a` with 1 axes, the data have 2"},
		{"numbers for places", []Field{{Name: "a", IsPlaces: true}, {Name: "b", IsPlaces: true}}, "takes `a` as a place"},
		{"places for numbers", append(digitFields()[:1], Field{Name: "b"}), "takes `b` as numbers"},
		{"too few places", append(digitFields()[:1], Field{Name: "b", IsPlaces: true, Places: 2}), "`mnist` gives label in 3; the program says `b in 2`, whose last place is 1"},
		{"too many fields", append(digitFields(), label), "takes 3 fields, `mnist` gives image[row:2 col:2], label in 3"},
		{"no fields", nil, "takes 0 fields"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := mnist("set")
			r.Fields = c.fields
			_, err := Open(r, at)
			wantFault(t, err, fault.BadData, c.want)
		})
	}
}

func TestOneAxisHasOneSize(t *testing.T) {
	fields := []Field{{Name: "a", Axes: []string{"x"}, Dims: []int{2}}, {Name: "b", Axes: []string{"x"}, Dims: []int{3}}}
	err := checkSharedAxes(fields, mnist("set"))
	wantFault(t, err, fault.BadData, "axis `x` is 2 in `a` and 3 in `b`")
}

func TestRequestsThatNoSourceTakes(t *testing.T) {
	for _, c := range []struct {
		name string
		r    Request
		code fault.Code
		want string
	}{
		{"unknown source", Request{Source: "minst", Args: []any{"x"}}, fault.UnknownSource, "there is no data source `minst`; there are characters, cifar, csv, "},
		{"no path", Request{Source: "mnist"}, fault.BadOption, "takes one path, it is given 0"},
		{"a number for a path", Request{Source: "mnist", Args: []any{3.0}}, fault.BadOption, "takes a path, it is given 3"},
		{"unknown option", Request{Source: "mnist", Args: []any{"x"}, Named: map[string]any{"test": 0.2}}, fault.BadOption, "has no option `test`; it has first, validation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(c.r, Lookup{})
			wantFault(t, err, c.code, c.want)
		})
	}
}
