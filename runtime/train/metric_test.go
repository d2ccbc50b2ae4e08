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
		m := Metric{7, 2, SplitTrain, "loss", c.value, 1.5}
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

func TestMedianSeconds(t *testing.T) {
	seconds := func(numbers ...int) []time.Duration {
		times := make([]time.Duration, len(numbers))
		for i, n := range numbers {
			times[i] = time.Duration(n) * time.Second
		}
		return times
	}
	for _, c := range []struct {
		name  string
		times []time.Duration
		want  float64
	}{
		{"none", nil, 0},
		{"only warm-up", seconds(3, 1, 2), 2},
		{"odd", seconds(99, 99, 99, 99, 99, 5, 1, 3), 3},
		{"even", seconds(99, 99, 99, 99, 99, 4, 2), 3},
	} {
		if got := medianSeconds(c.times); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
