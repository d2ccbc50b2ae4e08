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
	WrongShape             // in both, with different sizes
)

// Difference is one array that a file has otherwise than wanted.
type Difference struct {
	Kind    Kind
	Path    string
	Wanted  string // the shape, unless Extra
	Got     string // the shape, unless Missing
	Nearest string // of Missing: the extra array it may be under another name, or ""
}

// String is the difference as one line of a message.
func (d Difference) String() string {
	switch {
	case d.Kind == Extra:
		return fmt.Sprintf("`%s` %s is in the file, the model has no such weight", d.Path, d.Got)
	case d.Kind == WrongShape:
		return fmt.Sprintf("`%s` is %s in the file, the model wants %s", d.Path, d.Got, d.Wanted)
	case d.Nearest != "":
		return fmt.Sprintf("`%s` %s is not in the file; `%s` is", d.Path, d.Wanted, d.Nearest)
	default:
		return fmt.Sprintf("`%s` %s is not in the file", d.Path, d.Wanted)
	}
}

// Match compares arrays with what a model needs, by paths and sizes; labels of
// axes and types of elements may differ. It returns what differs: first what is
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
			near := source.Nearest(w.Path, paths)
			differences = append(differences, Difference{Kind: Missing, Path: w.Path, Wanted: shape, Nearest: near})
		case !slices.Equal(t.Dims, w.Dims):
			differences = append(differences, Difference{Kind: WrongShape, Path: w.Path, Wanted: shape, Got: tensor.Shape(t.Axes, t.Dims)})
		}
	}
	for _, path := range paths {
		differences = append(differences, Difference{Kind: Extra, Path: path, Got: tensor.Shape(got[path].Axes, got[path].Dims)})
	}
	return differences
}

// Mismatch tells the differences of the file path as one fault, or nil where
// there are none.
func Mismatch(path string, differences []Difference) error {
	const most = 8 // as many as one reads
	if len(differences) == 0 {
		return nil
	}
	var lines []string
	for i, d := range differences {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(differences)-most))
			break
		}
		lines = append(lines, d.String())
	}
	return fault.New(fault.BadWeights, path, "these are weights of another model:\n  %s", strings.Join(lines, "\n  ")).
		Mend("give the weights that this program was trained to, with the same --set")
}
