package train

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

func TestMetricLine(t *testing.T) {
	for _, c := range []struct {
		value Figure
		want  string
	}{
		{0.25, `{"step":7,"epoch":2,"split":"train","name":"loss","value":0.25,"seconds":1.5}`},
		{Figure(math.NaN()), `{"step":7,"epoch":2,"split":"train","name":"loss","value":null,"seconds":1.5}`},
		{Figure(math.Inf(-1)), `{"step":7,"epoch":2,"split":"train","name":"loss","value":null,"seconds":1.5}`},
	} {
		m := Metric{"", 7, 2, SplitTrain, "loss", c.value, 1.5}
		text, err := json.Marshal(m)
		if err != nil || string(text) != c.want {
			t.Errorf("got %s, %v, want %s", text, err, c.want)
		}
		var back Metric
		if err := json.Unmarshal(text, &back); err != nil {
			t.Error(err)
		}
		if isFinite(float64(c.value)) != isFinite(float64(back.Value)) || back.Name != "loss" {
			t.Errorf("%s was read as %+v", text, back)
		}
	}
}

func TestPace(t *testing.T) {
	for _, c := range []struct {
		name    string
		seconds []int
		median  float64
	}{
		{"none", nil, 0},
		{"only warm-up", []int{3, 1, 2}, 2},
		{"odd", []int{99, 99, 99, 99, 99, 5, 1, 3}, 3},
		{"even", []int{99, 99, 99, 99, 99, 4, 2}, 3},
	} {
		p := newPace(len(c.seconds))
		for _, n := range c.seconds {
			p.add(time.Duration(n) * time.Second)
		}
		if got := p.medianSeconds(); got != c.median {
			t.Errorf("%s: got %v, want %v", c.name, got, c.median)
		}
	}
}

func TestPaceKeepsTheLatest(t *testing.T) {
	p := newPace(3)
	for n := range 10 {
		p.add(time.Duration(n) * time.Second)
	}
	if got := p.medianSeconds(); got != 8 {
		t.Errorf("got %v, want that of 7, 8 and 9", got)
	}
	if got, want := p.perSecond(), 10.0/45; got != want {
		t.Errorf("got %v steps a second, want %v", got, want)
	}
}
