package data

import (
	"path"
	"slices"
	"strconv"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// masked makes sets of pictures and their masks, two files of the same name: the
// place of a pixel is its grey value's, or its colour's in a palette, among those
// that masks have.
func (a *album) masked(parts map[string][]member, folders [2]string, req Request) (*Splits, error) {
	splits, err := setOfEach(parts, func(members []member) (*Set, error) {
		images, masks, err := a.pairs(members, folders)
		if err != nil {
			return nil, err
		}
		pictures, err := decodePictures(a.limits, a.from, images, &a.form)
		if err != nil {
			return nil, err
		}
		form := pictureForm{channels: 1, isMask: true, size: a.form.size, rows: a.form.rows, cols: a.form.cols}
		values, err := decodePictures(a.limits, a.from, masks, &form)
		if err != nil {
			return nil, err
		}
		return &Set{[]Column{a.form.column(pictures), places("label", []string{"row", "col"}, values, 0)}}, nil
	})
	if err != nil {
		return nil, err
	}
	numberValues(splits.sets())
	if splits.Test == nil {
		splits.Train, splits.Test = splits.Train.cut(req.number("test"))
	}
	if splits.Validation == nil {
		splits.Train, splits.Validation = splits.Train.cut(req.number("validation"))
	}
	return a.cropped(splits)
}

// pairs are the pictures and the masks of a split, in the same order.
func (a *album) pairs(members []member, folders [2]string) (images, masks []member, err error) {
	mask := map[string]member{}
	for _, m := range members {
		if path.Dir(m.name) == folders[1] {
			mask[stem(m)] = m
		} else {
			images = append(images, m)
		}
	}
	for _, m := range images {
		of, found := mask[stem(m)]
		if !found {
			return nil, nil, fault.New(fault.BadData, a.from.shown, "%s has no mask: there is no %s/%s", m.name, folders[1], stem(m)).
				Mend("give a picture and its mask the same name")
		}
		masks = append(masks, of)
	}
	if len(mask) > len(masks) {
		return nil, nil, fault.New(fault.BadData, a.from.shown, "%s has %d files, %s has %d", folders[1], len(mask), folders[0], len(masks)).
			Mend("give a picture and its mask the same name")
	}
	return images, masks, nil
}

// stem is the name of a file without folder and ending.
func stem(m member) string {
	base := m.base()
	return base[:len(base)-len(path.Ext(base))]
}

// numberValues turns the values of masks into places among the values that any of
// them has.
func numberValues(sets []*Set) {
	var seen [256]bool
	for _, set := range sets {
		for _, v := range tensor.Elements[uint8](set.Columns[1].Values) {
			seen[v] = true
		}
	}
	var place [256]uint8
	var names []string
	for v := range seen {
		if seen[v] {
			place[v] = uint8(len(names))
			names = append(names, strconv.Itoa(v))
		}
	}
	for _, set := range sets {
		values := tensor.Elements[uint8](set.Columns[1].Values)
		for i, v := range values {
			values[i] = place[v]
		}
		set.Columns[1].Names, set.Columns[1].Places = names, len(names)
	}
}

// cropColumn cuts each picture of a column into down times across squares, row by
// row; what is no picture is repeated for each.
func cropColumn(c Column, side, down, across int) Column {
	n := c.Len()
	if len(c.Dims) < 2 {
		repeated := make([]int32, 0, n*down*across)
		for i := range n {
			repeated = append(repeated, slices.Repeat([]int32{int32(i)}, down*across)...)
		}
		c.Values = pickRows(c, repeated)
		return c
	}
	rows, cols, depth := c.Dims[0], c.Dims[1], 1
	if len(c.Dims) == 3 {
		depth = c.Dims[2]
	}
	from := tensor.Elements[uint8](c.Values)
	to := make([]uint8, 0, n*down*across*side*side*depth)
	for i := range n {
		for square := range down * across {
			top, left := square/across*side, square%across*side
			for row := top; row < top+side; row++ {
				begin := ((i*rows+row)*cols + left) * depth
				to = append(to, from[begin:begin+side*depth]...)
			}
		}
	}
	c.Dims = append([]int{side, side}, c.Dims[2:]...)
	c.Values = tensor.Of(to, nil, append([]int{n * down * across}, c.Dims...)...)
	return c
}
