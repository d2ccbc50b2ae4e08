package data

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

func tarred(t testing.TB, contents map[string][]byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := tar.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(contents[name]))})
		w.Write(contents[name])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func zipped(t testing.TB, contents map[string][]byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(contents[name])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func encodePNG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// greyPNG is a picture of the given columns, row by row.
func greyPNG(t testing.TB, cols int, pixels ...uint8) []byte {
	picture := image.NewGray(image.Rect(0, 0, cols, len(pixels)/cols))
	copy(picture.Pix, pixels)
	return encodePNG(t, picture)
}

// classes are two classes of five pictures each, whose pixels are their numbers.
func classes(t testing.TB, prefix string) map[string][]byte {
	contents := map[string][]byte{}
	for i := range uint8(5) {
		contents[prefix+"cat/"+string('0'+i)+".png"] = greyPNG(t, 2, i, i, i, i)
		contents[prefix+"dog/"+string('0'+i)+".png"] = greyPNG(t, 2, 10+i, 10+i, 10+i, 10+i)
	}
	return contents
}

func openImages(t *testing.T, contents map[string][]byte, fields, path string, named map[string]any) (*Splits, error) {
	t.Helper()
	return Open(request(fields, "images", path, named), Lookup{Under: files(t, contents)})
}

func TestImagesOfClasses(t *testing.T) {
	archive := map[string][]byte{"a.tar": tarred(t, classes(t, "animals/")), "a.zip": zipped(t, classes(t, ""))}
	for path, contents := range map[string]map[string][]byte{"set": classes(t, "set/"), "a.tar": archive, "a.zip": archive} {
		t.Run(path, func(t *testing.T) {
			got, err := openImages(t, contents, "image[row col], label in", path, map[string]any{"test": 0.2, "validation": 0.25})
			if err != nil {
				t.Fatal(err)
			}
			if text := list(got.Train.Fields()); text != "image[row:2 col:2], label in 2" || lengths(got) != [3]int{6, 2, 2} {
				t.Errorf("fields are %s, there are %v pictures", text, lengths(got))
			}
			if !slices.Equal(got.Train.Columns[1].Names, []string{"cat", "dog"}) {
				t.Errorf("classes are %v", got.Train.Columns[1].Names)
			}
			var seen []float64
			for _, set := range got.sets() {
				for i := range set.Len() {
					pixel, label := set.Columns[0].Values.At(i, 1, 1), set.Columns[1].Values.At(i)
					if (pixel >= 10) != (label == 1) {
						t.Errorf("picture %v has the label %v", pixel, label)
					}
					seen = append(seen, pixel)
				}
			}
			slices.Sort(seen)
			if !slices.Equal(seen, []float64{0, 1, 2, 3, 4, 10, 11, 12, 13, 14}) {
				t.Errorf("the pictures are %v", seen)
			}
		})
	}
}

// A folder and an archive of the same pictures are split in the same way.
func TestSplitsDoNotHangOnTheArchive(t *testing.T) {
	folder, err := openImages(t, classes(t, "set/"), "image[row col], label in", "set", nil)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := openImages(t, map[string][]byte{"a.zip": zipped(t, classes(t, "x/y/"))}, "image[row col], label in", "a.zip", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range folder.Test.Len() {
		if folder.Test.Columns[0].Values.At(i, 0, 0) != archive.Test.Columns[0].Values.At(i, 0, 0) {
			t.Error("the test sets differ")
		}
	}
}

func TestFoldersOfSplits(t *testing.T) {
	contents := classes(t, "set/train/")
	contents["set/val/dog/7.png"] = greyPNG(t, 2, 17, 17, 17, 17)
	contents["set/test/emu/8.png"] = greyPNG(t, 2, 28, 28, 28, 28)
	got, err := openImages(t, contents, "image[row col], label in", "set", nil)
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "image[row:2 col:2], label in 3" || lengths(got) != [3]int{10, 1, 1} {
		t.Errorf("fields are %s, there are %v pictures", text, lengths(got))
	}
	if got.Validation.Columns[1].Values.At(0) != 1 || got.Test.Columns[1].Values.At(0) != 2 {
		t.Error("labels are others in another split")
	}
}

func TestFormsOfPictures(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	picture.SetNRGBA(0, 0, color.NRGBA{200, 100, 50, 255})
	contents := map[string][]byte{"set/a/1.png": encodePNG(t, picture), "grey/a/1.png": greyPNG(t, 1, 7)}
	for _, c := range []struct {
		fields, path, want string
		pixel              []uint8
	}{
		{"image[row col c], label in", "set", "image[row:1 col:1 c:3], label in 1", []uint8{200, 100, 50}},
		{"image[row col], label in", "set", "image[row:1 col:1], label in 1", []uint8{124}},
		{"image[row col c:1], label in", "set", "image[row:1 col:1 c:1], label in 1", []uint8{124}},
		{"image[row col c], label in", "grey", "image[row:1 col:1 c:3], label in 1", []uint8{7, 7, 7}},
	} {
		got, err := openImages(t, contents, c.fields, c.path, map[string]any{"test": 0.0})
		if err != nil {
			t.Fatal(err)
		}
		if text := list(got.Train.Fields()); text != c.want {
			t.Errorf("fields are %s, want %s", text, c.want)
		}
		if pixel := tensor.Elements[uint8](got.Train.Columns[0].Values); !slices.Equal(pixel, c.pixel) {
			t.Errorf("%s: the pixel is %v, want %v", c.want, pixel, c.pixel)
		}
	}
}

// A pixel of the smaller picture is the mean of what it covers.
func TestResampledPictures(t *testing.T) {
	contents := map[string][]byte{
		"set/a/1.png": greyPNG(t, 4, 0, 2, 10, 10, 2, 4, 10, 10, 50, 50, 90, 90, 50, 50, 90, 90),
		"set/a/2.png": greyPNG(t, 1, 33),
		"set/a/3.png": greyPNG(t, 3, 0, 90, 180, 0, 90, 180, 0, 90, 180),
	}
	got, err := openImages(t, contents, "image[row col], label in", "set", map[string]any{"size": 2.0, "test": 0.0})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for i := range 3 {
		found[string(tensor.Elements[uint8](got.Train.Columns[0].Values.Rows(i, i+1)))] = true
	}
	// Of three columns each of two takes one and a half: (0 + 90/2) / 1.5 is 30.
	for _, want := range [][]uint8{{2, 10, 50, 90}, {33, 33, 33, 33}, {30, 150, 30, 150}} {
		if !found[string(want)] {
			t.Errorf("no picture is %v", want)
		}
	}
}

// masks are ten pictures of 3 by 4 whose pixels are their numbers, and masks that are
// 255 in the last column.
func masks(t testing.TB) map[string][]byte {
	contents := map[string][]byte{}
	for i := range uint8(10) {
		name := string('0'+i) + ".png"
		contents["set/image/"+name] = greyPNG(t, 4, slices.Repeat([]uint8{i}, 12)...)
		contents["set/label/"+name] = greyPNG(t, 4, slices.Repeat([]uint8{0, 0, 0, 255}, 3)...)
	}
	return contents
}

func TestPicturesWithMasks(t *testing.T) {
	got, err := openImages(t, masks(t), "image[row col], label[row col] in", "set", map[string]any{"validation": 0.25})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "image[row:3 col:4], label[row:3 col:4] in 2" || lengths(got) != [3]int{6, 2, 2} {
		t.Errorf("fields are %s, there are %v pictures", text, lengths(got))
	}
	if names := got.Train.Columns[1].Names; !slices.Equal(names, []string{"0", "255"}) {
		t.Errorf("the values are %v", names)
	}
	if first := got.Test.Columns[0].Values.At(0, 0, 0); first != 8 { // the last two by name
		t.Errorf("the first test picture is %v", first)
	}
	if m := tensor.Elements[uint8](got.Test.Columns[1].Values.Rows(0, 1)); !slices.Equal(m, slices.Repeat([]uint8{0, 0, 0, 1}, 3)) {
		t.Errorf("a mask is %v", m)
	}
}

// Squares are cut after splitting, so that no picture lies in two splits.
func TestCroppedPictures(t *testing.T) {
	got, err := openImages(t, masks(t), "image[row col], label[row col] in", "set", map[string]any{"crop": 2.0})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "image[row:2 col:2], label[row:2 col:2] in 2" || lengths(got) != [3]int{16, 0, 4} {
		t.Errorf("fields are %s, there are %v squares", text, lengths(got))
	}
	if m := tensor.Elements[uint8](got.Train.Columns[1].Values.Rows(0, 2)); !slices.Equal(m, []uint8{0, 0, 0, 0, 0, 1, 0, 1}) {
		t.Errorf("the first masks are %v", m)
	}
	of, err := openImages(t, classes(t, "set/"), "image[row col], label in", "set", map[string]any{"crop": 1.0, "test": 0.5})
	if err != nil {
		t.Fatal(err)
	}
	if lengths(of) != [3]int{20, 0, 20} {
		t.Errorf("there are %v squares", lengths(of))
	}
	for i := range of.Train.Len() {
		if pixel, label := of.Train.Columns[0].Values.At(i, 0, 0), of.Train.Columns[1].Values.At(i); (pixel >= 10) != (label == 1) {
			t.Errorf("a square of picture %v has the label %v", pixel, label)
		}
	}
}

func TestBadImages(t *testing.T) {
	ok := greyPNG(t, 2, 1, 2, 3, 4)
	bomb := greyPNG(t, 1, 1)
	copy(bomb[16:], []byte{0x7f, 0, 0, 0, 0x7f, 0, 0, 0}) // columns and rows in the header
	const grey = "image[row col], label in"
	for _, c := range []struct {
		name     string
		contents map[string][]byte
		fields   string
		named    map[string]any
		code     fault.Code
		want     string
	}{
		{"no pictures", map[string][]byte{"set/a.txt": nil}, grey, nil, fault.MissingData, "holds no PNG or JPEG files to train on"},
		{"two sizes", map[string][]byte{"set/a/1.png": ok, "set/a/2.png": greyPNG(t, 1, 1)}, grey, nil, fault.BadData, "2.png has 1 rows and 1 columns, the pictures before it have 2 and 2"},
		{"a damaged file", map[string][]byte{"set/a/1.png": ok[:len(ok)-20]}, grey, nil, fault.BadData, "a/1.png is no PNG or JPEG picture, or is damaged"},
		{"a text", map[string][]byte{"set/a/1.png": []byte("hello")}, grey, nil, fault.BadData, "a/1.png is no PNG or JPEG picture"},
		{"a huge one", map[string][]byte{"set/a/1.png": bomb}, grey, nil, fault.BadData, "a/1.png "},
		{"three axes too few", map[string][]byte{"set/a/1.png": ok}, "image[pixel], label in", nil, fault.BadData, "takes `image` with 1 axes"},
		{"a crop too large", map[string][]byte{"set/a/1.png": ok}, grey, map[string]any{"crop": 3.0}, fault.BadOption, "option `crop` is 3, the pictures have 2 rows"},
		{"resampled too large", map[string][]byte{"set/a/1.png": ok}, grey, map[string]any{"size": 1e6}, fault.BadData, "more than the limit of"},
		{"a picture without mask", map[string][]byte{"set/image/1.png": ok, "set/label/2.png": ok}, grey, nil, fault.BadData, "image/1.png has no mask"},
		{"a mask without picture", map[string][]byte{"set/image/1.png": ok, "set/label/1.png": ok, "set/label/2.png": ok}, grey, nil, fault.BadData, "label has 2 files, image has 1"},
		{"an archive in shreds", map[string][]byte{"set/train.tar": bytes.Repeat([]byte("no tar"), 200)}, grey, nil, fault.BadData, "is no archive of files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := openImages(t, c.contents, c.fields, "set", c.named)
			wantFault(t, err, c.code, c.want)
		})
	}
}
