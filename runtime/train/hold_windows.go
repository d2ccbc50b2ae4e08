package train

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// hold opens a file of a folder that nobody else may open, until it is closed or
// the process ends, whereupon the file goes; errHeld says that another has it.
func hold(path string) (io.Closer, error) {
	name, err := windows.UTF16PtrFromString(filepath.Join(path, lockFile))
	if err != nil {
		return nil, unwritable(path, err)
	}
	const alone = 0
	file, err := windows.CreateFile(name, windows.GENERIC_WRITE, alone, nil, windows.CREATE_ALWAYS,
		windows.FILE_ATTRIBUTE_TEMPORARY|windows.FILE_FLAG_DELETE_ON_CLOSE, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return nil, errHeld
	}
	if err != nil {
		return nil, unwritable(path, err)
	}
	return os.NewFile(uintptr(file), lockFile), nil
}
