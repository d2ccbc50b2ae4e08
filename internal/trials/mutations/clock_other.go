//go:build !unix

package main

import "time"

var start = time.Now()

// spent is the time since the trial began.
func spent() time.Duration { return time.Since(start) }
