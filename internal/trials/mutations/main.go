// Mutations damages programs and files at random, hands each to what reads it, and holds
// that it is read or refused: without a panic, within a time and within a memory.
//
//	go run ./internal/trials/mutations -kind programs -count 1000000
//	go run ./internal/trials/mutations -kind files -count 100000
//	go run ./internal/trials/mutations -kind png -count 100000
//
// Programs are only checked. Files are read by what reads them in training: safetensors,
// npy, npz, idx, csv, png, jpeg, wav, onnx, json (the record of a run), ts, cifar.
//
// Case number n of a kind is the same whenever it is tried. A case that fails is kept as
// a file, and told; one that hangs, or takes too much memory, ends the trial, which goes
// on behind it with -from. The time of a case is that of the processor, where the system
// tells it, so that a busy machine changes nothing. The exit status is 1 if a case fails.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

func main() {
	var o options
	kind := flag.String("kind", "programs", "`what` to damage: programs, files, which is all kinds of files, or one of them")
	flag.IntVar(&o.count, "count", 1000, "`number` of cases of each kind")
	flag.IntVar(&o.from, "from", 0, "`number` of the first case")
	flag.DurationVar(&o.time, "time", 5*time.Second, "`limit` on the time of a case")
	flag.Uint64Var(&o.memory, "memory", 512, "`limit` on the memory of the trial, in MiB")
	flag.StringVar(&o.keep, "keep", "failed", "`folder` for the cases that fail")
	flag.Parse()
	debug.SetGCPercent(400) // the trial makes much and keeps nothing
	if err := run(*kind, flag.Args(), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run tries the kinds that a word names, one after another.
func run(word string, sources []string, o options) error {
	folder, err := os.MkdirTemp("", "mutations")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	var chosen []kind
	if word == "programs" {
		programs, err := programs(sources)
		if err != nil {
			return err
		}
		chosen = []kind{programs}
	} else {
		chosen = slices.DeleteFunc(files(folder), func(k kind) bool { return word != "files" && word != k.name })
	}
	if len(chosen) == 0 {
		return fmt.Errorf("-kind %s: there is programs, files, %s", word, strings.Join(names(files(folder)), ", "))
	}
	failed := 0
	for _, k := range chosen {
		failed += k.try(o)
	}
	if failed > 0 {
		return fmt.Errorf("%d cases failed; they are in %s", failed, o.keep)
	}
	return nil
}

func names(kinds []kind) []string {
	var list []string
	for _, k := range kinds {
		list = append(list, k.name)
	}
	return list
}
