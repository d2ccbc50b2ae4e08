//go:build unix

package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// spent is the time that the processor has worked for this process.
func spent() time.Duration {
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		panic(err) // the arguments are right
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
