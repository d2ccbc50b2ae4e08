package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/runtime/fault"
	"ncd/runtime/train"
	"ncd/runtime/weights"
)

// eval measures the reports of a train block on its test data.
func (s *session) eval() *cobra.Command {
	var f trainFlags
	var w weightFlags
	var run, split string
	cmd := &cobra.Command{
		Use:   "eval FILE [NAME]",
		Short: "Measure the losses and reports of a train block on its test data, or on another split",
		Example: `  ncd eval digits.ncd --run runs/digits-1
  ncd eval digits.ncd --run runs/digits-1 --split train
  ncd eval digits.ncd --weights runs/digits-1/weights.safetensors`,
		Args: wants(1, 2, "a FILE and the NAME of a train block"),
		RunE: func(_ *cobra.Command, words []string) error {
			values, err := f.set.values()
			if err != nil {
				return err
			}
			if err := oneOf("split", split, train.Splits...); err != nil {
				return err
			}
			if (w.file == "") == (run == "") {
				return misused("`ncd eval` needs weights: either --weights FILE or --run RUN")
			}
			file := w.file
			if run != "" {
				folder, err := train.Open(run)
				if err != nil {
					return err
				}
				file = folder.File(train.WeightsFile)
				values = withDefaults(values, folder.Record.Set)
			}
			stored, err := w.read(file)
			if err != nil {
				return err
			}
			return s.evaluate(evaluation{words[0], words[1:], stored, split, check.Options{Set: values}}, &f)
		},
	}
	f.add(cmd)
	w.add(cmd, "safetensors or npz `file`")
	outsideFlags(cmd.Flags())
	cmd.Flags().StringVar(&split, "split", train.SplitTest, "what to measure on: train, validation or `test`")
	cmd.Flags().StringVar(&run, "run", "", "run `folder`, whose --set hold unless they are given again")
	return cmd
}

// withDefaults are values, and others where there are none.
func withDefaults(values, others map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, others)
	maps.Copy(all, values)
	return all
}

// evaluation is what is to be measured.
type evaluation struct {
	file    string
	named   []string
	weights *weights.Stored
	split   string
	options check.Options
}

func (s *session) evaluate(e evaluation, f *trainFlags) error {
	t, err := s.prepare(e.file, e.named, e.options, &f.data)
	if err != nil {
		return err
	}
	if err := t.ToLast(f.data.lookup(e.file)); err != nil {
		return err
	}
	set := train.Set(t.Splits, e.split)
	if set == nil {
		return fault.New(fault.BadData, "", "the data of train block `%s` have no %s split", t.Name, e.split)
	}
	tester, err := train.NewTester(&train.Training{
		Evaluate: t.Evaluate, Data: t.Splits, Batch: t.Training.Batch, Seed: t.Training.Seed, Threads: f.threads,
	}, set)
	if err != nil {
		return err
	}
	defer tester.Close()
	final, err := tester.Measure(e.split, set, e.weights)
	if err != nil {
		return placed(err)
	}
	if s.isJSON {
		return s.put(final)
	}
	return s.putFigures(e.split, final.Of(e.split))
}

// putFigures prints figures, one a line.
func (s *session) putFigures(split string, figures map[string]train.Figure) error {
	for _, name := range slices.Sorted(maps.Keys(figures)) {
		if _, err := fmt.Fprintf(s.Out, "%s %s %.6g\n", split, name, float64(figures[name])); err != nil {
			return err
		}
	}
	return nil
}
