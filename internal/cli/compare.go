package cli

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/render/plot"
	"ncd/runtime/train"
)

// compareOptions are the options of ncd compare as they were typed.
type compareOptions struct {
	trainOptions
	rules []string
	seeds int
}

// compare trains a block by several learning rules and sets their figures side by side.
func (s *session) compare() *cobra.Command {
	var o compareOptions
	var rules string
	cmd := &cobra.Command{
		Use:   "compare FILE [NAME]",
		Short: "Train by several learning rules, and set their figures side by side",
		Long: `Train by several learning rules, and set their figures side by side.

Each rule trains the block once for each seed, with the optimiser that the rule says where the block says none.
The folder holds a run for each, and curves.svg with the curves of the first seed over each other. The table has
the mean over the seeds of what is measured on the test set, how far they lie apart, the time of a run, and the
peak of the memory.`,
		Example: `  ncd compare digits.ncd --rules backprop,dfa,shallow --seeds 3
  ncd compare digits.ncd --rules dfa[scale=0.5],local_loss --epochs 2 -o runs/local`,
		Args: wants(1, 2, "a FILE and the NAME of a train block"),
		RunE: func(cmd *cobra.Command, words []string) error {
			o.isSet = cmd.Flags().Changed
			if o.rules = partedRules(rules); len(o.rules) == 0 {
				return misused("`ncd compare` must say which rules").mend("--rules backprop,dfa,shallow")
			}
			if o.seeds < 1 {
				return misused("`--seeds %d`: a rule is run with one seed or more", o.seeds)
			}
			return s.compareRules(words[0], words[1:], &o)
		},
	}
	o.trainFlags.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&rules, "rules", "", "learning `rules`, parted by commas: backprop,dfa[scale = 0.1]")
	flags.IntVar(&o.seeds, "seeds", 1, "`number` of runs of each rule, with the seeds 1, 2, …")
	flags.IntVar(&o.epochs, "epochs", 0, "`number` of epochs in place of the block's own")
	flags.StringVarP(&o.to, "output", "o", "", "`folder` of the runs; default runs/compare-NAME")
	flags.BoolVar(&o.allowNaN, "allow-nan", false, "go on where the loss is no number")
	return cmd
}

// partedRules parts a list of rules at its commas, but not within brackets.
func partedRules(list string) []string {
	var rules []string
	depth, from := 0, 0
	for i, c := range list + "," {
		switch c {
		case '[', '(':
			depth++
		case ']', ')':
			depth--
		case ',':
			if depth <= 0 {
				if rule := strings.TrimSpace((list + ",")[from:i]); rule != "" {
					rules = append(rules, rule)
				}
				from = i + 1
			}
		}
	}
	return rules
}

// compared is what came of a rule: the ends of its runs, or why it has none.
type compared struct {
	rule   string
	finals []*train.Final
}

func (s *session) compareRules(file string, named []string, o *compareOptions) error {
	terse := *s
	terse.isTerse = true
	var all []compared
	var first []string // the folders of the first seeds
	for _, rule := range o.rules {
		c := compared{rule: rule}
		for seed := 1; seed <= o.seeds; seed++ {
			final, folder, err := terse.runOf(file, named, rule, seed, o)
			if err != nil {
				return err
			}
			s.remark("seed %d of %s: %.1f s, in %s", seed, rule, final.Seconds, folder)
			if seed == 1 {
				first = append(first, folder)
			}
			c.finals = append(c.finals, final)
		}
		all = append(all, c)
	}
	if err := s.putCompared(all); err != nil {
		return err
	}
	return s.overlay(first)
}

// overlay draws what runs came to on the test set over each other, beside their
// folders.
func (s *session) overlay(folders []string) error {
	runs, err := readCurves(folders, func(m train.Metric) bool { return m.Split == train.SplitTest })
	if err != nil {
		return err
	}
	to := filepath.Join(filepath.Dir(folders[0]), train.CurvesFile)
	if err := s.write(to, func(w io.Writer) error { return plot.Overlay(w, runs) }); err != nil {
		return err
	}
	s.remark("the curves of the first seed over each other: %s", to)
	return nil
}

// runOf trains by one rule with one seed.
func (s *session) runOf(file string, named []string, rule string, seed int, o *compareOptions) (*train.Final, string, error) {
	values, err := o.set.values()
	if err != nil {
		return nil, "", err
	}
	t, err := s.prepare(file, named, check.Options{Set: values, Rule: rule}, &o.data)
	if err != nil {
		return nil, "", err
	}
	own := o.trainOptions
	own.rule, own.seed, own.finite, own.keep = rule, uint64(seed), "loss", 1
	own.isSet = func(option string) bool { return option == "seed" || option == "epochs" && o.isSet(option) }
	under := o.to
	if under == "" {
		under = filepath.Join("runs", "compare-"+t.Name)
	}
	own.to = filepath.Join(under, fmt.Sprintf("%s-%d", fileName(rule), seed))
	stages, err := t.Stages(o.data.lookup(file))
	if err != nil {
		return nil, "", err
	}
	if err := own.settle(stages, nil); err != nil {
		return nil, "", err
	}
	runner, err := s.bind(stages, &own)
	if err != nil {
		return nil, "", err
	}
	defer runner.Close()
	folder, err := s.runFolder(nil, file, stages, &own)
	if err != nil {
		return nil, "", err
	}
	defer folder.Close()
	final, err := s.runToEnd(folder, runner, own.goOn(file, folder.Path))
	return final, folder.Path, err
}

// fileName is a rule as the name of a folder.
func fileName(rule string) string {
	words := strings.FieldsFunc(rule, func(c rune) bool {
		return c != '_' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
	return strings.Join(words, "-")
}

// putCompared prints the table, a line a rule.
func (s *session) putCompared(all []compared) error {
	for _, c := range all {
		var err error
		if s.isJSON {
			err = s.put(c.fields())
		} else {
			_, err = fmt.Fprintln(s.Out, c.line())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// spread is the mean of the figures of a rule by name, and their standard deviation.
func (c compared) spread(name string) (mean, deviation float64) {
	n := float64(len(c.finals))
	for _, f := range c.finals {
		mean += float64(f.Of(train.SplitTest)[name]) / n
	}
	for _, f := range c.finals {
		deviation += math.Pow(float64(f.Of(train.SplitTest)[name])-mean, 2) / max(n-1, 1)
	}
	return mean, math.Sqrt(deviation)
}

func (c compared) seconds() float64 {
	total := 0.0
	for _, f := range c.finals {
		total += f.Seconds
	}
	return total / float64(len(c.finals))
}

func (c compared) names() []string {
	var names []string
	for name := range c.finals[0].Of(train.SplitTest) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (c compared) line() string {
	words := []string{fmt.Sprintf("%-28s", c.rule)}
	for _, name := range c.names() {
		mean, deviation := c.spread(name)
		words = append(words, fmt.Sprintf("%s %.4f ± %.4f", name, mean, deviation))
	}
	return strings.Join(append(words, fmt.Sprintf("%.1f s  %.1f MB", c.seconds(), float64(c.finals[0].PeakBytes)/1e6)), "  ")
}

func (c compared) fields() map[string]any {
	fields := map[string]any{"rule": c.rule, "seconds": c.seconds(), "peak_bytes": c.finals[0].PeakBytes, "seeds": len(c.finals)}
	for _, name := range c.names() {
		mean, deviation := c.spread(name)
		fields[name] = map[string]float64{"mean": mean, "deviation": deviation}
	}
	return fields
}
