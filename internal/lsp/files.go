package lsp

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// overlay is the disk with other texts in place of some files.
type overlay struct {
	fs.FS
	root  string
	texts map[string]string // by path
}

func newDisk(root string) fs.FS { return os.DirFS(root) }

// ReadFile implements fs.ReadFileFS.
func (o *overlay) ReadFile(name string) ([]byte, error) {
	if text, isGiven := o.texts[filepath.Join(o.root, filepath.FromSlash(name))]; isGiven {
		return []byte(text), nil
	}
	return fs.ReadFile(o.FS, name)
}

// Stat implements fs.StatFS.
func (o *overlay) Stat(name string) (fs.FileInfo, error) {
	if text, isGiven := o.texts[filepath.Join(o.root, filepath.FromSlash(name))]; isGiven {
		return openFile{filepath.Base(name), len(text)}, nil
	}
	return fs.Stat(o.FS, name)
}

// openFile says of a text that is open in the editor what the disk says of a file.
type openFile struct {
	name  string
	bytes int
}

func (f openFile) Name() string       { return f.name }
func (f openFile) Size() int64        { return int64(f.bytes) }
func (f openFile) Mode() fs.FileMode  { return 0o444 }
func (f openFile) ModTime() time.Time { return time.Time{} }
func (f openFile) IsDir() bool        { return false }
func (f openFile) Sys() any           { return nil }

// pathOf is the file that a URI names, or "" where it names none on this disk.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || u.Path == "" {
		return ""
	}
	path := u.Path
	if runtime.GOOS == "windows" {
		path = strings.TrimPrefix(path, "/") // of /C:/…
	}
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		return ""
	}
	return filepath.Clean(path)
}

// uriOf is the URI of a file: that of the client, where it has the file open.
func (s *server) uriOf(path string) string {
	if s.documents[path] != nil {
		return path // it has no path, and is called by its URI
	}
	for uri := range s.documents {
		if pathOf(uri) == path {
			return uri
		}
	}
	return uriOf(path)
}

// uriOf is the URI of a file.
func uriOf(path string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}
