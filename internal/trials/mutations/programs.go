package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// longest is how many bytes a program has that is damaged: damages of long ones take long to
// check, and meet the same few declarations.
const longest = 800

// programs are the programs below some files and folders; the library's if there are none.
func programs(sources []string) (kind, error) {
	var texts [][]byte
	add := func(fsys fs.FS, path string) error {
		text, err := fs.ReadFile(fsys, path)
		if err == nil && len(text) <= longest {
			texts = append(texts, text)
		}
		return err
	}
	read := func(fsys fs.FS) error {
		return fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".ncd" {
				return err
			}
			return add(fsys, path)
		})
	}
	if len(sources) == 0 {
		sources = []string{"."}
	}
	for _, folder := range sources {
		if err := read(os.DirFS(folder)); err != nil {
			return kind{}, err
		}
	}
	if len(texts) == 0 {
		return kind{}, fmt.Errorf("there are no programs of up to %d bytes in %v", longest, sources)
	}
	draw := func(r *rand.Rand) []byte {
		text, other := texts[r.IntN(len(texts))], texts[r.IntN(len(texts))]
		if r.IntN(4) == 0 {
			return damaged(r, text, other)
		}
		return rewritten(r, text, other)
	}
	return kind{name: "programs", draw: draw, read: checked}, nil
}

// checked checks a program, and prints what is said of it.
func checked(text []byte) (bool, error) {
	file := &source.File{Name: "mutated.ncd", Text: string(text)}
	_, said := check.Check(file, check.Options{Library: stdlib.Files})
	isTaken := true
	for _, d := range said {
		_ = d.Text(false)
		isTaken = isTaken && d.Severity != source.Error
	}
	return isTaken, nil
}
