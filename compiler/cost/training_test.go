package cost

import (
	"encoding/json"
	"strings"
	"testing"

	"ncd/compiler/shape"
)

// TestTrainingByHand counts a step of the three-layer perceptron on 16 images of 64
// numbers.
func TestTrainingByHand(t *testing.T) {
	const b, pixel, wide, class = 16, 64, 32, 10
	c := trained(t, "perceptron", "backprop")
	for name, counts := range map[string][2]any{
		"forward":         {c.Total.Forward.MultiplyAdds, b * (pixel*wide + wide*wide + wide*class)},
		"weights back":    {c.line("affine.0").Backward.MultiplyAdds, b * pixel * wide}, // images are sent nothing
		"both ways back":  {c.line("affine.1").Backward.MultiplyAdds, 2 * b * wide * wide},
		"weights":         {c.Total.Weights, pixel*wide + wide + wide*wide + wide + wide*class + class},
		"kept":            {c.Total.Kept, 2*b*wide + b*class},
		"kept bytes":      {shape.Int(c.KeptBytes), 4 * (2*b*wide + b*class)},
		"between layers":  {shape.Int(c.Transfer.Between.Bytes), 4 * 2 * b * wide},
		"from the losses": {shape.Int(c.Transfer.FromLoss.Bytes), 4 * b * class},
		"layers":          {shape.Int(c.Transfer.Layers), 3},
	} {
		if got, want := counts[0].(shape.Size), shape.Int(counts[1].(int)); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// TestStepAgreesWithItsPlan holds the multiply-adds of steps against those of their
// plans. What is sent back through windows is computed for the padding around the
// array too, in place of being added up: the second convolution's 9·8·16 at 10·10
// places instead of 8·8, of 16 images.
func TestStepAgreesWithItsPlan(t *testing.T) {
	padding := shape.Int(16 * (10*10 - 8*8) * 9 * 8 * 16)
	for _, c := range []struct {
		name, rule string
		extra      shape.Size
	}{
		{"perceptron", "backprop", shape.Size{}},
		{"perceptron", "dfa", shape.Size{}},
		{"perceptron", "feedback_alignment", shape.Size{}},
		{"convolution", "backprop", padding},
		{"convolution", "dfa", shape.Size{}},
		{"convolution", "feedback_alignment", padding},
	} {
		t.Run(c.name+" "+c.rule, func(t *testing.T) {
			step := trained(t, c.name, c.rule)
			got, want := shape.Int(step.Run.MultiplyAdds), step.Total.Work().MultiplyAdds
			if !got.Equal(want.Add(c.extra)) {
				t.Errorf("the plan does %s multiply-adds, the step asks for %s", got, want)
			}
		})
	}
}

// TestTransferByRule holds what rules are said to send from layer to layer.
func TestTransferByRule(t *testing.T) {
	for rule, want := range map[string][2]int{
		"backprop":           {2, 1},
		"feedback_alignment": {2, 1},
		"dfa":                {0, 3}, // every layer gets the error
	} {
		c := trained(t, "perceptron", rule).Transfer
		if got := [2]int{c.Between.Arrays, c.FromLoss.Arrays}; got != want {
			t.Errorf("%s: got %v arrays between layers and from the losses, want %v: %v", rule, got, want, c.Crossings)
		}
	}
}

func TestTrainingAsJSON(t *testing.T) {
	text, err := json.Marshal(trained(t, "perceptron", "backprop"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"name":"affine.0","kind":"affine","forward":{"multiply_adds":32768}`, `"kept_bytes":4736`,
		`"between":{"arrays":2,"bytes":4096}`, `{"from":"affine.2","to":"affine.1","bytes":2048}`, `"peak":`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
}
