package data

import (
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// mostPlaces bounds the places of an array of labels: a wrong one must not make an
// axis of millions.
const mostPlaces = 1 << 24

// readNPZ reads arrays whose first axis is the examples, by the program's names.
func readNPZ(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	file, err := r.arrays(from)
	if err != nil {
		return nil, err
	}
	train, test, err := arraySets(file, req)
	if err != nil {
		return nil, err
	}
	if name := req.text("test_file"); name != "" {
		if test, err = readTestArrays(r, name, req); err != nil {
			return nil, err
		}
	}
	if test == nil {
		return splitShuffled(train, req.number("test")), nil
	}
	return &Splits{Train: train, Test: test}, nil
}

func readTestArrays(r *reader, name string, req Request) (*Set, error) {
	from, err := r.lookup.find(name)
	if err != nil {
		return nil, err
	}
	file, err := r.arrays(from)
	if err != nil {
		return nil, err
	}
	return arraySet(file, "", req)
}

// arraySets are the examples to train on and, where the file has them apart, to
// test on.
func arraySets(file *arrays, req Request) (train, test *Set, err error) {
	if len(req.Fields) == 0 {
		return nil, nil, file.bad("has the arrays %s; the program names none of them", enumerate(file.names()))
	}
	first := req.Fields[0].Name
	if _, found := file.byName[first+"_train"]; !found {
		train, err = arraySet(file, "", req)
		return train, nil, err
	}
	if train, err = arraySet(file, "_train", req); err != nil {
		return nil, nil, err
	}
	if _, found := file.byName[first+"_test"]; found {
		test, err = arraySet(file, "_test", req)
	}
	return train, test, err
}

// arraySet is the arrays of the program's fields, whose names end with suffix.
func arraySet(file *arrays, suffix string, req Request) (*Set, error) {
	set := &Set{}
	for _, f := range req.Fields {
		c, err := arrayColumn(file, f.Name+suffix, f, float32(req.number("unit")))
		if err != nil {
			return nil, err
		}
		if set.Columns = append(set.Columns, c); c.Len() != set.Len() {
			return nil, file.bad("array %q has %d examples, %q has %d", f.Name+suffix, c.Len(), req.Fields[0].Name+suffix, set.Len())
		}
	}
	return set, nil
}

func arrayColumn(file *arrays, name string, f Field, unit float32) (Column, error) {
	t, found := file.byName[name]
	if !found {
		return Column{}, fault.New(fault.MissingData, file.from.shown, "has no array %q; it has %s", name, enumerate(file.names())).
			MendNearest("name the field `%s`", name, file.names())
	}
	if len(t.Dims) == 0 {
		return Column{}, file.bad("array %q is one number, wanted is an axis of examples", name)
	}
	if f.IsPlaces {
		values, err := file.wholeNumbers(name, t, 0, mostPlaces)
		if err != nil {
			return Column{}, err
		}
		return places(f.Name, axesOf(values), values, highest(values)+1), nil
	}
	if unit == 0 {
		return Column{}, fault.New(fault.BadOption, "", "option `unit` of `npz` is 0; numbers are divided by it")
	}
	if t.DType() == tensor.Uint8 {
		return numbers(f.Name, axesOf(t), t, unit), nil
	}
	values, err := file.real(name, t)
	if err != nil {
		return Column{}, err
	}
	return numbers(f.Name, axesOf(t), values, unit), nil
}

// axesOf are labels for an array that has none: the program gives its own.
func axesOf(t *tensor.Tensor) []string {
	labels := make([]string, len(t.Dims)-1)
	for i := range labels {
		labels[i] = "axis"
	}
	return labels
}

// highest is the highest place of an array, or -1.
func highest(t *tensor.Tensor) int {
	most := int32(-1)
	for _, p := range tensor.Elements[int32](t) {
		most = max(most, p)
	}
	return int(most)
}
