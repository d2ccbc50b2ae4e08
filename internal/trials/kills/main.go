// Kills trains a small model on the bundled digits again and again, kills the process
// at a random moment, goes on with the run, and holds that it ends at the same bytes
// as one that was never killed: weights, state and figures, with nothing left over in
// the run folder. A run is killed as often as a coin says, once at least.
//
//	go build -o ncd .
//	go run ./internal/trials/kills -ncd ./ncd -kills 1000
//
// One kill in four comes at a moment of the whole process, start-up included, the
// others at a moment after the run folder is there. Kills that came too late, to a
// process that had ended, are counted apart. The exit status is 1 if a run differs.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

//go:embed digits.ncd
var program []byte

func main() {
	command := flag.String("ncd", "", "the `binary` to try")
	kills := flag.Int("kills", 1000, "`number` of kills")
	together := flag.Int("together", 2, "`number` of runs at once")
	seed := flag.Uint64("seed", 1, "`seed` of the moments")
	flag.Parse()
	if err := run(*command, *kills, *together, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run makes trials until there were so many kills, and tells what came of them.
func run(command string, kills, together int, seed uint64) error {
	folder, err := os.MkdirTemp("", "kills")
	if err != nil {
		return err
	}
	t, err := newTrial(command, folder, seed)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	for range together {
		all.Go(func() {
			for t.outcome.Kills() < kills {
				t.outcome.add(t.once())
			}
		})
	}
	all.Wait()
	fmt.Print(&t.outcome)
	if t.outcome.differing > 0 {
		return fmt.Errorf("the runs that differ are kept in %s", folder)
	}
	return os.RemoveAll(folder)
}

// newTrial makes the run that is never killed.
func newTrial(command, folder string, seed uint64) (*trial, error) {
	command, err := filepath.Abs(command)
	if err != nil {
		return nil, err
	}
	t := &trial{command: command, program: filepath.Join(folder, "digits.ncd"), folder: folder, chance: newChance(seed)}
	if err := os.WriteFile(t.program, program, 0o644); err != nil {
		return nil, err
	}
	return t, t.measure()
}
