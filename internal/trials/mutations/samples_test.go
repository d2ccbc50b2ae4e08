package main

import "testing"

// What is damaged is taken when it is whole.
func TestSamplesAreTaken(t *testing.T) {
	for _, k := range files(t.TempDir()) {
		t.Run(k.name, func(t *testing.T) {
			isTaken, err := k.once(k.whole)
			if err != nil || !isTaken {
				t.Errorf("it is refused: %v", err)
			}
		})
	}
}

// A few cases of each kind, as the trial tries them.
func TestTrial(t *testing.T) {
	all := files(t.TempDir())
	programs, err := programs([]string{"../../../stdlib"})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range append(all, programs) {
		if failed := k.try(options{count: 20, time: 1 << 40, memory: 4096, keep: t.TempDir()}); failed > 0 {
			t.Errorf("%s: %d cases failed", k.name, failed)
		}
	}
}
