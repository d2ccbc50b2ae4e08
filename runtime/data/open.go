package data

import (
	"ncd/runtime/fault"
)

// Request is a data clause: image[row col], label in class = mnist["images/mnist"].
type Request struct {
	Fields []Field        // what the program names, in its order
	Source string         // mnist
	Args   []any          // strings, float64s and bools in the brackets, by place
	Named  map[string]any // and by name
}

// Open reads the data set of a request within the default limits.
//
// The fields of the request are the source's by name if the source knows all of
// the names, else in the source's order, which Sources gives. The sets have the
// request's names and axes and the data's sizes. The error is a fault.Fault.
func Open(r Request, at Lookup) (*Splits, error) { return OpenWithin(DefaultLimits(), r, at) }

// OpenWithin is Open with limits of the caller's.
func OpenWithin(limits Limits, r Request, at Lookup) (*Splits, error) {
	chosen, err := find(r.Source)
	if err != nil {
		return nil, err
	}
	if r, err = r.resolve(chosen.Source); err != nil {
		return nil, err
	}
	reader := &reader{lookup: at, limits: limits}
	splits, err := chosen.read(reader, r)
	if err != nil {
		return nil, err
	}
	if !chosen.holdsOut {
		splits.holdOut(r.number("validation"))
	}
	if splits.Train.Len() == 0 {
		return nil, fault.New(fault.BadData, r.path(), "holds no examples to train on")
	}
	if r.truth("scale") {
		splits.standardise()
	}
	splits.Files = reader.digests
	if err := fit(splits, r); err != nil {
		return nil, err
	}
	return splits, nil
}
