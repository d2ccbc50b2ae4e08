package engine

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"ncd/runtime/train"
)

const digits = `axis class = 10

diagram Net[wide = 16](image[row col]) -> [class] {
    image >> affine[row col -> hidden:wide] >> relu >> affine[hidden -> class]
}

train digits {
    data      image[row col], label in class = digits["digits8x8"]
    model     net = Net
    scores = image >> net
    loss      (scores, label) >> cross_entropy[class]
    report    (scores, label) >> accuracy[class]
    rule      backprop
    optimizer adam[rate = 1e-2]
    batch     50
    epochs    1
}
`

func TestCheck(t *testing.T) {
	if c := Check(Program{Text: digits}); len(c.Diagnostics) > 0 || c.Diagrams[0] != "Net" || c.Trains[0] != "digits" {
		t.Errorf("got %+v", c)
	}
	if text, err := json.Marshal(Check(Program{Text: digits})); err != nil || !strings.Contains(string(text), `"diagnostics":[]`) {
		t.Errorf("the page cannot go through the diagnostics of %s (%v)", text, err)
	}
	c := Check(Program{Text: strings.Replace(digits, "hidden -> class", "hiden -> class", 1)})
	if len(c.Diagnostics) != 1 || c.Diagnostics[0].Span.IsZero() {
		t.Errorf("of a wrong name: got %+v", c.Diagnostics)
	}
}

func TestFormat(t *testing.T) {
	text, err := Format(Program{Text: strings.Replace(digits, "    image >>", "image >>", 1)})
	if err != nil || text != digits {
		t.Errorf("got %v\n%s", err, text)
	}
	if _, err := Format(Program{Text: "diagram {"}); err == nil || len(Diagnostics(err)) == 0 {
		t.Errorf("of what does not parse: got %v", err)
	}
}

func TestDraw(t *testing.T) {
	for _, view := range []string{"circuit", "backward"} {
		sized := strings.Replace(digits, "image[row col]) ->", "image[row:8 col:8]) ->", 1)
		picture, err := Draw(Figure{Program: Program{Text: sized}, View: view, Depth: 1, Format: "svg"})
		if err != nil || !strings.HasPrefix(string(picture), "<svg") {
			t.Errorf("%s: got %v, %.40s", view, err, picture)
		}
	}
	if _, err := Draw(Figure{Program: Program{Text: "axis a = 2\n"}, Format: "svg"}); err == nil {
		t.Error("a program without a diagram is drawn")
	}
}

// A run is that of the command: by whichever rule it learns, and is measured as at its
// end.
func TestTrain(t *testing.T) {
	for _, rule := range []string{"", "dfa"} {
		steps := 0
		trained, final, err := Train(t.Context(), Run{Program: Program{Text: digits, Rule: rule}}, func(told Told) { steps = told.Step })
		if err != nil {
			t.Fatal(err)
		}
		if steps != 30 || final.Steps != 30 || final.Test["accuracy"] < 0.3 {
			t.Errorf("rule %q: %d steps are told, and the run ends as %+v", rule, steps, final)
		}
		measured, err := trained.Eval(train.SplitTest)
		if err != nil || measured.Test["accuracy"] != final.Test["accuracy"] {
			t.Errorf("rule %q: measured %+v, %v, want %v", rule, measured, err, final.Test)
		}
	}
}

func TestTrainStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	trained, _, err := Train(ctx, Run{Program: Program{Text: digits}, Epochs: 1000}, func(Told) { stop() })
	if !errors.Is(err, context.Canceled) || trained == nil {
		t.Errorf("got %v, want that it was stopped", err)
	}
	if _, err := trained.Eval(train.SplitTest); err != nil {
		t.Error(err)
	}
}

func TestTrainRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"no train block": {"axis a = 2\n", "no train block"},
		"data of a disk": {strings.Replace(digits, `digits["digits8x8"]`, `csv["other.csv"]`, 1), "other.csv"},
		"a wrong name":   {strings.Replace(digits, "model     net = Net", "model     net = Nett", 1), "Nett"},
	} {
		_, _, err := Train(t.Context(), Run{Program: Program{Text: c.text}}, func(Told) {})
		if err == nil || !strings.Contains(Diagnostics(err)[0].Message, c.says) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
