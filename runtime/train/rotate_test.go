package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ncd/runtime/fault"
)

// hold9 is a run of nine steps, saved behind each, of which so many states are kept.
func hold9(kept int) *Training {
	job := descending(1, -2, 3, -4, 5, 6, 7)
	job.SaveSteps, job.Keep = 1, kept
	return job
}

// statesOf are the steps at which the states of a folder stand, the last one first.
func statesOf(t *testing.T, f *Folder) []int {
	t.Helper()
	list, err := f.states()
	if err != nil {
		t.Fatal(err)
	}
	var steps []int
	for _, before := range list {
		c, err := readCheckpoint(f.stateFile(before))
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, c.Step)
	}
	return steps
}

func TestStatesAreKept(t *testing.T) {
	for _, c := range []struct {
		kept int
		want []int
	}{{0, []int{9}}, {1, []int{9}}, {2, []int{9, 8}}, {4, []int{9, 8, 7, 6}}} {
		folder := create(t, filepath.Join(t.TempDir(), "run"))
		if _, err := runIn(t, hold9(c.kept), folder, 0); err != nil {
			t.Fatal(err)
		}
		if got := statesOf(t, folder); !slices.Equal(got, c.want) {
			t.Errorf("of %d to keep: got those behind the steps %v, want %v", c.kept, got, c.want)
		}
	}
}

// A run is found again at whatever a killed process or a broken disk left of its states,
// and ends with the same ones.
func TestStatesThatAreLeft(t *testing.T) {
	whole := create(t, filepath.Join(t.TempDir(), "whole"))
	if _, err := runIn(t, hold9(3), whole, 0); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		missing []int
		flipped []int
		at      int // the step that the run is found at
	}{
		{"all", nil, nil, 6},
		{"killed between two renamings", []int{0}, nil, 5},
		{"killed a renaming earlier", []int{1}, nil, 6},
		{"the last is damaged", nil, []int{0}, 5},
		{"the last two are damaged", nil, []int{0, 1}, 4},
		{"one that is not wanted is damaged", nil, []int{1}, 6},
		{"none is left", []int{0, 1, 2}, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cut := create(t, filepath.Join(t.TempDir(), "cut"))
			if _, err := runIn(t, hold9(3), cut, 6); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, want that it was cut", err)
			}
			for _, before := range c.missing {
				if err := os.Remove(cut.stateFile(before)); err != nil {
					t.Fatal(err)
				}
			}
			for _, before := range c.flipped {
				flip(t, cut.stateFile(before))
			}
			resumed, err := Resume(cut.Path)
			if err != nil {
				t.Fatal(err)
			}
			defer resumed.Close()
			if resumed.Steps() != c.at {
				t.Errorf("the run is found at step %d, want %d", resumed.Steps(), c.at)
			}
			if _, err := runIn(t, hold9(3), resumed, 0); err != nil {
				t.Fatal(err)
			}
			for before := range 3 {
				if !bytes.Equal(read(t, whole.stateFile(before)), read(t, resumed.stateFile(before))) {
					t.Errorf("the state %d before the last one differs from that of the whole run", before)
				}
			}
		})
	}
}

func flip(t *testing.T, path string) {
	t.Helper()
	text := read(t, path)
	text[len(text)/2] ^= 4
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Where no state is whole, the run is refused, and its files stay.
func TestNoStateIsWhole(t *testing.T) {
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	if _, err := runIn(t, hold9(2), folder, 5); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want that it was cut", err)
	}
	for before := range 2 {
		flip(t, folder.stateFile(before))
	}
	_, err := Resume(folder.Path)
	if f := fault.As(err); f == nil || f.Code != fault.BadWeights || f.Path != folder.File(StateFile) {
		t.Errorf("got %v, want %s of the last state", err, fault.BadWeights)
	}
	for before := range 2 {
		if _, err := os.Stat(folder.stateFile(before)); err != nil {
			t.Error(err)
		}
	}
}

// Files of other names are nobody's states.
func TestNamesOfStates(t *testing.T) {
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	for _, name := range []string{"state.0.safetensors", "state.01.safetensors", "state.x.safetensors", "state.1.safetensors.old", "state.-1.safetensors"} {
		if err := os.WriteFile(folder.File(name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := folder.states(); err != nil || len(list) > 0 {
		t.Errorf("got %v, %v, want none", list, err)
	}
	if err := os.WriteFile(folder.stateFile(12), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if list, _ := folder.states(); fmt.Sprint(list) != "[12]" {
		t.Errorf("got %v, want 12", list)
	}
}
