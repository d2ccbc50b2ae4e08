package weights

import (
	"bufio"
	"io"
	"os"
	"path/filepath"

	"ncd/runtime/fault"
)

// Replace puts what write writes in place of the file path, whole or not at all:
// into a file beside it, which takes its place only when it is safely stored. On
// an error the old file is as it was and nothing else is left behind. A link stays
// a link to what is replaced; what is no file, a device or a pipe, is written to.
func Replace(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return unwritable(path, writeThrough(path, write))
	}
	p, err := Prepare(path, write)
	if err != nil {
		return err
	}
	defer p.Discard()
	return p.Place()
}

// Prepared is a file that is safely stored beside the one whose place it is to take.
type Prepared struct {
	asked  string // the path that it was prepared for
	path   string // of the file to replace: where asked leads, if it is a link
	stored string // "": it has taken its place, or is discarded
}

// Prepare stores what write writes beside the file path. What is returned must be
// placed or discarded. On an error nothing is left behind.
func Prepare(path string, write func(io.Writer) error) (*Prepared, error) {
	p := &Prepared{asked: path, path: path}
	if linked, err := filepath.EvalSymlinks(path); err == nil {
		p.path = linked
	}
	folder, name := filepath.Split(p.path)
	if folder == "" {
		folder = "."
	}
	f, err := os.CreateTemp(folder, "."+name+".*")
	if err != nil {
		return nil, unwritable(path, err)
	}
	p.stored = f.Name()
	if err := store(f, p.path, write); err != nil {
		p.Discard()
		return nil, unwritable(path, err)
	}
	return p, nil
}

// Place lets it take its place.
func (p *Prepared) Place() error {
	if err := os.Rename(p.stored, p.path); err != nil {
		return unwritable(p.asked, err)
	}
	p.stored = ""
	return unwritable(p.asked, syncFolder(filepath.Dir(p.path)))
}

// Discard takes it away, unless it has taken its place.
func (p *Prepared) Discard() {
	if p.stored != "" {
		_ = os.Remove(p.stored)
		p.stored = ""
	}
}

// unwritable tells that the system refuses to write a file.
func unwritable(path string, err error) error {
	if err == nil || fault.As(err) != nil {
		return err
	}
	return fault.New(fault.UnwritableFile, path, "cannot be written: %v", reason(err)).Because(err)
}

// writeThrough writes to a device or a pipe; a folder refuses.
func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// store writes all of f, forces it to the disk, and closes it.
func store(f *os.File, path string, write func(io.Writer) error) error {
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Chmod(mode(path)); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// mode is the permissions of the file that is replaced.
func mode(path string) os.FileMode {
	if old, err := os.Stat(path); err == nil {
		return old.Mode().Perm()
	}
	return 0o644
}

// syncFolder makes the new name last. Not every system can sync a folder; there
// the rename itself has to do.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	_ = d.Sync()
	return nil
}
