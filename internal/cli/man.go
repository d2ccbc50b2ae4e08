package cli

import (
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// man prints manual pages in the form of man(1). Cobra's own writer makes them, so that
// they say what the help says.
func (s *session) man() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "man [COMMAND]",
		Short: "Print a manual page for man(1), or write all of them",
		Example: `  ncd man train > ncd-train.1
  ncd man -o man1`,
		Args: wants(0, 1, "a COMMAND or nothing"),
		RunE: func(cmd *cobra.Command, words []string) error {
			if to != "" {
				if len(words) > 0 {
					return misused("-o writes the pages of all commands, and `%s` names one", words[0])
				}
				return s.writePages(cmd.Root(), to)
			}
			page, left, err := cmd.Root().Find(words)
			if err != nil {
				return err
			}
			if len(left) > 0 {
				return knownCommand(cmd.Root(), left)
			}
			return putPage(page, s.Out)
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "", "`folder` to write the pages of all commands to")
	return cmd
}

// writePages writes a page for the command itself and for each subcommand.
func (s *session) writePages(root *cobra.Command, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, cmd := range append(root.Commands(), root) {
		name := "ncd.1"
		if cmd != root {
			name = "ncd-" + cmd.Name() + ".1"
		}
		err := s.write(filepath.Join(folder, name), func(w io.Writer) error { return putPage(cmd, w) })
		if err != nil {
			return err
		}
	}
	return nil
}

func putPage(cmd *cobra.Command, w io.Writer) error {
	cmd.DisableAutoGenTag = true // it has the day in it
	return doc.GenMan(cmd, &doc.GenManHeader{Section: "1", Source: "ncd " + release(), Manual: "ncd"}, w)
}
