package data

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"ncd/runtime/fault"
)

//go:embed digits8x8
var embedded embed.FS

// Lookup says where relative paths are looked for: Beside, then Under, then among
// the sets that come with the binary.
type Lookup struct {
	Beside string // the folder of the source file; "" is the current one
	Under  string // --data or NCD_DATA; "" is none
}

// place is where a file or folder was found.
type place struct {
	fsys  fs.FS
	name  string // in fsys
	shown string // for people and for the run's record
	isDir bool
}

// find looks a path up. An absolute path, and one that climbs out of the source
// file's folder with .., is the author's own business; the other two places are
// left by no path.
func (l Lookup) find(asked string) (place, error) {
	var tried []string
	for _, candidate := range l.candidates(asked) {
		info, err := fs.Stat(candidate.fsys, candidate.name)
		if err == nil {
			candidate.isDir = info.IsDir()
			return candidate, nil
		}
		if errors.Is(err, fs.ErrPermission) {
			return place{}, fault.New(fault.UnreadableFile, candidate.shown, "cannot be read: %v", reason(err)).Because(err)
		}
		tried = append(tried, candidate.shown)
	}
	f := fault.New(fault.MissingData, asked, "there is no such file or folder; tried\n  %s", strings.Join(tried, "\n  "))
	if l.Under == "" && !filepath.IsAbs(asked) {
		return place{}, f.Mend("name the folder that holds it with --data DIR or NCD_DATA")
	}
	return place{}, f.Mend("the path is looked for beside the source file, then under --data DIR or NCD_DATA")
}

func (l Lookup) candidates(asked string) []place {
	native := filepath.FromSlash(asked)
	if filepath.IsAbs(native) {
		return []place{onDisk(native)}
	}
	candidates := []place{onDisk(filepath.Join(l.Beside, native))}
	if !filepath.IsLocal(native) {
		return candidates
	}
	if l.Under != "" {
		candidates = append(candidates, onDisk(filepath.Join(l.Under, native)))
	}
	inside := path.Clean(filepath.ToSlash(native))
	return append(candidates, place{fsys: embedded, name: inside, shown: "ncd:" + inside})
}

func onDisk(name string) place {
	folder, base := filepath.Split(filepath.Clean(name))
	if folder == "" {
		folder = "."
	}
	if base == "" || base == ".." || base == "." { // a root, or a folder above: no name in another
		folder, base = name, "."
	}
	return place{fsys: os.DirFS(folder), name: base, shown: name}
}

// in is a file of a folder.
func (p place) in(name string) place {
	return place{fsys: p.fsys, name: path.Join(p.name, name), shown: path.Join(filepath.ToSlash(p.shown), name)}
}

// either is the first of the names that the folder has.
func (p place) either(names ...string) (place, bool) {
	for _, name := range names {
		if file := p.in(name); file.exists() {
			return file, true
		}
	}
	return place{}, false
}

// exists reports whether there is something in the place.
func (p place) exists() bool {
	_, err := fs.Stat(p.fsys, p.name)
	return err == nil
}

// reason is what the system said, without the operation and the path.
func reason(err error) error {
	var told *fs.PathError
	if errors.As(err, &told) {
		return told.Err
	}
	return err
}
