package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// moment is what a run folder held when its process was killed.
type moment int

const (
	beforeRecord moment = iota // no run.json yet
	beforeState                // nothing saved yet
	withState
	withFinal // all saved, and the figures of the end recorded
	moments
)

var momentText = [moments]string{"before the run was recorded", "before it was saved for the first time", "between saves", "behind the last figure"}

// momentOf looks at a run folder.
func momentOf(folder string) moment {
	record, err := os.ReadFile(filepath.Join(folder, "run.json"))
	if err != nil {
		return beforeRecord
	}
	if strings.Contains(string(record), `"final"`) {
		return withFinal
	}
	if _, err := os.Stat(filepath.Join(folder, "state.safetensors")); err != nil {
		return beforeState
	}
	return withState
}

// result is what came of one trial.
type result struct {
	kills [moments]int
	late  int // kills of a process that had ended
	fault error
}

// outcome is what came of all trials. It may be shared.
type outcome struct {
	lock      sync.Mutex
	kills     [moments]int
	late      int
	runs      int
	differing int
}

// Kills is how many kills there were.
func (o *outcome) Kills() int {
	o.lock.Lock()
	defer o.lock.Unlock()
	n := 0
	for _, k := range o.kills {
		n += k
	}
	return n
}

func (o *outcome) add(r result) {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.runs++
	o.late += r.late
	for i, k := range r.kills {
		o.kills[i] += k
	}
	if r.fault != nil {
		o.differing++
		fmt.Fprintln(os.Stderr, r.fault)
	}
}

func (o *outcome) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d kills in %d runs; %d of the runs differ from one that was never killed; %d kills came too late\n", o.Kills(), o.runs, o.differing, o.late)
	for i, k := range o.kills {
		fmt.Fprintf(&text, "%6d  %s\n", k, momentText[i])
	}
	return text.String()
}
