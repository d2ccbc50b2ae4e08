// Package opaque runs boxes whose inside is not known: functions registered by name,
// and programs spoken to over a pipe.
//
// A program is started once, when a plan that names it is bound, and answers one frame
// for each run of its box. It reads frames on its standard input and writes frames on
// its standard output; what it writes on its standard error is shown where it fails.
// All numbers are little endian.
//
//	request   4 bytes   "NCD1"
//	          uint32    batch: how many examples
//	          uint32    in: numbers that one example has
//	          uint32    out: numbers that the answer for one has
//	          float32 × batch·in, example by example
//	answer    4 bytes   "NCD1"
//	          uint32    batch, as asked
//	          uint32    out, as asked
//	          float32 × batch·out, example by example
//
// The end of its input tells a program to end. An answer that is late, short, of other
// sizes or no such frame is an error, which names the program; a run goes no further.
// Programs run only after Allow. The package knows no plan and no diagram.
package opaque

import (
	"sync"
	"sync/atomic"

	"ncd/runtime/fault"
)

// Function computes out from in, both example by example, each example's numbers
// together: in has batch·from numbers and out batch·to. It must not keep the slices.
type Function func(batch int, in, out []float32) error

var (
	mutex     sync.RWMutex
	functions = map[string]Function{}
	isAllowed atomic.Bool
)

// Register gives a function a name, by which boxes `opaque["name", …]` find it. It
// panics if the name is taken.
func Register(name string, f Function) {
	mutex.Lock()
	defer mutex.Unlock()
	if functions[name] != nil {
		panic("opaque: " + name + " is registered twice")
	}
	functions[name] = f
}

// Allow lets boxes that name no registered function run a program.
func Allow() { isAllowed.Store(true) }

// Open is what a name stands for: the function registered so, or the program that the
// name, cut at spaces, starts. An example has from numbers, and its answer to. It errs
// where the name is not registered and no program may be run, or it cannot be started.
// Close ends a program.
func Open(name string, from, to int) (f Function, close func(), err error) {
	mutex.RLock()
	f = functions[name]
	mutex.RUnlock()
	switch {
	case f != nil:
		return f, func() {}, nil
	case !isAllowed.Load():
		return nil, nil, fault.New(fault.BadProgram, "", "an opaque box calls for %q, which is no registered function, and programs are run only with --allow-run", name).Mend("say --allow-run if you trust it")
	}
	p, err := start(name, from, to)
	if err != nil {
		return nil, nil, err
	}
	return p.call, p.end, nil
}
