// Package plot draws training curves: series of numbers over steps go in, an SVG
// that is readable at a column's width comes out. It draws with gonum/plot, with
// text as outlines of the same embedded type as the figures, so that equal
// series give equal bytes on every machine.
//
// It knows no file formats and nothing of training.
package plot

import (
	"errors"
	"image/color"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Point is one measurement.
type Point struct {
	Step  int
	Value float64
}

// Series is one number measured again and again.
type Series struct {
	Name   string // "loss", "accuracy", …: series of one name share a panel
	Split  string // "train", "validation" or "test"
	Points []Point
}

// Run is the series of one run among others.
type Run struct {
	Name   string // "": there are no others
	Series []Series
}

// Measures of the page. A column of a two-column paper is 3.25 inches wide.
const (
	columnWidth = 3.25 * vg.Inch
	panelHeight = 1.55 * vg.Inch
	textSize    = 8   // points
	maxPoints   = 240 // that a line is drawn with; more are averaged
)

// Curves writes one panel a name, one below the other in the order in which the
// names first occur. Numbers that are not finite leave a gap. It errs if there is
// nothing to draw.
func Curves(w io.Writer, series []Series) error { return Overlay(w, []Run{{Series: series}}) }

// Overlay is Curves with the series of several runs in the same panels. Runs are
// told apart by colour, splits by how the line is drawn.
func Overlay(w io.Writer, runs []Run) error {
	names := namesOf(runs)
	if len(names) == 0 {
		return errors.New("there are no measurements to draw")
	}
	panels := make([][]*plot.Plot, len(names))
	for i, name := range names {
		p, err := panelOf(name, runs, i == 0 || len(runs) == 1, i == len(names)-1)
		if err != nil {
			return err
		}
		panels[i] = []*plot.Plot{p}
	}
	height := panelHeight * vg.Length(len(names))
	canvas := vgsvg.New(columnWidth, height)
	tiles := draw.Tiles{Rows: len(names), Cols: 1, PadTop: 3, PadBottom: 4, PadLeft: 3, PadRight: 7, PadY: 6}
	for i, row := range plot.Align(panels, tiles, draw.New(canvas)) {
		panels[i][0].Draw(row[0])
	}
	_, err := canvas.WriteTo(w)
	return err
}

// namesOf lists the names of the series that can be drawn, as they first occur.
func namesOf(runs []Run) []string {
	var names []string
	for _, s := range seriesOf(runs) {
		if len(finite(s.Points)) > 0 && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// seriesOf are the series of all runs.
func seriesOf(runs []Run) []Series {
	var all []Series
	for _, r := range runs {
		all = append(all, r.Series...)
	}
	return all
}

// panelOf is the plot of all series of a name, with a legend or without; the last
// one names the steps.
func panelOf(name string, runs []Run, hasLegend, isLast bool) (*plot.Plot, error) {
	p := plot.New()
	style(p)
	p.Y.Label.Text = name
	if isLast {
		p.X.Label.Text = "step"
	}
	for i, r := range runs {
		for _, s := range r.Series {
			points := averaged(finite(s.Points))
			if s.Name != name || len(points) == 0 {
				continue
			}
			label := ""
			if hasLegend {
				label = strings.TrimSpace(r.Name + " " + s.Split)
			}
			if err := addLine(p, label, lookOf(s.Split, i, len(runs)), points); err != nil {
				return nil, err
			}
		}
	}
	series := seriesOf(runs)
	p.X.Min, p.X.Max = stepsOf(series)
	p.Legend.Top = fallsOf(series, name)
	p.Y.Tick.Marker, p.X.Tick.Marker = ticks{4}, ticks{5}
	return p, nil
}

// look is how a line is drawn.
type look struct {
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	marked bool
}

// palette are colours that those who do not see all of them can tell apart.
var palette = []color.RGBA{
	{0x1f, 0x5f, 0xa8, 0xff}, {0xc2, 0x41, 0x0c, 0xff}, {0x15, 0x80, 0x5c, 0xff},
	{0x8a, 0x3f, 0x9e, 0xff}, {0xa0, 0x74, 0x0b, 0xff}, {0x4b, 0x55, 0x63, 0xff},
}

// lookOf is the look of a split of one run among some: told by more than colour.
func lookOf(split string, run, runs int) look {
	looks := map[string]look{
		"test":       {palette[1], 1, []vg.Length{3, 2}, true},
		"validation": {palette[2], 1, []vg.Length{1, 1.5}, true},
	}
	l, known := looks[split]
	if !known {
		l = look{palette[0], 1, nil, false}
	}
	if runs > 1 {
		l.color = palette[run%len(palette)]
	}
	return l
}

// addLine draws a line, with its label in the legend if it has one.
func addLine(p *plot.Plot, label string, l look, points []Point) error {
	xys := make(plotter.XYs, len(points))
	for i, q := range points {
		xys[i] = plotter.XY{X: float64(q.Step), Y: q.Value}
	}
	line, dots, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width, line.Dashes = l.color, l.width, l.dashes
	dots.Shape, dots.Color, dots.Radius = draw.CircleGlyph{}, l.color, 1.6
	p.Add(line)
	shown := []plot.Thumbnailer{line}
	if l.marked || len(points) == 1 {
		p.Add(dots)
		shown = append(shown, dots)
	}
	if label != "" {
		p.Legend.Add(label, shown...)
	}
	return nil
}

// finite leaves out what cannot be drawn.
func finite(points []Point) []Point {
	return slices.DeleteFunc(slices.Clone(points), func(p Point) bool {
		return math.IsNaN(p.Value) || math.IsInf(p.Value, 0)
	})
}

// averaged is at most maxPoints points, each the mean of its neighbours.
func averaged(points []Point) []Point {
	if len(points) <= maxPoints {
		return points
	}
	var means []Point
	for i := range maxPoints {
		group := points[i*len(points)/maxPoints : (i+1)*len(points)/maxPoints]
		sum := 0.0
		for _, p := range group {
			sum += p.Value
		}
		means = append(means, Point{group[len(group)/2].Step, sum / float64(len(group))})
	}
	return means
}

// stepsOf is the range of all steps, so that panels one above the other agree.
func stepsOf(series []Series) (first, last float64) {
	first, last = math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, p := range s.Points {
			first, last = min(first, float64(p.Step)), max(last, float64(p.Step))
		}
	}
	return first, max(last, first+1)
}

// fallsOf reports whether the lines of a name fall on the whole: then their
// right end is low, and there is room above it.
func fallsOf(series []Series, name string) bool {
	rise := 0.0
	for _, s := range series {
		if points := finite(s.Points); s.Name == name && len(points) > 0 {
			rise += points[len(points)-1].Value - points[0].Value
		}
	}
	return rise < 0
}
