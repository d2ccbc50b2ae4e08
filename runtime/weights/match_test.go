package weights

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

func TestMatch(t *testing.T) {
	got := map[string]*tensor.Tensor{
		"net.hidden.weight": tensor.New(tensor.Float32, []string{"pixel", "hidden"}, 784, 256),
		"net.hidden.bais":   tensor.New(tensor.Float32, nil, 512),
		"net.out.weight":    tensor.New(tensor.Float64, nil, 512, 10),
	}
	wanted := []Want{
		{"net.hidden.weight", []string{"pixel", "hidden"}, []int{784, 512}},
		{"net.hidden.bias", []string{"hidden"}, []int{512}},
		{"net.out.weight", []string{"hidden", "class"}, []int{512, 10}},
		{"scale", nil, nil},
	}
	differences := Match(wanted, got)
	var lines []string
	for _, d := range differences {
		lines = append(lines, d.String())
	}
	want := []string{
		"`net.hidden.weight` is [pixel:784 hidden:256] in the file, the model wants [pixel:784 hidden:512]",
		"`net.hidden.bias` [hidden:512] is not in the file; `net.hidden.bais` is",
		"`scale` [] is not in the file",
		"`net.hidden.bais` [512] is in the file, the model has no such weight",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	err := Mismatch("w.safetensors", differences)
	for _, line := range want {
		wantFault(t, err, fault.BadWeights, line)
	}
}

// Axes of equal sizes in another order are a transpose that sizes do not show.
func TestAxesInAnotherOrder(t *testing.T) {
	square := map[string]*tensor.Tensor{"w": tensor.New(tensor.Float32, []string{"to", "from"}, 3, 3)}
	err := Mismatch("w.safetensors", Match([]Want{{"w", []string{"from", "to"}, []int{3, 3}}}, square))
	wantFault(t, err, fault.BadWeights, "`w` is [to:3 from:3] in the file, the model wants [from:3 to:3]")
	if d := Match([]Want{{"w", []string{"i", "o"}, []int{3, 3}}}, square); d != nil {
		t.Errorf("other labels: got %v, want no difference", d)
	}
}

func TestMatchOfTheSameModel(t *testing.T) {
	wanted := []Want{{"w", []string{"a"}, []int{3}}}
	differences := Match(wanted, map[string]*tensor.Tensor{"w": tensor.New(tensor.Float32, nil, 3)})
	if err := Mismatch("w.safetensors", differences); err != nil {
		t.Errorf("got %v, want no fault", err)
	}
}

func TestMismatchIsShortEnoughToRead(t *testing.T) {
	err := Mismatch("w.safetensors", append(make([]Difference, 30), Difference{Kind: Extra, Path: "w", Got: "[]"}))
	lines := strings.Count(err.Error(), "\n")
	if lines > 11 || !strings.Contains(err.Error(), "and 22 more are not in the file") || !strings.Contains(err.Error(), "`w` []") {
		t.Errorf("got %d lines:\n%v", lines, err)
	}
}
