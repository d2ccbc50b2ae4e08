package plot

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

// digits are series as a run of three epochs makes them.
func digits() []Series {
	train := Series{Name: "loss", Split: "train"}
	for step := range 1400 {
		noise := math.Sin(float64(step)*12.9898) * 0.08
		train.Points = append(train.Points, Point{step, 0.08 + 2.2*math.Exp(-float64(step)/120) + noise*math.Exp(-float64(step)/900)})
	}
	test := Series{"loss", "test", []Point{{468, 0.14}, {937, 0.095}, {1405, 0.081}}}
	return []Series{train, test,
		{"accuracy", "train", []Point{{468, 0.962}, {937, 0.981}, {1405, 0.988}}},
		{"accuracy", "test", []Point{{468, 0.957}, {937, 0.970}, {1405, 0.976}}}}
}

func curves(t *testing.T, series []Series) string {
	t.Helper()
	var b bytes.Buffer
	if err := Curves(&b, series); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	got := curves(t, digits())
	const name = "testdata/digits.svg"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the curves are not as in %s; see them with UPDATE=1", name)
	}
}

// Runs are told apart by their names and colours, once: the legend stands in the
// first panel alone.
func TestOverlay(t *testing.T) {
	draw := func(names ...string) string {
		var runs []Run
		for _, name := range names {
			runs = append(runs, Run{name, digits()})
		}
		var b bytes.Buffer
		if err := Overlay(&b, runs); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	two := draw("adam", "sgd")
	for _, c := range palette[:2] {
		if hex := fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B); !strings.Contains(two, hex) {
			t.Errorf("no line has the colour %s", hex)
		}
	}
	if alone := draw(""); alone != curves(t, digits()) {
		t.Error("a run alone is not drawn as its curves")
	}
}

func TestNoFontIsAskedFor(t *testing.T) {
	text := curves(t, digits())
	for _, banned := range []string{"<text", "font-family"} {
		if strings.Contains(text, banned) {
			t.Errorf("the curves have %q in them", banned)
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	if curves(t, digits()) != curves(t, digits()) {
		t.Error("the same series gave different bytes")
	}
}

func TestOddSeries(t *testing.T) {
	cases := []struct {
		name   string
		series []Series
		drawn  bool
	}{
		{"nothing", nil, false},
		{"no points", []Series{{"loss", "train", nil}}, false},
		{"nothing finite", []Series{{"loss", "train", []Point{{0, math.NaN()}, {1, math.Inf(1)}}}}, false},
		{"one point", []Series{{"loss", "train", []Point{{5, 1.5}}}}, true},
		{"level", []Series{{"loss", "train", []Point{{0, 1}, {1, 1}, {2, 1}}}}, true},
		{"a gap", []Series{{"loss", "train", []Point{{0, 1}, {1, math.NaN()}, {2, 0.5}}}}, true},
		{"huge", []Series{{"loss", "train", []Point{{0, 1e30}, {1e6, 1e-30}}}}, true},
		{"below zero", []Series{{"reward", "test", []Point{{0, -5}, {1, -2}}}}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			err := Curves(&b, c.series)
			if c.drawn != (err == nil) {
				t.Errorf("got error %v, want drawn: %v", err, c.drawn)
			}
			if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
				t.Error("a coordinate is no number")
			}
		})
	}
}

func TestTicksAreRound(t *testing.T) {
	cases := []struct {
		low, high float64
		want      string
	}{
		{0, 1, "0 0.25 0.5 0.75 1"},
		{0.08, 2.3, "1 2"},
		{0, 1400, "0 500 1000"},
		{0.957, 0.988, "0.96 0.97 0.98"},
		{-5, -2, "-5 -4 -3 -2"},
	}
	for _, c := range cases {
		var labels []string
		for _, tick := range (ticks{4}).Ticks(c.low, c.high) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("from %v to %v: got %s, want %s", c.low, c.high, got, c.want)
		}
	}
}

func TestLongSeriesAreAveraged(t *testing.T) {
	long := make([]Point, 10000)
	for i := range long {
		long[i] = Point{i, float64(i % 2)}
	}
	got := averaged(long)
	if len(got) != maxPoints {
		t.Fatalf("got %d points, want %d", len(got), maxPoints)
	}
	for _, p := range got {
		if math.Abs(p.Value-0.5) > 0.02 {
			t.Errorf("the mean at step %d is %v, want 0.5", p.Step, p.Value)
		}
	}
}
