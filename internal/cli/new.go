package cli

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ncd/runtime/weights"
)

// project is what a new project begins with.
//
//go:embed project
var project embed.FS

// newProject writes a small project to start from.
func (s *session) newProject() *cobra.Command {
	return &cobra.Command{
		Use:   "new DIR",
		Short: "Write a small project to start from: a model with a train block, and how to use it",
		Long: `Write a small project to start from: a model with a train block, and how to use it.

DIR is made if it is not there. Nothing in it is overwritten.`,
		Example: "  ncd new first",
		Args:    wants(1, 1, "a DIR"),
		RunE: func(_ *cobra.Command, words []string) error {
			if err := s.writeProject(words[0]); err != nil {
				return err
			}
			s.remark("to go on: cd %s; ncd train model.ncd", words[0])
			return nil
		},
	}
}

// writeProject writes the files of a project, if none of them is there.
func (s *session) writeProject(folder string) error {
	files, err := fs.Sub(project, "project")
	if err != nil {
		return err
	}
	names, err := fs.Glob(files, "*")
	if err != nil {
		return err
	}
	for _, name := range names {
		path := filepath.Join(folder, name)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return misused("`%s` cannot be written: something is there already", path).mend("choose another folder")
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		err = weights.Replace(filepath.Join(folder, name), func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
