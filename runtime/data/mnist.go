package data

import (
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// readMNIST reads a folder of idx files with the names of MNIST's, as EMNIST,
// Fashion-MNIST and others have them too. Pixels are divided by 255.
func readMNIST(r *reader, req Request) (*Splits, error) {
	folder, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	if !folder.isDir {
		return nil, fault.New(fault.BadData, folder.shown, "is a file; mnist takes the folder of four files").
			Mend("name the folder it is in")
	}
	train, err := readIDXPair(r, folder, "train")
	if err != nil {
		return nil, err
	}
	if first := req.whole("first"); first > 0 {
		train = train.Rows(0, min(first, train.Len()))
	}
	splits := &Splits{Train: train}
	if _, found := findIDX(folder, "t10k-images", 3); found {
		if splits.Test, err = readIDXPair(r, folder, "t10k"); err != nil {
			return nil, err
		}
	}
	return splits, nil
}

// readIDXPair reads the images and labels whose files begin with part.
func readIDXPair(r *reader, folder place, part string) (*Set, error) {
	images, err := readIDX(r, folder, part+"-images", 3)
	if err != nil {
		return nil, err
	}
	labels, err := readIDX(r, folder, part+"-labels", 1)
	if err != nil {
		return nil, err
	}
	if images.Dims[0] != labels.Dims[0] {
		return nil, fault.New(fault.BadData, folder.shown, "%s-images has %d examples, %s-labels has %d", part, images.Dims[0], part, labels.Dims[0]).
			Mend("fetch both files again, from one place")
	}
	return &Set{[]Column{
		numbers("image", []string{"row", "col"}, images, 255),
		places("label", nil, labels, countPlaces(labels)),
	}}, nil
}

// countPlaces is one more than the highest place.
func countPlaces(places *tensor.Tensor) int {
	highest := uint8(0)
	for _, p := range tensor.Elements[uint8](places) {
		highest = max(highest, p)
	}
	if places.Len() == 0 {
		return 0
	}
	return int(highest) + 1
}

func readIDX(r *reader, folder place, stem string, axes int) (*tensor.Tensor, error) {
	file, found := findIDX(folder, stem, axes)
	if !found {
		return nil, fault.New(fault.MissingData, folder.shown, "holds none of %s", strings.Join(idxNames(stem, axes), ", ")).
			Mend("mnist takes the folder with the four idx files, gzipped or not")
	}
	var array *tensor.Tensor
	err := r.read(file, func(c content) (err error) {
		array, err = decodeIDX(c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(array.Dims) != axes {
		return nil, fault.New(fault.BadData, file.shown, "has the shape %v, wanted are %d axes", array.Dims, axes).
			Mend("the file has another one's name, or is of another data set")
	}
	return array, nil
}

func findIDX(folder place, stem string, axes int) (place, bool) {
	return folder.either(idxNames(stem, axes)...)
}

// idxNames are the names that are about for the same file: as LeCun's page spells
// them, and as they are spelled when unpacked with some tools.
func idxNames(stem string, axes int) []string {
	suffix := map[int]string{1: "idx1-ubyte", 3: "idx3-ubyte"}[axes]
	return []string{stem + "-" + suffix, stem + "-" + suffix + ".gz", stem + "." + suffix, stem + "." + suffix + ".gz"}
}
