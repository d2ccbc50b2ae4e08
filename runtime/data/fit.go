package data

import (
	"slices"

	"ncd/runtime/fault"
)

// fit gives the columns of a source the names and axes of a request, and holds
// them against its sizes.
func fit(s *Splits, r Request) error {
	fields := r.Fields
	s.sharePlaces()
	for _, set := range s.sets() {
		columns, err := choose(set, fields, r)
		if err != nil {
			return err
		}
		for i, f := range fields {
			if columns[i].Field, err = fitField(f, columns[i], r); err != nil {
				return err
			}
		}
		set.Columns = columns
		if err := checkSharedAxes(set.Fields(), r); err != nil {
			return err
		}
		fields = set.Fields() // the other sets have the sizes of the training set
	}
	return nil
}

// sharePlaces counts the places that only one of the sets has in all of them.
func (s *Splits) sharePlaces() {
	for i := range s.Train.Columns {
		most := 0
		for _, set := range s.sets() {
			most = max(most, set.Columns[i].Places)
		}
		for _, set := range s.sets() {
			set.Columns[i].Places = most
		}
	}
}

// choose finds the column of each field: by name if the source has all the names,
// else in the source's order.
func choose(set *Set, fields []Field, r Request) ([]Column, error) {
	if len(fields) == 0 || len(fields) > len(set.Columns) {
		return nil, fault.New(fault.BadData, r.path(), "the program takes %d fields, `%s` gives %s", len(fields), r.Source, list(set.Fields()))
	}
	columns := make([]Column, len(fields))
	for i, f := range fields {
		at := slices.IndexFunc(set.Columns, func(c Column) bool { return c.Name == f.Name })
		if at < 0 {
			return slices.Clone(set.Columns[:len(fields)]), nil
		}
		columns[i] = set.Columns[at]
	}
	return columns, nil
}

func list(fields []Field) string {
	text := ""
	for i, f := range fields {
		if i > 0 {
			text += ", "
		}
		text += f.String()
	}
	return text
}

// fitField is a column's field with the names and axes that the program gives it.
func fitField(wanted Field, c Column, r Request) (Field, error) {
	refuse := func(format string, args ...any) (Field, error) {
		return Field{}, fault.New(fault.BadData, r.path(), "`%s` gives %s; "+format, append([]any{r.Source, c.Field}, args...)...)
	}
	found := Field{Name: wanted.Name, Axes: wanted.Axes, Dims: c.Dims, IsPlaces: c.IsPlaces, Places: c.Places}
	switch {
	case wanted.IsPlaces && !c.IsPlaces:
		return refuse("the program takes `%s` as a place along an axis", wanted.Name)
	case !wanted.IsPlaces && c.IsPlaces:
		return refuse("the program takes `%s` as numbers; write `%s in AXIS`", wanted.Name, wanted.Name)
	case len(wanted.Axes) != len(c.Dims):
		return refuse("the program takes `%s` with %d axes, the data have %d", wanted.Name, len(wanted.Axes), len(c.Dims))
	}
	for i, d := range wanted.Dims {
		if d > 0 && d != c.Dims[i] {
			return refuse("the program says that axis `%s` is %d, in the data it is %d", wanted.Axes[i], d, c.Dims[i])
		}
	}
	if wanted.Places > 0 {
		found.Places = wanted.Places
		if c.Places > wanted.Places {
			return refuse("the program says `%s in %d`, whose last place is %d", wanted.Name, wanted.Places, wanted.Places-1)
		}
	}
	return found, nil
}

// checkSharedAxes holds that an axis which two fields have is as large in both.
func checkSharedAxes(fields []Field, r Request) error {
	type use struct {
		field string
		size  int
	}
	seen := map[string]use{}
	for _, f := range fields {
		for i, axis := range f.Axes {
			if other, found := seen[axis]; found && other.size != f.Dims[i] {
				return fault.New(fault.BadData, r.path(), "axis `%s` is %d in `%s` and %d in `%s`", axis, other.size, other.field, f.Dims[i], f.Name).
					Mend("give one of them another name")
			}
			seen[axis] = use{f.Name, f.Dims[i]}
		}
	}
	return nil
}
