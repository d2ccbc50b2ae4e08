package data

import (
	"path"
	"slices"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

var (
	pictureEndings = []string{".png", ".jpg", ".jpeg"}
	archiveEndings = []string{"", ".tar.gz", ".tgz", ".tar", ".zip"}
)

// splitNames are the folders that say which examples are for what.
var splitNames = []struct{ split, folder string }{
	{"train", "train"}, {"train", "training"}, {"test", "test"}, {"test", "testing"},
	{"validation", "validation"}, {"validation", "val"}, {"validation", "valid"},
}

// maskFolders are the names of two folders of pictures and their masks.
var maskFolders = [][2]string{{"image", "label"}, {"images", "labels"}, {"images", "masks"}, {"image", "mask"}}

// readImages reads folders of pictures: of classes, or of pictures and masks.
func readImages(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	members, err := r.pictures(from)
	if err != nil {
		return nil, err
	}
	form, err := pictureFormOf(req)
	if err != nil {
		return nil, err
	}
	a := &album{r.limits, from, form, req.whole("crop")}
	parts := partition(members)
	if train := parts["train"]; len(train) == 0 {
		return nil, fault.New(fault.MissingData, from.shown, "holds no PNG or JPEG files to train on").
			Mend("images takes a folder with a folder for each class, or with two folders image and label")
	}
	if folders, found := masksIn(parts["train"]); found {
		return a.masked(parts, folders, req)
	}
	return a.classified(parts, req)
}

// pictureFormOf is the form in which the program takes pictures: grey with two
// axes or where it says that there is one channel, else in three colours.
func pictureFormOf(req Request) (pictureForm, error) {
	form := pictureForm{channels: 3, hasChannels: true, size: req.whole("size")}
	image, _ := req.field("image", 0)
	switch {
	case len(image.Axes) == 2:
		form.channels, form.hasChannels = 1, false
	case len(image.Axes) != 3:
		return form, fault.New(fault.BadData, req.path(), "the program takes `%s` with %d axes; a picture has [row col] or [row col c]", image.Name, len(image.Axes))
	case image.Dims[2] == 1:
		form.channels = 1
	}
	return form, nil
}

// pictures are the files of a folder or archive; where it has archives for the
// splits, these are read as if they were folders.
func (r *reader) pictures(from place) ([]member, error) {
	if !from.isDir {
		return r.tree(from, pictureEndings...)
	}
	var all []member
	found := false
	for _, name := range splitNames {
		part, exists := from.either(withEndings(name.folder, archiveEndings)...)
		if !exists {
			continue
		}
		found = true
		part.isDir = path.Base(part.name) == name.folder
		members, err := r.tree(part, pictureEndings...)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			m.name = path.Join(name.folder, strings.TrimPrefix(m.name, name.folder+"/"))
			all = append(all, m)
		}
	}
	if found {
		return all, nil
	}
	return r.tree(from, pictureEndings...)
}

func withEndings(stem string, endings []string) []string {
	names := make([]string, len(endings))
	for i, e := range endings {
		names[i] = stem + e
	}
	return names
}

// partition gives each split its files, named within the split; without folders
// of splits all are to train on.
func partition(members []member) map[string][]member {
	members = withoutRoot(members)
	parts := map[string][]member{}
	for _, m := range members {
		first, rest, _ := strings.Cut(m.name, "/")
		split, found := splitOf(first)
		if !found || rest == "" {
			return map[string][]member{"train": members}
		}
		parts[split] = append(parts[split], member{rest, m.data})
	}
	return parts
}

func splitOf(folder string) (string, bool) {
	for _, name := range splitNames {
		if name.folder == folder {
			return name.split, true
		}
	}
	return "", false
}

// withoutRoot takes away a folder that all files lie in, as archives have one,
// unless the files lie in it at once: then it is their class.
func withoutRoot(members []member) []member {
	for len(members) > 0 {
		root, _, _ := strings.Cut(members[0].name, "/")
		root += "/"
		if slices.ContainsFunc(members, func(m member) bool {
			rest, inside := strings.CutPrefix(m.name, root)
			return !inside || !strings.Contains(rest, "/")
		}) {
			return members
		}
		inner := make([]member, len(members))
		for i, m := range members {
			inner[i] = member{strings.TrimPrefix(m.name, root), m.data}
		}
		members = inner
	}
	return members
}

// masksIn is the two folders of a set with masks.
func masksIn(members []member) (folders [2]string, found bool) {
	for _, folders := range maskFolders {
		if !slices.ContainsFunc(members, func(m member) bool {
			folder := path.Dir(m.name)
			return folder != folders[0] && folder != folders[1]
		}) {
			return folders, true
		}
	}
	return folders, false
}

// album makes sets of pictures.
type album struct {
	limits Limits
	from   place
	form   pictureForm
	crop   int // 0: whole pictures
}

// classified makes sets of pictures whose folders are their classes.
func (a *album) classified(parts map[string][]member, req Request) (*Splits, error) {
	classes := classesOf(parts)
	splits, err := setOfEach(parts, func(members []member) (*Set, error) {
		images, err := decodePictures(a.limits, a.from, members, &a.form)
		if err != nil {
			return nil, err
		}
		labels := make([]int32, len(members))
		for i, m := range members {
			labels[i] = int32(slices.Index(classes, path.Dir(m.name)))
		}
		return &Set{[]Column{a.form.column(images), named("label", nil, tensor.Of(labels, nil, len(labels)), classes)}}, nil
	})
	if err != nil {
		return nil, err
	}
	if splits.Test == nil {
		whole := splitShuffled(splits.Train, req.number("test"))
		splits.Train, splits.Test = whole.Train, whole.Test
	}
	splits.holdOut(req.number("validation"))
	return a.cropped(splits)
}

// setOfEach makes a set of the files of each split.
func setOfEach(parts map[string][]member, set func([]member) (*Set, error)) (splits *Splits, err error) {
	splits = &Splits{}
	for _, part := range []struct {
		name string
		set  **Set
	}{{"train", &splits.Train}, {"validation", &splits.Validation}, {"test", &splits.Test}} {
		if members := parts[part.name]; len(members) > 0 {
			if *part.set, err = set(members); err != nil {
				return nil, err
			}
		}
	}
	return splits, nil
}

func classesOf(parts map[string][]member) []string {
	var classes []string
	for _, members := range parts {
		for _, m := range members {
			classes = append(classes, path.Dir(m.name))
		}
	}
	slices.SortFunc(classes, natural)
	return slices.Compact(classes)
}

// cropped cuts the pictures of each split into squares, once no picture can be
// divided between splits.
func (a *album) cropped(splits *Splits) (*Splits, error) {
	if a.crop == 0 {
		return splits, nil
	}
	for _, set := range splits.sets() {
		image := set.Columns[0]
		if a.crop > min(image.Dims[0], image.Dims[1]) {
			return nil, fault.New(fault.BadOption, a.from.shown, "option `crop` is %d, the pictures have %d rows and %d columns", a.crop, image.Dims[0], image.Dims[1])
		}
		set.Columns = slices.Clone(set.Columns)
		for i, c := range set.Columns {
			set.Columns[i] = cropColumn(c, a.crop, image.Dims[0]/a.crop, image.Dims[1]/a.crop)
		}
	}
	return splits, nil
}
