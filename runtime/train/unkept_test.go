package train

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/runtime/weights"
)

// A run that is kept nowhere ends as one that is kept, and hands its weights out.
func TestUnkept(t *testing.T) {
	kept := create(t, t.TempDir()+"/run")
	want, err := runIn(t, descending(1, -2, 3), kept, 0)
	if err != nil {
		t.Fatal(err)
	}
	unkept := Unkept()
	got, err := runIn(t, descending(1, -2, 3), unkept, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got.Steps != want.Steps || !cmp.Equal(got.Train, want.Train) || !cmp.Equal(got.Test, want.Test) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	stored, err := weights.Read(kept.File(WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := unkept.Weights()["w"].At(), stored.Tensors["w"].At(); got != want {
		t.Errorf("the weight is %v, want %v", got, want)
	}
}
