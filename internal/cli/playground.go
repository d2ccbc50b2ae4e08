package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"ncd/grammar/source"
	"ncd/internal/playground"
)

// codeNoCompiler is the code of a playground that cannot be compiled here.
const codeNoCompiler source.Code = "ToolMissing"

// playground writes the page that runs ncd in a browser.
func (s *session) playground() *cobra.Command {
	var to, from string
	cmd := &cobra.Command{
		Use:   "playground",
		Short: "Write a page that checks, formats, draws and trains programs in a browser",
		Long: `Write a page that checks, formats, draws and trains programs in a browser.

The page is static files: index.html opens from the disk, or from any server. What runs in it is this
program, compiled to WebAssembly: Go is needed, and the source of ncd, which is looked for in the current
folder and those above it, and where this binary was compiled from.`,
		Example: "  ncd playground -o playground",
		Args:    wants(0, 0, "no words, and -o DIR"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return misused("`ncd playground` needs the folder to write to").mend("-o DIR")
			}
			sizes, err := playground.Write(cmd.Context(), to, from)
			if err != nil {
				return notCompiled(err)
			}
			s.remark("%s holds the page: open index.html in it (the engine has %.1f MB, packed %.1f MB)", to, float64(sizes.Wasm)/1e6, float64(sizes.Packed)/1e6)
			return nil
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "", "`folder` to write to, made if it is not there")
	cmd.Flags().StringVar(&from, "source", "", "`folder` of the source of ncd, in place of the one that is found")
	return cmd
}

// notCompiled tells what the machine lacks.
func notCompiled(err error) error {
	var noTool *playground.NoToolchain
	var noSource *playground.NoSource
	switch {
	case errors.As(err, &noTool):
		return refuse(codeNoCompiler, "%v", err).mend("install Go from https://go.dev/dl, and see that `go version` answers")
	case errors.As(err, &noSource):
		return refuse(codeNoCompiler, "%v", err).mend("run it in a clone of ncd, or name one with --source DIR")
	}
	return err
}
