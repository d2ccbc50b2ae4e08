package data

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"path"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// cifarBytes is a record: planes of one red, green and blue, and a first pixel that
// is white.
func cifarBytes(label, red, green, blue byte) []byte {
	record := []byte{label}
	for _, plane := range []byte{red, green, blue} {
		record = append(record, 255)
		record = append(record, bytes.Repeat([]byte{plane}, cifarPixels-1)...)
	}
	return record
}

func openCIFAR(at Lookup, path string) (*Splits, error) {
	return Open(request("image[row col c], label in", "cifar", path, nil), at)
}

func TestCIFAR(t *testing.T) {
	first, second := cifarBytes(3, 10, 20, 30), cifarBytes(9, 1, 2, 3)
	at := Lookup{Under: files(t, map[string][]byte{
		"set/data_batch_1.bin": append(first, second...), "set/data_batch_2.bin.gz": gzipped(t, cifarBytes(0, 4, 5, 6)),
		"set/test_batch.bin": second, "set/batches.meta.txt": []byte("airplane"),
		"unpacked/cifar-10-batches-bin/data_batch_1.bin": first,
	})}
	got, err := openCIFAR(at, "set")
	if err != nil {
		t.Fatal(err)
	}
	if counts := lengths(got); counts != [3]int{3, 0, 1} {
		t.Errorf("there are %v images", counts)
	}
	image, label := got.Train.Columns[0], got.Train.Columns[1]
	if image.Unit != 255 || image.Values.At(0, 0, 0, 2) != 255 || image.Values.At(0, 31, 31, 1) != 20 || image.Values.At(2, 5, 6, 2) != 6 {
		t.Errorf("the pixels are not the file's")
	}
	if label.Names[int(label.Values.At(0))] != "cat" || label.Places != 10 {
		t.Errorf("the first label is %v in %v", label.Values.At(0), label.Names)
	}
	for path, want := range map[string][3]int{"set/data_batch_1.bin": {2, 0, 0}, "unpacked": {1, 0, 0}} {
		got, err := openCIFAR(at, path)
		if err != nil || lengths(got) != want {
			t.Errorf("%s: got %v, %v", path, got, err)
		}
	}
}

// plain is a JPEG file of one colour.
func plain(t *testing.T, rows, cols int, c color.Color) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, cols, rows))
	for i := range rows * cols {
		picture.Set(i%cols, i/cols, c)
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestCIFARAsPictures(t *testing.T) {
	contents := map[string][]byte{}
	for i, class := range cifarNames {
		contents[path.Join("train", class, "0000.jpg")] = plain(t, 32, 32, color.RGBA{uint8(20 * i), 0, 0, 255})
	}
	test := map[string][]byte{"test/frog/0000.jpg": plain(t, 32, 32, color.RGBA{0, 200, 0, 255})}
	at := Lookup{Under: files(t, map[string][]byte{
		"set/train.tar.gz": gzipped(t, tarred(t, contents)), "set/test.tar.gz": gzipped(t, tarred(t, test)), "set/SOURCE.md": []byte("text"),
	})}
	got, err := openCIFAR(at, "set")
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "image[row:32 col:32 c:3], label in 10" || lengths(got) != [3]int{10, 0, 1} {
		t.Errorf("fields are %s, there are %v images", text, lengths(got))
	}
	pixels, labels := got.Train.Columns[0].Values, tensor.Elements[int32](got.Train.Columns[1].Values)
	for i, label := range labels {
		if red := pixels.At(i, 16, 16, 0); red < float64(20*label)-3 || red > float64(20*label)+3 {
			t.Errorf("class %d is red %v", label, red)
		}
	}
	if got.Test.Columns[1].Values.At(0) != 6 {
		t.Errorf("the frog is %v", got.Test.Columns[1].Values.At(0))
	}
}

func TestBadCIFAR(t *testing.T) {
	good := cifarBytes(1, 2, 3, 4)
	for _, c := range []struct {
		name string
		file []byte
		code fault.Code
		want string
	}{
		{"cut short", good[:3000], fault.BadData, "has 3000 bytes, not a multiple of 3073"},
		{"empty", nil, fault.BadData, "has 0 bytes"},
		{"a label too high", cifarBytes(10, 0, 0, 0), fault.BadData, "example 0 has the label 10"},
		{"gzip cut short", gzipped(t, good)[:40], fault.BadData, "ends too early"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := Lookup{Under: files(t, map[string][]byte{"set/data_batch_1.bin": c.file})}
			_, err := openCIFAR(at, "set")
			wantFault(t, err, c.code, c.want)
		})
	}
	at := Lookup{Under: files(t, map[string][]byte{"set/cat/0.jpg": plain(t, 32, 32, color.White), "small/train/x/0.jpg": plain(t, 9, 9, color.White)})}
	_, err := openCIFAR(at, "set")
	wantFault(t, err, fault.MissingData, "holds neither data_batch_*.bin nor pictures in folders airplane, ")
}
