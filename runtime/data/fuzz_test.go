package data

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"ncd/runtime/fault"
)

// strict are limits that a fuzzed file soon meets.
func strict() Limits {
	return Limits{File: 1 << 20, Text: 1 << 16, Set: 1 << 20, Picture: 1 << 12, Files: 100}
}

// fuzzed are requests of one file each, and a whole file to begin with.
func fuzzed(t testing.TB) []struct {
	r    Request
	file []byte
} {
	read := func(name string) []byte {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	palette := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	pictures := tarred(t, map[string][]byte{"a/1.png": greyPNG(t, 2, 1, 2, 3, 4), "b/1.png": encodePNG(t, palette)})
	type options = map[string]any
	return []struct {
		r    Request
		file []byte
	}{
		{request("tokens[s] in, next[s] in", "characters", "f", options{"context": 2.0}), []byte("to be or not to be, that is the question")},
		{request("image[row col c], label in", "cifar", "f", nil), cifarBytes(1, 2, 3, 4)},
		{request("x[f], y in", "csv", "f", options{"scale": true}), []byte(flowers)},
		{request("features[node f], label[node] in, from[edge] in, mask[node]", "graph", "f", nil), read("square.npz")},
		{request("image[row col], label in", "images", "f", options{"size": 3.0}), pictures},
		{request("image[row col], label in", "images", "f", nil), zipped(t, classes(t, ""))},
		{request("float32[a], int8[a] in", "npz", "f", nil), read("types.npz")},
		{request("x[t channel], label in", "spikes", "f", nil), npz(t, map[string][]byte{"x": npy("|u1", []int{1, 2, 1}, []uint8{1, 9}), "y": npy("|u1", []int{1}, []uint8{0})})},
		{request("x[t channel], label in, mask[t]", "ucr", "f", nil), []byte(vowels)},
		{request("features[t mel], label in", "wav", "f", options{"mels": 4.0}), zipped(t, map[string][]byte{"5_anna_0.wav": read("5_anna_0.wav")})},
		{request("tokens[s] in, label in", "words", "f", nil), []byte(sentences)},
		{request("tokens[s] in, next[s] in", "words", "f", options{"context": 2.0, "test": 0.0}), []byte(sentences)},
	}
}

// Whatever the bytes of a file, they are refused with a fault, or they are sets that
// can be dealt out.
func FuzzSources(f *testing.F) {
	requests, folder := fuzzed(f), f.TempDir()
	for i, c := range requests {
		f.Add(uint8(i), c.file)
		f.Add(uint8(i), gzipped(f, c.file))
		f.Add(uint8(i), c.file[:len(c.file)/2])
	}
	f.Fuzz(func(t *testing.T, which uint8, file []byte) {
		r := requests[int(which)%len(requests)].r
		if err := os.WriteFile(filepath.Join(folder, "f"), file, 0o644); err != nil {
			t.Fatal(err)
		}
		splits, err := OpenWithin(strict(), r, Lookup{Beside: folder})
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("%s: refused without a fault: %v", r.Source, err)
			}
			return
		}
		for _, set := range splits.sets() {
			l := NewLoader(set, Dealing{Batch: 3})
			for l.Next() != nil {
			}
			l.Close()
		}
	})
}
