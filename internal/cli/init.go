package cli

import (
	"io"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/runtime/train"
	"ncd/runtime/weights"
)

// init writes freshly initialised weights of a diagram.
func (s *session) init() *cobra.Command {
	var set setFlags
	var seed uint64
	var to string
	cmd := &cobra.Command{
		Use:     "init FILE [NAME]",
		Short:   "Write freshly initialised weights of a diagram",
		Example: "  ncd init attention.ncd MultiHead --set m=64 --seed 7 -o w.safetensors",
		Args:    wants(1, 2, "a FILE and the NAME of a diagram"),
		RunE: func(_ *cobra.Command, words []string) error {
			values, err := set.values()
			if err != nil {
				return err
			}
			if to == "" {
				return misused("`ncd init` needs a file to write").mend("-o w.safetensors")
			}
			d, err := s.elaborated(words[0], words[1:], check.Options{Set: values})
			if err != nil {
				return err
			}
			p, err := planOfWeights(d)
			if err != nil {
				return err
			}
			first, err := train.FirstWeights(p, seed)
			if err != nil {
				return err
			}
			return s.write(to, func(w io.Writer) error { return weights.Encode(w, first) })
		},
	}
	set.add(cmd)
	cmd.Flags().Uint64Var(&seed, "seed", 1, "`seed` of the draws")
	cmd.Flags().StringVarP(&to, "output", "o", "", "safetensors `file` to write")
	return cmd
}
