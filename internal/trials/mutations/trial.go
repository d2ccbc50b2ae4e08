package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// options are how many cases are tried, and within what.
type options struct {
	count, from int
	time        time.Duration
	memory      uint64 // MiB
	keep        string
}

// kind is a kind of input.
type kind struct {
	name  string
	whole []byte                     // one that is not damaged; nil: there are many
	draw  func(*rand.Rand) []byte    // a damaged one
	read  func([]byte) (bool, error) // whether it was taken; the error says that what was read is wrong
}

// try tries the cases, tells what came of them, and returns how many failed.
func (k kind) try(o options) int {
	began, taken, failed := time.Now(), 0, 0
	var slowest time.Duration
	w := watch{kind: k, options: o}
	stop := w.start()
	for n := o.from; n < o.from+o.count; n++ {
		input := k.draw(rand.New(rand.NewPCG(uint64(n), uint64(len(k.name)))))
		w.begin(n, input)
		isTaken, err := k.once(input)
		spent := w.end()
		slowest = max(slowest, spent)
		if isTaken {
			taken++
		}
		if err != nil {
			failed++
			k.keep(o, n, input, err.Error())
		}
	}
	stop()
	fmt.Printf("%-12s %d cases: %d taken, %d refused, %d failed; the slowest took %v; %d MiB at most; %v in all\n",
		k.name, o.count, taken, o.count-taken-failed, failed, slowest.Round(time.Millisecond), memory()>>20, time.Since(began).Round(time.Second))
	return failed
}

// once reads one input; a panic becomes an error.
func (k kind) once(input []byte) (isTaken bool, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("panic: %v\n%s", broken, debug.Stack())
		}
	}()
	return k.read(input)
}

// keep writes a case that fails, and tells it.
func (k kind) keep(o options, number int, input []byte, cause string) {
	path := filepath.Join(o.keep, fmt.Sprintf("%s-%d", k.name, number))
	fmt.Fprintf(os.Stderr, "%s, case %d, kept as %s: %s\n", k.name, number, path, cause)
	if err := os.MkdirAll(o.keep, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	if err := os.WriteFile(path, input, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// watch ends the trial at a case that takes too long, or too much.
type watch struct {
	kind    kind
	options options
	current atomic.Pointer[current]
}

// current is the case that is being tried.
type current struct {
	number int
	input  []byte
	began  time.Duration // of the processor
}

func (w *watch) begin(number int, input []byte) { w.current.Store(&current{number, input, spent()}) }

func (w *watch) end() time.Duration {
	took := spent() - w.current.Load().began
	w.current.Store(nil)
	return took
}

// start watches until it is stopped.
func (w *watch) start() (stop func()) {
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				w.look()
			}
		}
	}()
	return func() { close(done) }
}

func (w *watch) look() {
	c := w.current.Load()
	if c == nil {
		return
	}
	cause := ""
	switch {
	case spent()-c.began > w.options.time:
		cause = fmt.Sprintf("it takes more than %v", w.options.time)
	case memory() > w.options.memory<<20:
		cause = fmt.Sprintf("it takes more than %d MiB", w.options.memory)
	default:
		return
	}
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	w.kind.keep(w.options, c.number, c.input, cause+"\n"+string(stacks))
	fmt.Fprintf(os.Stderr, "go on with -kind %s -from %d\n", w.kind.name, c.number+1)
	os.Exit(1)
}

// memory is how many bytes the heap has had at most.
func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapSys
}
