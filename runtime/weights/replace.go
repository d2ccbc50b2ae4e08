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
	if err := replace(path, write); err != nil {
		if fault.As(err) != nil {
			return err
		}
		return fault.New(fault.UnwritableFile, path, "cannot be written: %v", reason(err)).Because(err)
	}
	return nil
}

func replace(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return writeThrough(path, write)
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	folder, name := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	f, err := os.CreateTemp(folder, "."+name+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails, as it should, once the file is renamed
	if err := store(f, path, write); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
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
