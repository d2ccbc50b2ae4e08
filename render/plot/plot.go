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
	Split  string // "train" or "test"
	Points []Point
}

// Measures of the page. A column of a two-column paper is 3.25 inches wide.
const (
	columnWidth = 3.25 * vg.Inch
	panelHeight = 1.55 * vg.Inch
	textSize    = 8   // points
	maxPoints   = 240 // that a line is drawn with; more are averaged
)

// Curves writes one panel a name, one below the other in the order in which the
// names first occur. Numbers that are not finite leave a gap. It errs if there
// is nothing to draw.
func Curves(w io.Writer, series []Series) error {
	var names []string
	for _, s := range series {
		if len(finite(s.Points)) > 0 && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return errors.New("there are no measurements to draw")
	}
	panels := make([][]*plot.Plot, len(names))
	for i, name := range names {
		p, err := panelOf(name, series, i == len(names)-1)
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

// panelOf is the plot of all series of a name; the last one names the steps.
func panelOf(name string, series []Series, last bool) (*plot.Plot, error) {
	p := plot.New()
	style(p)
	p.Y.Label.Text = name
	if last {
		p.X.Label.Text = "step"
	}
	for _, s := range series {
		points := averaged(finite(s.Points))
		if s.Name != name || len(points) == 0 {
			continue
		}
		if err := addLine(p, s.Split, points); err != nil {
			return nil, err
		}
	}
	p.X.Min, p.X.Max = stepsOf(series)
	p.Legend.Top = fallsOf(series, name)
	p.Y.Tick.Marker, p.X.Tick.Marker = ticks{4}, ticks{5}
	return p, nil
}

// look is how a split's line is drawn: by more than colour.
type look struct {
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	marked bool
}

func lookOf(split string) look {
	if split == "test" {
		return look{color.RGBA{0xc2, 0x41, 0x0c, 0xff}, 1, []vg.Length{3, 2}, true}
	}
	return look{color.RGBA{0x1f, 0x5f, 0xa8, 0xff}, 1, nil, false}
}

func addLine(p *plot.Plot, split string, points []Point) error {
	xys := make(plotter.XYs, len(points))
	for i, q := range points {
		xys[i] = plotter.XY{X: float64(q.Step), Y: q.Value}
	}
	l := lookOf(split)
	line, dots, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width, line.Dashes = l.color, l.width, l.dashes
	dots.Shape, dots.Color, dots.Radius = draw.CircleGlyph{}, l.color, 1.6
	p.Add(line)
	if l.marked || len(points) == 1 {
		p.Add(dots)
		p.Legend.Add(split, line, dots)
		return nil
	}
	p.Legend.Add(split, line)
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
