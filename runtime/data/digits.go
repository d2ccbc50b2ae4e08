package data

import (
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// readDigits reads the optical digits of 8 by 8 pixels, as they come with the
// binary under the name digits8x8: the first 1,500 examples to train on, the last
// 297 to test. Pixels are divided by 16.
func readDigits(r *reader, req Request) (*Splits, error) {
	const (
		side   = 8
		pixels = side * side
		ink    = 16 // the value of a black pixel
		train  = 1500
	)
	file, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	if file.isDir {
		file = file.in("digits.csv.gz")
	}
	t, err := readTable(r, file, ',', false)
	if err != nil {
		return nil, err
	}
	if t.width() != pixels+1 || len(t.rows) <= train {
		return nil, fault.New(fault.BadData, file.shown, "has %d lines of %d columns, wanted are more than %d lines of %d pixels and a digit",
			len(t.rows), t.width(), train, pixels)
	}
	columns := make([]int, pixels)
	for i := range columns {
		columns[i] = i
	}
	pixelValues, err := t.numbers(columns)
	if err != nil {
		return nil, err
	}
	digits, names, err := t.places(pixels)
	if err != nil {
		return nil, err
	}
	images := tensor.Of(tensor.Elements[float32](pixelValues), nil, len(t.rows), side, side)
	all := &Set{[]Column{
		numbers("image", []string{"row", "col"}, images, ink),
		named("label", nil, digits, names),
	}}
	return &Splits{Train: all.Rows(0, train), Test: all.Rows(train, len(t.rows))}, nil
}
