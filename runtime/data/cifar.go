package data

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

const (
	cifarSide    = 32
	cifarPixels  = cifarSide * cifarSide
	cifarRecord  = 1 + 3*cifarPixels // a label, then planes of red, green and blue
	cifarClasses = 10
)

// cifarNames are the classes in the order of their labels, which is that of their
// names.
var cifarNames = []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

// readCIFAR reads CIFAR-10, in its binary form or as pictures in folders.
//
// Source: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.
func readCIFAR(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	if !from.isDir {
		train, err := readCIFARFiles(r, from)
		return &Splits{Train: train}, err
	}
	train, test, err := cifarFiles(from)
	if err != nil {
		return nil, err
	}
	if len(train) == 0 {
		return readCIFARPictures(r, from)
	}
	splits := &Splits{}
	if splits.Train, err = readCIFARFiles(r, train...); err != nil {
		return nil, err
	}
	if len(test) > 0 {
		splits.Test, err = readCIFARFiles(r, test...)
	}
	return splits, err
}

// cifarFiles are the binary files of a folder, or of the folder in it that the
// official archive unpacks to.
func cifarFiles(folder place) (train, test []place, err error) {
	if inner := folder.in("cifar-10-batches-bin"); inner.exists() {
		folder = inner
	}
	entries, err := fs.ReadDir(folder.fsys, folder.name)
	if err != nil {
		return nil, nil, fault.New(fault.UnreadableFile, folder.shown, "cannot be read: %v", reason(err)).Because(err)
	}
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".gz")
		switch {
		case path.Ext(name) != ".bin":
		case strings.HasPrefix(name, "data_batch"):
			train = append(train, folder.in(entry.Name()))
		case strings.HasPrefix(name, "test_batch"):
			test = append(test, folder.in(entry.Name()))
		}
	}
	return train, test, nil
}

// readCIFARFiles reads the records of binary files, one file behind the other.
func readCIFARFiles(r *reader, files ...place) (*Set, error) {
	var images []uint8
	var labels []uint8
	for _, file := range files {
		records, err := r.whole(file, r.limits.File)
		if err != nil {
			return nil, err
		}
		if len(records)%cifarRecord != 0 || len(records) == 0 {
			return nil, fault.New(fault.BadData, file.shown, "has %d bytes, not a multiple of %d: a label and 3 planes of %d by %d pixels", len(records), cifarRecord, cifarSide, cifarSide).
				Mend("the file is damaged or not of CIFAR-10; fetch it again")
		}
		for record := range slices.Chunk(records, cifarRecord) {
			if record[0] >= cifarClasses {
				return nil, fault.New(fault.BadData, file.shown, "example %d has the label %d, the last of CIFAR-10 is %d", len(labels), record[0], cifarClasses-1)
			}
			labels = append(labels, record[0])
			images = appendInterleaved(images, record[1:])
		}
	}
	n := len(labels)
	if err := r.limits.afford(files[0].shown, tensor.Uint8, len(images)); err != nil {
		return nil, err
	}
	return &Set{[]Column{
		numbers("image", []string{"row", "col", "c"}, tensor.Of(images, nil, n, cifarSide, cifarSide, 3), 255),
		named("label", nil, tensor.Of(labels, nil, n), cifarNames),
	}}, nil
}

// appendInterleaved appends three planes of pixels with the colours innermost.
func appendInterleaved(to, planes []uint8) []uint8 {
	for i := range cifarPixels {
		to = append(to, planes[i], planes[cifarPixels+i], planes[2*cifarPixels+i])
	}
	return to
}

// readCIFARPictures reads CIFAR-10 as pictures, a folder for each class.
func readCIFARPictures(r *reader, folder place) (*Splits, error) {
	members, err := r.pictures(folder)
	if err != nil {
		return nil, err
	}
	parts := partition(members)
	if classes := classesOf(parts); !slices.Equal(classes, cifarNames) {
		return nil, fault.New(fault.MissingData, folder.shown, "holds neither data_batch_*.bin nor pictures in folders %s; found are %d folders", enumerate(cifarNames), len(classes)).
			Mend("name the folder of the binary files, or read other pictures with images")
	}
	a := &album{limits: r.limits, from: folder, form: pictureForm{channels: 3, hasChannels: true, rows: cifarSide, cols: cifarSide}}
	return a.classified(parts, Request{})
}
