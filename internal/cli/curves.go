package cli

import (
	"io"
	"slices"

	"ncd/render/plot"
	"ncd/runtime/train"
	"ncd/runtime/weights"
)

// drawCurves draws the figures of a run into its folder.
func drawCurves(folder *train.Folder) error {
	figures, err := train.ReadMetrics(folder.File(train.MetricsFile))
	if err != nil || len(figures) == 0 {
		return err
	}
	return weights.Replace(folder.File(train.CurvesFile), func(w io.Writer) error {
		return plot.Curves(w, curves(figures))
	})
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
