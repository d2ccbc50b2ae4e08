package cli

import (
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"
)

// shells are the shells that can complete what is typed, with what writes the script
// for each.
var shells = map[string]func(root *cobra.Command, w io.Writer) error{
	"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
	"zsh":        (*cobra.Command).GenZshCompletion,
	"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
	"powershell": (*cobra.Command).GenPowerShellCompletionWithDesc,
}

// completion prints a script by which a shell completes commands and options.
func (s *session) completion() *cobra.Command {
	names := slices.Sorted(maps.Keys(shells))
	return &cobra.Command{
		Use:   "completion bash|fish|powershell|zsh",
		Short: "Print a script by which a shell completes commands and options",
		Long: `Print a script by which a shell completes commands and options.

bash        ncd completion bash > ~/.local/share/bash-completion/completions/ncd
fish        ncd completion fish > ~/.config/fish/completions/ncd.fish
powershell  ncd completion powershell | Out-String | Invoke-Expression
zsh         ncd completion zsh > "${fpath[1]}/_ncd"`,
		Example: `  ncd completion bash > ncd.bash
  ncd completion zsh > _ncd`,
		Args:      wants(1, 1, "the name of a shell: bash, fish, powershell or zsh"),
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, words []string) error {
			write, known := shells[words[0]]
			if !known {
				return misused("there is no completion for `%s`", words[0]).orNearest(words[0], names, "%s").
					mend("bash, fish, powershell and zsh have it")
			}
			return write(cmd.Root(), s.Out)
		},
	}
}
