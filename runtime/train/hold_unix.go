//go:build unix

package train

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// hold locks a folder until it is closed or the process ends; errHeld says that
// another has it. Where the file system has no locks, there is no lock.
func hold(path string) (io.Closer, error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, unwritable(path, err)
	}
	if err := unix.Flock(int(folder.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == unix.EWOULDBLOCK {
		folder.Close()
		return nil, errHeld
	}
	return folder, nil
}
