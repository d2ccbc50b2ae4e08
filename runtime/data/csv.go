package data

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ncd/runtime/tensor"
)

// readCSV reads a file of comma-separated values, an example a line: the numbers
// of its feature columns as one axis, and its label column, as places if the
// program takes it so, else as a number. Lines are shuffled, always in the same
// way, and the last of them are the test set.
func readCSV(r *reader, req Request) (*Splits, error) {
	separator, width := utf8.DecodeRuneInString(req.text("separator"))
	if width == 0 || width != len(req.text("separator")) || strings.ContainsRune("\"\r\n\uFFFD", separator) {
		return nil, req.refuse("separator", "it is one character")
	}
	file, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	t, err := readTable(r, file, separator, req.truth("header"))
	if err != nil {
		return nil, err
	}
	columns, err := csvColumns(t, req)
	if err != nil {
		return nil, err
	}
	return splitShuffled(&Set{columns}, req.number("test")), nil
}

// csvColumns makes the fields of a table: features, and a label unless the
// program takes one field and names no label.
func csvColumns(t *table, req Request) ([]Column, error) {
	named := req.Named["label"]
	label, hasLabel := t.width()-1, len(req.Fields) > 1 || named != nil
	if named != nil {
		var err error
		if label, err = t.column(named); err != nil {
			return nil, err
		}
	}
	if !hasLabel {
		label = -1
	}
	chosen, err := featureColumns(t, req.text("features"), label)
	if err != nil {
		return nil, err
	}
	values, err := t.numbers(chosen)
	if err != nil {
		return nil, err
	}
	columns := []Column{numbers("features", []string{"feature"}, values, 1)}
	if !hasLabel {
		return columns, nil
	}
	last, err := labelColumn(t, label, takesPlaces(req))
	return append(columns, last), err
}

// takesPlaces reports whether the program takes the label as places.
func takesPlaces(req Request) bool {
	return slices.ContainsFunc(req.Fields, func(f Field) bool { return f.IsPlaces })
}

// featureColumns is the columns that the option lists, or all but the label.
func featureColumns(t *table, listed string, label int) ([]int, error) {
	var chosen []int
	if listed == "" {
		for c := range t.width() {
			if c != label {
				chosen = append(chosen, c)
			}
		}
		return chosen, nil
	}
	for name := range strings.SplitSeq(listed, ",") {
		c, err := t.column(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, c)
	}
	return chosen, nil
}

func labelColumn(t *table, column int, asPlaces bool) (Column, error) {
	if asPlaces {
		values, names, err := t.places(column)
		if err != nil {
			return Column{}, err
		}
		return named("label", nil, values, names), nil
	}
	values, err := t.numbers([]int{column})
	if err != nil {
		return Column{}, err
	}
	flat := tensor.Of(tensor.Elements[float32](values), nil, len(t.rows))
	return numbers("label", nil, flat, 1), nil
}

// inOrder sorts the values as numbers where all of them are, else as text.
func inOrder(values map[string]int32) []string {
	numbers := map[string]float64{}
	for v := range values {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || math.IsNaN(n) {
			return slices.Sorted(maps.Keys(values))
		}
		numbers[v] = n
	}
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(numbers[a], numbers[b]), strings.Compare(a, b))
	})
}
