package data

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// csvOptions is what a csv source is told beside its path.
type csvOptions struct {
	header    bool    // the first line names the columns
	label     any     // name or number from 1 of the column to tell; nil: the last
	features  string  // names or numbers of the columns to tell it from; "": all others
	separator rune    // between columns
	test      float64 // the part of the lines to test on
}

// readCSV reads a file of comma-separated values, an example a line: the numbers
// of its feature columns as one axis, and its label column, as places if the
// program takes it so, else as a number. Lines are shuffled, always in the same
// way, and the last of them, a fifth unless the option says otherwise, are the
// test set.
func readCSV(r *reader, req Request) (*Splits, error) {
	options, err := readCSVOptions(req)
	if err != nil {
		return nil, err
	}
	file, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	t, err := readTable(r, file, options.separator, options.header)
	if err != nil {
		return nil, err
	}
	columns, err := csvColumns(t, options, req)
	if err != nil {
		return nil, err
	}
	return splitShuffled(&Set{columns}, options.test), nil
}

func readCSVOptions(req Request) (o csvOptions, err error) {
	if o.header, err = option(req, "header", true); err != nil {
		return o, err
	}
	o.label = req.Named["label"]
	if o.features, err = option(req, "features", ""); err != nil {
		return o, err
	}
	if o.test, err = option(req, "test", 0.2); err != nil {
		return o, err
	}
	if !(o.test >= 0 && o.test < 1) {
		return o, fault.New(fault.BadOption, "", "option `test` of `csv` is %v; it is the part to test on, from 0 to below 1", o.test)
	}
	separator, err := option(req, "separator", ",")
	if err != nil {
		return o, err
	}
	var width int
	o.separator, width = utf8.DecodeRuneInString(separator)
	if width == 0 || width != len(separator) || strings.ContainsRune("\"\r\n\uFFFD", o.separator) {
		return o, fault.New(fault.BadOption, "", "option `separator` of `csv` is %q; it is one character", separator)
	}
	return o, nil
}

// csvColumns makes the fields of a table: features, and a label unless the
// program takes one field and names no label.
func csvColumns(t *table, o csvOptions, req Request) ([]Column, error) {
	label, hasLabel := t.width()-1, len(req.Fields) > 1 || o.label != nil
	if o.label != nil {
		var err error
		if label, err = t.column(o.label); err != nil {
			return nil, err
		}
	}
	if !hasLabel {
		label = -1
	}
	chosen, err := featureColumns(t, o.features, label)
	if err != nil {
		return nil, err
	}
	numbers, err := t.numbers(chosen)
	if err != nil {
		return nil, err
	}
	columns := []Column{{Field{Name: "features", Axes: []string{"feature"}, Dims: []int{len(chosen)}}, numbers, 1}}
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
		places, n, err := t.places(column)
		return Column{Field{Name: "label", IsPlaces: true, Places: n}, places, 1}, err
	}
	numbers, err := t.numbers([]int{column})
	if err != nil {
		return Column{}, err
	}
	flat := tensor.Of(tensor.Elements[float32](numbers), nil, len(t.rows))
	return Column{Field{Name: "label"}, flat, 1}, nil
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

// splitShuffled puts the examples in an order that is always the same, and cuts
// off the given part as the test set.
func splitShuffled(all *Set, part float64) *Splits {
	n := all.Len()
	order := make([]int32, n)
	Shuffle(order, 0, 0)
	shuffled := &Set{slices.Clone(all.Columns)}
	for i, c := range all.Columns {
		shuffled.Columns[i].Values = tensor.New(c.Values.DType(), nil, c.Values.Dims...)
		gather(shuffled.Columns[i].Values, c, order)
	}
	test := int(math.Round(float64(n) * part))
	splits := &Splits{Train: shuffled.Rows(0, n-test)}
	if test > 0 {
		splits.Test = shuffled.Rows(n-test, n)
	}
	return splits
}
