package weights

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ncd/grammar/source"
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// Want is an array that a model needs.
type Want struct {
	Path string
	Axes []string
	Dims []int
}

// Kind is how a file differs from what is wanted.
type Kind int

const (
	Missing    Kind = iota // wanted, not in the file
	Extra                  // in the file, not wanted
	WrongShape             // in both, with other sizes or with its axes in another order
)

// kinds tell differences of a kind that there are more of than one reads.
var kinds = map[Kind]string{
	Missing: "are not in the file", Extra: "are in the file, and the model has no such weights", WrongShape: "have other sizes",
}

// Difference is one array that a file has otherwise than wanted.
type Difference struct {
	Kind    Kind
	Path    string
	Stored  string // its path in the file, where that is another
	Wanted  string // the shape, unless Extra
	Got     string // the shape, unless Missing
	Nearest string // of Missing: the extra array of its sizes that it may be, or ""
}

// String is the difference as one line of a message.
func (d Difference) String() string {
	isRenamed := d.Stored != "" && d.Stored != d.Path
	switch {
	case d.Kind == Extra && isRenamed:
		return fmt.Sprintf("`%s` %s would be `%s`, and the model has no such weight", d.Stored, d.Got, d.Path)
	case d.Kind == Extra:
		return fmt.Sprintf("`%s` %s is in the file, the model has no such weight", d.Path, d.Got)
	case d.Kind == WrongShape && isRenamed:
		return fmt.Sprintf("`%s` is %s in the file, as `%s`, the model wants %s", d.Path, d.Got, d.Stored, d.Wanted)
	case d.Kind == WrongShape:
		return fmt.Sprintf("`%s` is %s in the file, the model wants %s", d.Path, d.Got, d.Wanted)
	case d.Nearest != "":
		return fmt.Sprintf("`%s` %s is not in the file; `%s` is", d.Path, d.Wanted, d.Nearest)
	default:
		return fmt.Sprintf("`%s` %s is not in the file", d.Path, d.Wanted)
	}
}

// Match compares arrays with what a model needs, by paths and sizes; types of elements
// may differ, and labels of axes, but the same labels stand in the same order. It returns what differs: first what is
// wanted, in the order of wanted, then what is extra, sorted.
func Match(wanted []Want, got map[string]*tensor.Tensor) []Difference {
	extra := maps.Clone(got)
	for _, w := range wanted {
		delete(extra, w.Path)
	}
	paths := slices.Sorted(maps.Keys(extra))
	var differences []Difference
	for _, w := range wanted {
		shape := tensor.Shape(w.Axes, w.Dims)
		t, found := got[w.Path]
		switch {
		case !found:
			isOther := func(path string) bool { return !slices.Equal(got[path].Dims, w.Dims) }
			near := source.Nearest(w.Path, slices.DeleteFunc(slices.Clone(paths), isOther))
			differences = append(differences, Difference{Kind: Missing, Path: w.Path, Wanted: shape, Nearest: near})
		case !slices.Equal(t.Dims, w.Dims) || isReordered(t.Axes, w.Axes):
			differences = append(differences, Difference{Kind: WrongShape, Path: w.Path, Wanted: shape, Got: tensor.Shape(t.Axes, t.Dims)})
		}
	}
	for _, path := range paths {
		differences = append(differences, Difference{Kind: Extra, Path: path, Got: tensor.Shape(got[path].Axes, got[path].Dims)})
	}
	return differences
}

// isReordered reports whether axes are the same in another order, so that equal sizes
// would hide a transpose.
func isReordered(got, wanted []string) bool {
	return !slices.Equal(got, wanted) && slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(wanted)))
}

// most is how many of a kind a message lists: as many as one reads.
const most = 8

// Mismatch tells the differences of the file path as one fault, or nil where
// there are none.
func Mismatch(path string, differences []Difference) error {
	if len(differences) == 0 {
		return nil
	}
	var lines []string
	count := map[Kind]int{}
	for _, d := range differences {
		if count[d.Kind]++; count[d.Kind] <= most {
			lines = append(lines, d.String())
		}
	}
	for _, kind := range []Kind{Missing, WrongShape, Extra} {
		if more := count[kind] - most; more > 0 {
			lines = append(lines, fmt.Sprintf("and %d more %s", more, kinds[kind]))
		}
	}
	return fault.New(fault.BadWeights, path, "these are weights of another model:\n  %s", strings.Join(lines, "\n  ")).
		Mend("give the weights that this program was trained to, with the same --set; --map OLD=NEW takes a part of the file for a part of the model")
}
