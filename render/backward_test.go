package render

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/learn"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// backwardOf draws the backward view of every diagram of a program. That nothing goes
// back, that it is too large, and that turns wait for letters may be the reasons why one
// has none.
func backwardOf(t *testing.T, dir, file string) (drawn int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := check.Check(&source.File{Name: file, Text: string(text)}, check.Options{Sources: os.DirFS(dir), Library: stdlib.Files})
	for _, name := range p.Diagrams() {
		d, _ := p.Diagram(name, nil)
		if d == nil { // its parameters have no values of their own
			continue
		}
		both, err := learn.Backward(d)
		if letters := (learn.LettersError{}); errors.As(err, &letters) && len(letters.Letters) > 0 {
			continue
		}
		if err == nil {
			_, _, err = Backward(both, Options{Depth: AllLevels})
		}
		switch {
		case err == nil:
			drawn++
		case !errors.Is(err, ErrOneWay) && !errors.Is(err, ErrTooLarge):
			t.Errorf("%s: %v", name, err)
		}
	}
	return drawn
}

// The backward view shows every diagram of the standard library, or says why not.
func TestBackwardOfTheLibrary(t *testing.T) {
	files, err := filepath.Glob("../stdlib/*.ncd")
	if err != nil || len(files) == 0 {
		t.Fatal("no library")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { backwardOf(t, "../stdlib", filepath.Base(file)) })
	}
}

// The same of boxes that send back what a program of their own says, and of states.
func TestBackwardOfReverse(t *testing.T) {
	if got := backwardOf(t, "testdata", "backward.ncd"); got != 4 {
		t.Errorf("%d are drawn, want 4", got)
	}
}

// NCD_SHARED names a folder with more programs, in specimens/.
func TestBackwardOfSpecimens(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the specimens are")
	}
	dir := filepath.Join(shared, "specimens")
	files, err := filepath.Glob(filepath.Join(dir, "*.ncd"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no specimens in %s", dir)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { backwardOf(t, dir, filepath.Base(file)) })
	}
}
