package cli

import (
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"ncd/render/plot"
	"ncd/runtime/fault"
	"ncd/runtime/train"
)

// plot draws the curves of several runs over each other.
func (s *session) plot() *cobra.Command {
	var to, name string
	var splits []string
	cmd := &cobra.Command{
		Use:   "plot RUN...",
		Short: "Draw the training curves of runs over each other",
		Example: `  ncd plot runs/digits-1 runs/wide -o curves.svg
  ncd plot runs/digits-1 runs/wide --split test --name accuracy -o accuracy.svg`,
		Args: wants(1, -1, "at least one run folder"),
		RunE: func(_ *cobra.Command, folders []string) error {
			for _, split := range splits {
				if err := oneOf("split", split, train.Splits...); err != nil {
					return err
				}
			}
			runs, err := readCurves(folders, func(m train.Metric) bool {
				return (name == "" || m.Name == name) && (len(splits) == 0 || slices.Contains(splits, m.Split))
			})
			if err != nil {
				return err
			}
			return s.write(to, func(w io.Writer) error { return plot.Overlay(w, runs) })
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "-", "SVG `file` to write; - is standard output")
	cmd.Flags().StringVar(&name, "name", "", "draw this `figure` alone: loss, accuracy")
	cmd.Flags().StringSliceVar(&splits, "split", nil, "draw these `splits` alone: train, validation, test")
	return cmd
}

// readCurves reads the figures of runs that are wanted. There must be some.
func readCurves(folders []string, isWanted func(train.Metric) bool) ([]plot.Run, error) {
	var runs []plot.Run
	found := false
	for _, path := range folders {
		folder, err := train.Open(path)
		if err != nil {
			return nil, err
		}
		figures, err := train.ReadMetrics(folder.File(train.MetricsFile))
		if err != nil {
			return nil, err
		}
		figures = slices.DeleteFunc(figures, func(m train.Metric) bool { return !isWanted(m) || !isNumber(m) })
		found = found || len(figures) > 0
		run := plot.Run{Series: curves(figures)}
		if len(folders) > 1 {
			run.Name = filepath.Base(path)
		}
		runs = append(runs, run)
	}
	if !found {
		return nil, fault.New(train.BadRun, "", "the runs have no figures that are asked for")
	}
	return runs, nil
}
