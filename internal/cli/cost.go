package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/cost"
	"ncd/compiler/lower"
	"ncd/internal/training"
)

// cost counts what a diagram or a train block asks for.
func (s *session) cost() *cobra.Command {
	var f trainFlags
	var rule string
	var depth int
	cmd := &cobra.Command{
		Use:   "cost FILE [NAME]",
		Short: "Count multiply-adds, weights, kept activations and memory, per box and in all",
		Long: `Count multiply-adds, weights, kept activations and memory, per box and in all.

NAME is a diagram, which is counted in the letters that nothing gives a size, or a train block, of which one
step is counted at the sizes of its data: what is kept for the way back, what crosses layers on it, and the
memory of the plan. Without NAME it is the last train block, or else the last diagram.`,
		Example: `  ncd cost attention.ncd MultiHead
  ncd cost attention.ncd MultiHead --set m=512 --set y=64 --set x=64
  ncd cost digits.ncd --rule dfa --json`,
		Args: wants(1, 2, "a FILE and the NAME of a diagram or train block"),
		RunE: func(_ *cobra.Command, words []string) error {
			values, err := f.set.values()
			if err != nil {
				return err
			}
			return s.count(words[0], words[1:], check.Options{Set: values, Rule: rule}, &f.data, depth)
		},
	}
	f.set.add(cmd)
	f.data.add(cmd)
	cmd.Flags().StringVar(&rule, "rule", "", "learning `rule` in place of the train block's own")
	cmd.Flags().IntVar(&depth, "depth", 0, "leave parts of boxes below this `level` to what holds them; 0 shows all")
	return cmd
}

func (s *session) count(file string, named []string, o check.Options, from *dataFlags, depth int) error {
	program, err := s.checked(file, o)
	if err != nil {
		return err
	}
	if isOfTrain(program, named) {
		return s.countTraining(file, named, o, from, depth)
	}
	name, err := chosen("diagram", named, program.Diagrams())
	if err != nil {
		return err
	}
	d, err := sound(program.Diagram(name, nil))
	if err != nil {
		return err
	}
	table := cost.Of(d)
	if s.isJSON {
		return s.put(table)
	}
	table.Print(s.Out, depth)
	return nil
}

// isOfTrain reports whether a train block is meant: the one that is named, or the
// last one where nothing is.
func isOfTrain(program *check.Program, named []string) bool {
	if len(named) == 0 {
		return len(program.Trains()) > 0
	}
	return slices.Contains(program.Trains(), named[0])
}

func (s *session) countTraining(file string, named []string, o check.Options, from *dataFlags, depth int) error {
	t, err := s.prepare(file, named, o, from)
	if err != nil {
		return err
	}
	step, err := s.learned(t)
	if err != nil {
		return err
	}
	if err := training.HoldPlaces(training.WeightsOf(step)); err != nil {
		return err
	}
	p, err := lower.Lower(step, lower.Options{})
	if err != nil {
		return err
	}
	table := cost.OfTraining(t.Training, step, p)
	if s.isJSON {
		return s.put(table)
	}
	table.Print(s.Out, depth)
	return nil
}
