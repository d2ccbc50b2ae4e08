package plot

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

var (
	ink  = color.Gray{0x20}
	pale = color.Gray{0x90}
)

// style sets the type and the lines of a plot.
func style(p *plot.Plot) {
	p.TextHandler = outlines{}
	p.Legend.TextStyle.Handler = outlines{}
	p.Legend.TextStyle.Font.Size, p.Legend.TextStyle.Color = textSize, ink
	p.Legend.ThumbnailWidth, p.Legend.Padding = 14, 1
	p.Legend.XOffs = -2
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Handler, axis.Tick.Label.Handler = outlines{}, outlines{}
		axis.Label.TextStyle.Font.Size, axis.Tick.Label.Font.Size = textSize, textSize-1
		axis.Label.TextStyle.Color, axis.Tick.Label.Color = ink, ink
		axis.LineStyle.Width, axis.LineStyle.Color = 0.5, pale
		axis.Tick.LineStyle.Width, axis.Tick.LineStyle.Color = 0.5, pale
		axis.Tick.Length, axis.Padding = 2.5, vg.Points(2)
	}
}

// ticks puts about so many marks at round numbers.
type ticks struct{ count int }

// Ticks implements plot.Ticker.
func (t ticks) Ticks(low, high float64) []plot.Tick {
	step := roundStep((high - low) / float64(t.count))
	var marks []plot.Tick
	for k := math.Ceil(low/step - 1e-9); k*step <= high+step*1e-9; k++ {
		value := k*step + 0 // not a running sum, which drifts; and never -0
		marks = append(marks, plot.Tick{Value: value, Label: strconv.FormatFloat(value, 'g', 6, 64)})
	}
	return marks
}

// roundStep is the least of 1, 2, 2.5, 5 times a power of ten that is not below
// x.
func roundStep(x float64) float64 {
	if x <= 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return 1
	}
	power := math.Pow10(int(math.Floor(math.Log10(x))))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}
