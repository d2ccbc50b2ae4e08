package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"ncd/internal/importer"
	"ncd/internal/onnx"
	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/train"
	"ncd/runtime/weights"
)

// files are the kinds of files; folder is where those are put that are read from one.
func files(folder string) []kind {
	return []kind{
		{"safetensors", safetensors(), bytewise(safetensors()), func(b []byte) (bool, error) {
			_, err := weights.Decode(bytes.NewReader(b), int64(len(b)), "f")
			return told(err)
		}},
		{"npy", npy(), bytewise(npy()), func(b []byte) (bool, error) {
			_, err := weights.DecodeArray(bytes.NewReader(b), int64(len(b)), "f")
			return told(err)
		}},
		{"npz", zipped("x.npy", npy()), npz(), sourced(folder, "x.npz", "npz", field("x", "b"))},
		{"idx", idx(), bytewise(idx()), sourced(folder, "train-images-idx3-ubyte", "mnist", field("image", "row", "col"), place("label"))},
		{"csv", []byte(csv), text(csv), sourced(folder, "x.csv", "csv", field("features", "feature"), place("label"))},
		{"png", png(), picture(png()), sourced(folder, "x/a/1.png", "images", field("image", "row", "col", "c"), place("label"))},
		{"jpeg", jpeg(), bytewise(jpeg()), sourced(folder, "x/a/1.jpg", "images", field("image", "row", "col", "c"), place("label"))},
		{"wav", wav(), bytewise(wav()), sourced(folder, "x/5_anna_0.wav", "wav", field("features", "t", "mel"), place("label"))},
		{"onnx", network(), bytewise(network()), imported},
		{"json", []byte(record), text(record), recorded(folder)},
		{"ts", []byte(series), text(series), sourced(folder, "x.ts", "ucr", field("x", "t", "channel"), place("label"))},
		{"cifar", cifar(), bytewise(cifar()), sourced(folder, "x.bin", "cifar", field("image", "row", "col", "c"), place("label"))},
	}
}

// bytewise draws damaged files of bytes.
func bytewise(whole []byte) func(*rand.Rand) []byte {
	return func(r *rand.Rand) []byte { return gzipped(r, damaged(r, whole, whole)) }
}

// text draws damaged files of text.
func text(whole string) func(*rand.Rand) []byte {
	return func(r *rand.Rand) []byte {
		if r.IntN(3) == 0 {
			return gzipped(r, damaged(r, []byte(whole), []byte(whole)))
		}
		return gzipped(r, rewritten(r, []byte(whole), []byte(whole)))
	}
}

// told is what a reader said; what is wrong with a file must be a fault.
func told(err error) (bool, error) {
	if err != nil && fault.As(err) == nil {
		return false, fmt.Errorf("an error that is no fault: %w", err)
	}
	return err == nil, nil
}

func field(name string, axes ...string) data.Field {
	return data.Field{Name: name, Axes: axes, Dims: make([]int, len(axes))}
}

func place(name string) data.Field { return data.Field{Name: name, IsPlaces: true} }

// limits are low ones, so that what goes beyond them is seen.
var limits = data.Limits{File: 1 << 24, Text: 1 << 22, Set: 1 << 24, Picture: 1 << 20, Files: 1000}

// sourced reads a file by a source of data.
func sourced(folder, path, name string, fields ...data.Field) func([]byte) (bool, error) {
	folder = filepath.Join(folder, filepath.Base(path)) // one for each kind
	path = filepath.Join(folder, filepath.FromSlash(path))
	asked := "x"
	for _, whole := range []string{"x.npz", "x.csv", "x.ts", "x.bin"} {
		if filepath.Base(path) == whole {
			asked = whole
		}
	}
	if name == "mnist" {
		asked = "."
	}
	others := beside(folder, name)
	return func(b []byte) (bool, error) {
		if others != nil {
			if err := others(); err != nil {
				return false, err
			}
			others = nil
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return false, err
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return false, err
		}
		r := data.Request{Source: name, Args: []any{asked}, Fields: fields, Named: settings[name]}
		_, err := data.OpenWithin(limits, r, data.Lookup{Beside: folder})
		return told(err)
	}
}

// settings are those of a source.
var settings = map[string]map[string]any{"wav": {"mels": 4.0}}

// beside writes the other files that a source wants.
func beside(folder, name string) func() error {
	if name != "mnist" {
		return nil
	}
	return func() error {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		for file, bytes := range map[string][]byte{
			"train-labels-idx1-ubyte": idxOf([]int{4}, []byte{0, 1, 2, 1}),
			"t10k-images-idx3-ubyte":  idx(), "t10k-labels-idx1-ubyte": idxOf([]int{4}, []byte{0, 1, 2, 1}),
		} {
			if err := os.WriteFile(filepath.Join(folder, file), bytes, 0o644); err != nil {
				return err
			}
		}
		return nil
	}
}

// imported reads a model, and writes it as a program.
func imported(b []byte) (bool, error) {
	m, err := onnx.Decode(b)
	if err != nil {
		return false, nil
	}
	p, err := importer.Import(m, importer.Options{})
	if err != nil {
		return false, nil
	}
	_, err = p.Named()
	return err == nil, nil
}

// recorded reads the record of a run.
func recorded(folder string) func([]byte) (bool, error) {
	return func(b []byte) (bool, error) {
		if err := os.WriteFile(filepath.Join(folder, train.RecordFile), b, 0o644); err != nil {
			return false, err
		}
		_, err := train.Open(folder)
		return told(err)
	}
}
