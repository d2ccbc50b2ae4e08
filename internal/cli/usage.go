package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// terminalWidth is how wide a terminal is at least, in columns.
const terminalWidth = 80

// wrapHelp lets the help of all commands fold what it says, of options and before
// them, into the width of a narrow terminal.
func wrapHelp(root *cobra.Command) {
	cobra.AddTemplateFunc("paragraphs", folded)
	root.SetHelpTemplate(strings.Replace(root.HelpTemplate(), "{{. |", "{{. | paragraphs |", 1))
	cobra.AddTemplateFunc("folded", func(f *pflag.FlagSet) string { return f.FlagUsagesWrapped(terminalWidth) })
	fold := strings.NewReplacer(".LocalFlags.FlagUsages", "folded .LocalFlags", ".InheritedFlags.FlagUsages", "folded .InheritedFlags")
	root.SetUsageTemplate(fold.Replace(root.UsageTemplate()))
}
