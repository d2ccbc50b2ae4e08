package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestFaultIsFoundInErrors(t *testing.T) {
	f := New(BadData, "a.csv", "line %d is empty", 3).Mend("leave it out").Because(fs.ErrNotExist)
	err := fmt.Errorf("training: %w", f)
	if As(err) != f || !errors.Is(err, fs.ErrNotExist) {
		t.Error("the fault or its cause is lost in a wrapping error")
	}
	if got, want := f.Error(), "a.csv: line 3 is empty"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if As(fs.ErrNotExist) != nil {
		t.Error("another error was taken for a fault")
	}
}

func TestMendNearest(t *testing.T) {
	names := []string{"csv", "digits", "mnist"}
	for name, want := range map[string]string{"minst": "write `mnist`", "cifar": ""} {
		if got := New(BadData, "", "no").MendNearest("write `%s`", name, names).Help; got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
