package train

import (
	"testing"

	"ncd/runtime/data"
	"ncd/runtime/fault"
)

func TestJoin(t *testing.T) {
	a := &data.Splits{Train: numbers(1, 2, 3), Test: numbers(4), Files: []data.Digest{{Path: "a"}}}
	b := &data.Splits{Train: numbers(5, 6, 7), Validation: numbers(8), Files: []data.Digest{{Path: "b"}}}
	whole, err := Join([]string{"a", "b"}, []*data.Splits{a, b})
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Train.Columns) != 2 || whole.Train.Len() != 3 || whole.Test != nil || whole.Validation != nil || len(whole.Files) != 2 {
		t.Errorf("got %+v", whole)
	}
	_, err = Join([]string{"a", "b"}, []*data.Splits{a, {Train: numbers(1, 2)}})
	if f := fault.As(err); f == nil || f.Code != fault.BadData || f.Message != "`a` gives 3 examples for the train split, and `b` 2" {
		t.Errorf("got %v", err)
	}
}
