package lsp

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ncd/stdlib"
)

// libraryURI is where an editor finds a source of the standard library: a copy in the
// cache, in a folder named for its text, so that another version has another.
func (s *server) libraryURI(name string) (string, bool) {
	name = strings.TrimSuffix(name, ".ncd") + ".ncd"
	text, err := fs.ReadFile(stdlib.Files, name)
	if err != nil || s.options.Cache == "" {
		return "", false
	}
	sum := sha256.Sum256(text)
	folder := filepath.Join(s.options.Cache, "std-"+hex.EncodeToString(sum[:6]))
	path := filepath.Join(folder, name)
	if held, err := os.ReadFile(path); err == nil && string(held) == string(text) {
		return uriOf(path), true
	}
	if os.MkdirAll(folder, 0o755) != nil || replace(path, text) != nil {
		return "", false
	}
	return uriOf(path), true
}

// replace writes a file that others never see half written, and that nobody is meant
// to change.
func replace(path string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // where it was not renamed
	_, err = file.Write(text)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o444); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
