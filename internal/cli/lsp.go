package cli

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ncd/internal/lsp"
)

// lsp serves an editor.
func (s *session) lsp() *cobra.Command {
	return &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor over standard input and output (Language Server Protocol)",
		Long: `Serve an editor over standard input and output (Language Server Protocol).

An editor starts it by itself. It tells diagnostics while typing, formats, outlines, colours, completes, says what a name is
with the axes and sizes of its wire, goes to its definition and to all its places, changes it at all of them, mends misspelt
names, draws diagrams and runs tests. internal/lsp/editors/vscode/README.md tells how VS Code and Neovim start it.
Where a definition is in the standard library, its source is copied for the editor into the folder ncd of the system's
folder for caches, which may be deleted at any time.`,
		Example: "  ncd lsp",
		Args:    wants(0, 0, "no words"),
		RunE: func(*cobra.Command, []string) error {
			return lsp.Serve(s.In, s.Out, lsp.Options{Version: release(), Cache: cacheFolder(), Draw: s.forEditor, Test: s.testForEditor})
		},
	}
}

// cacheFolder is where what can be made again is kept; "" where the system has no
// place for it.
func cacheFolder() string {
	folder, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(folder, "ncd")
}
