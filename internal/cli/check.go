package cli

import (
	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/grammar/source"
)

// check prints every diagnostic of some programs.
func (s *session) check() *cobra.Command {
	var f trainFlags
	var format, rule string
	var isFootprint bool
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Parse and type-check programs, and print every diagnostic",
		Example: `  ncd check digits.ncd
  ncd check --format sarif *.ncd > report.sarif
  ncd check digits.ncd --rule dfa --footprint`,
		Args: wants(1, -1, "at least one FILE"),
		RunE: func(_ *cobra.Command, names []string) error {
			values, err := f.set.values()
			if err != nil {
				return err
			}
			if isFootprint {
				if len(names) != 1 {
					return misused("`--footprint` is of one FILE")
				}
				return s.footprint(names[0], check.Options{Set: values, Rule: rule}, &f)
			}
			if s.isJSON {
				format = "json"
			}
			print, known := diagnosticFormats[format]
			if !known {
				return misused("there is no format `%s`; there are text, json and sarif", format)
			}
			said, err := s.checkAll(names, check.Options{Set: values, Rule: rule})
			if err != nil {
				return err
			}
			return print(s, said)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "`text` on standard error, or json or sarif on standard output")
	cmd.Flags().StringVar(&rule, "rule", "", "check train blocks with this learning `rule`")
	cmd.Flags().BoolVar(&isFootprint, "footprint", false, "print which layers' changes hang on which weights, bit for bit, on a step of the train block")
	return cmd
}

// checkAll gives the diagnostics of all programs, in their order.
func (s *session) checkAll(names []string, o check.Options) ([]source.Diagnostic, error) {
	var all []source.Diagnostic
	for _, name := range names {
		file, err := s.read(name)
		if err != nil {
			return nil, err
		}
		o.Limits = s.limits.check
		_, said := checkFile(file, name, o)
		all = append(all, said...)
	}
	return all, nil
}

// diagnosticFormats print what was said, and refuse where errors are among it.
var diagnosticFormats = map[string]func(*session, []source.Diagnostic) error{
	"text": (*session).heed,
	"json": func(s *session, said []source.Diagnostic) error {
		if err := source.PrintJSON(s.Out, said); err != nil {
			return err
		}
		return printed(said)
	},
	"sarif": func(s *session, said []source.Diagnostic) error {
		if err := s.putSARIF(said); err != nil {
			return err
		}
		return printed(said)
	},
}
