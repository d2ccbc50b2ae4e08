package data

import (
	"maps"
	"slices"
	"strings"

	"ncd/runtime/fault"
)

// Request is a data clause: image[row col], label in class = mnist["images/mnist"].
type Request struct {
	Fields []Field        // what the program names, in its order
	Source string         // mnist
	Args   []any          // strings, float64s and bools in the brackets, by place
	Named  map[string]any // and by name
}

// source reads what a request asks for, with fields of its own naming.
type source struct {
	options []string // the names of its named options
	read    func(*reader, Request) (*Splits, error)
}

// sources are all there are, by the names that programs use.
var sources = map[string]source{
	"csv":    {[]string{"header", "label", "features", "separator", "test"}, readCSV},
	"digits": {nil, readDigits},
	"mnist":  {nil, readMNIST},
}

// Open reads the data set of a request.
//
// The fields of the request are the source's by name if the source knows all of
// the names, else in the source's order, which mnist and digits give as image,
// label, and csv as features, label. The sets have the request's names and axes
// and the data's sizes. The error is a fault.Fault.
func Open(r Request, at Lookup) (*Splits, error) {
	chosen, known := sources[r.Source]
	if !known {
		names := slices.Sorted(maps.Keys(sources))
		f := fault.New(fault.UnknownSource, "", "there is no data source `%s`; there are %s", r.Source, strings.Join(names, ", "))
		if near := fault.Nearest(r.Source, names); near != "" {
			f.Mend("write `%s`", near)
		}
		return nil, f
	}
	if err := r.checkOptions(chosen.options); err != nil {
		return nil, err
	}
	reader := &reader{lookup: at}
	splits, err := chosen.read(reader, r)
	if err != nil {
		return nil, err
	}
	splits.Files = reader.digests
	if err := fit(splits, r); err != nil {
		return nil, err
	}
	return splits, nil
}
