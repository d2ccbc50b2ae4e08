package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// terminalWidth is how wide a terminal is at least, in columns.
const terminalWidth = 80

// wrapOptions lets the help of all commands fold what it says of options into the
// width of a narrow terminal.
func wrapOptions(root *cobra.Command) {
	cobra.AddTemplateFunc("folded", func(f *pflag.FlagSet) string { return f.FlagUsagesWrapped(terminalWidth) })
	fold := strings.NewReplacer(".LocalFlags.FlagUsages", "folded .LocalFlags", ".InheritedFlags.FlagUsages", "folded .InheritedFlags")
	root.SetUsageTemplate(fold.Replace(root.UsageTemplate()))
}
