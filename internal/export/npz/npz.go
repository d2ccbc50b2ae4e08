// Package npz writes the data of a train block as arrays that any program reads.
//
// For each split (train, validation, test) the archive has SPLIT/count, how many
// examples there are, and for each field SPLIT/FIELD with the examples as its first
// axis: whole numbers where the field holds places, else numbers. SPLIT/FIELD/unit is
// what stored numbers are to be divided by (255 for the bytes of pictures). Where
// examples are parts of one long axis, as those of a text are, SPLIT/FIELD has that axis
// alone, and SPLIT/FIELD/windows is (first, step, count): example i begins at place
// first + step·i. Examples are not shuffled.
package npz

import (
	"io"

	"ncd/internal/export"
	"ncd/runtime/data"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// Format is arrays in an npz archive.
var Format = export.Format{
	Name: "npz", Extension: ".npz", Apart: true, Trains: true,
	Doc: "The data of a train block as arrays: train/FIELD and test/FIELD with the examples as first axis, train/count; FIELD/unit is what the numbers are " +
		"divided by; where examples are windows on one long axis, FIELD/windows is their first place, step and count.",
	Write: write,
}

func write(to io.Writer, r *export.Request) error {
	if r.Data == nil {
		return &export.Refusal{Said: export.Refused("`--to npz` writes the data of a train block, and `" + r.Diagram.Name + "` is a diagram")}
	}
	arrays := map[string]*tensor.Tensor{}
	for name, set := range map[string]*data.Set{"train": r.Data.Train, "validation": r.Data.Validation, "test": r.Data.Test} {
		if set == nil || set.Len() == 0 {
			continue
		}
		arrays[name+"/count"] = tensor.Of([]int32{int32(set.Len())}, nil, 1)
		for _, c := range set.Columns {
			put(arrays, name+"/"+c.Name, c)
		}
	}
	return weights.EncodeArrays(to, arrays)
}

func put(arrays map[string]*tensor.Tensor, name string, c data.Column) {
	arrays[name] = c.Values
	if !c.IsPlaces {
		arrays[name+"/unit"] = tensor.Of([]float32{c.Unit}, nil, 1)
	}
	if w := c.Windows; w != nil {
		arrays[name+"/windows"] = tensor.Of([]int32{int32(w.First), int32(w.Step), int32(w.Count)}, nil, 3)
	}
}
