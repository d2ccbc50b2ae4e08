package weights

import (
	"errors"
	"io/fs"
	"os"

	"ncd/runtime/fault"
)

// withFile opens a file and hands it on with its length.
func withFile[T any](code fault.Code, path string, read func(*os.File, int64) (T, error)) (T, error) {
	var none T
	info, err := os.Stat(path) // before it is opened: that of a pipe waits for a writer
	if err != nil {
		return none, unreadable(code, path, err)
	}
	if !info.Mode().IsRegular() {
		return none, fault.New(code, path, "is not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return none, unreadable(code, path, err)
	}
	defer f.Close()
	return read(f, info.Size())
}

// unreadable tells a file that is not there, or that the system keeps from us.
func unreadable(code fault.Code, path string, err error) *fault.Fault {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(code, path, "there is no such file").Because(err)
	}
	return fault.New(fault.UnreadableFile, path, "cannot be read: %v", reason(err)).Because(err)
}

// reason is what the system said, without the operation and the path.
func reason(err error) error {
	var told *fs.PathError
	if errors.As(err, &told) {
		return told.Err
	}
	return err
}
