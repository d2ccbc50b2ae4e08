package kernel

import (
	"errors"
	"fmt"
	"testing"
)

// embedding looks rows of a table of three up, three columns each.
func embedding() *Take {
	return NewTake(Take{
		Dims: []int{4}, Row: []int{3}, Size: 3, Stride: 3,
		Places: Contiguous(4), Table: View{0, []int{0, 1}}, Out: Contiguous(4, 3),
	})
}

func TestTake(t *testing.T) {
	table := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}
	out := make([]float32, 12)
	if err := RunTake(embedding(), out, table, []int32{2, 0, 0, 1}); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(out), "[7 8 9 1 2 3 1 2 3 4 5 6]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The score of each example's label: the table changes with the example.
func TestTakeFromEachRow(t *testing.T) {
	pick := NewTake(Take{Dims: []int{2}, Size: 3, Stride: 1, Places: Contiguous(2), Table: View{0, []int{3}}, Out: Contiguous(2)})
	out := make([]float32, 2)
	if err := RunTake(pick, out, []float32{1, 2, 3, 4, 5, 6}, []int32{2, 1}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(out); got != "[3 5]" {
		t.Errorf("got %s, want [3 5]", got)
	}
}

func TestTakeStridedRows(t *testing.T) {
	take := NewTake(Take{
		Dims: []int{2}, Row: []int{2, 2}, Size: 2, Stride: 1,
		Places: View{1, []int{-1}}, Table: View{0, []int{0, 4, 2}}, Out: View{0, []int{1, 4, 2}},
	})
	out := make([]float32, 8)
	if err := RunTake(take, out, []float32{0, 1, 2, 3, 4, 5, 6, 7}, []int32{0, 1}); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(out), "[1 0 3 2 5 4 7 6]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPutAddsRowsOfOnePlace(t *testing.T) {
	table := []float32{0, 0, 0, 1, 1, 1, 0, 0, 0}
	rows := []float32{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}
	if err := RunPut(embedding(), table, rows, []int32{1, 1, 0, 1}); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(table), "[3 3 3 8 8 8 0 0 0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTakeTellsAPlaceOutside(t *testing.T) {
	for _, place := range []int32{-1, 3} {
		err := RunTake(embedding(), make([]float32, 12), make([]float32, 9), []int32{0, 1, place, 1})
		var bad *PlaceError
		if !errors.As(err, &bad) || bad.Index != 2 || bad.Place != place || bad.Size != 3 {
			t.Errorf("place %d: %v", place, err)
		}
	}
}

func TestOneHot(t *testing.T) {
	out := make([]float32, 6)
	RunOneHot(&OneHot{Dims: []int{2}, Size: 3, Places: Contiguous(2), Out: View{0, []int{1}}, Stride: 2}, out, []int32{1, 7})
	if got := fmt.Sprint(out); got != "[0 0 1 0 0 0]" {
		t.Errorf("got %s, want [0 0 1 0 0 0]", got)
	}
}
