package cli

import (
	"io"
	"math"
	"slices"

	"ncd/render/plot"
	"ncd/runtime/train"
	"ncd/runtime/weights"
)

// drawCurves draws the figures of a run into its folder, if any is a number.
func drawCurves(folder *train.Folder) error {
	figures, err := train.ReadMetrics(folder.File(train.MetricsFile))
	if err != nil || !slices.ContainsFunc(figures, isNumber) {
		return err
	}
	return weights.Replace(folder.File(train.CurvesFile), func(w io.Writer) error {
		return plot.Curves(w, curves(figures))
	})
}

func isNumber(m train.Metric) bool {
	return !math.IsNaN(float64(m.Value)) && !math.IsInf(float64(m.Value), 0)
}

// curves are the figures by name and split, in the order in which they were met.
func curves(figures []train.Metric) []plot.Series {
	var all []plot.Series
	for _, m := range figures {
		i := slices.IndexFunc(all, func(s plot.Series) bool { return s.Name == m.Name && s.Split == m.Split })
		if i < 0 {
			i = len(all)
			all = append(all, plot.Series{Name: m.Name, Split: m.Split})
		}
		all[i].Points = append(all[i].Points, plot.Point{Step: m.Step, Value: float64(m.Value)})
	}
	return all
}
