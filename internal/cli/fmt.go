package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"ncd/grammar/format"
	"ncd/grammar/source"
	"ncd/runtime/weights"
)

// fmt prints programs in their canonical form, or does what its options say.
func (s *session) fmt() *cobra.Command {
	var f formatting
	cmd := &cobra.Command{
		Use:   "fmt FILE...",
		Short: "Print programs in their canonical form; comments survive",
		Example: `  ncd fmt digits.ncd
  ncd fmt -w *.ncd`,
		Args: wants(1, -1, "at least one FILE"),
		RunE: func(_ *cobra.Command, names []string) error { return s.format(names, f) },
	}
	cmd.Flags().BoolVarP(&f.rewrites, "write", "w", false, "rewrite the files")
	cmd.Flags().BoolVar(&f.checks, "check", false, "change nothing; exit 1 if a file would change")
	cmd.Flags().BoolVar(&f.shows, "diff", false, "show what would change")
	return cmd
}

// formatting is what is done with the canonical text.
type formatting struct {
	rewrites, checks, shows bool
}

// format formats all files, and refuses together what is wrong in them.
func (s *session) format(names []string, f formatting) error {
	var said []source.Diagnostic
	for _, name := range names {
		file, err := s.read(name)
		if err != nil {
			return err
		}
		text, faults := format.Format(file)
		if len(faults) > 0 {
			said = append(said, faults...)
			continue
		}
		if err := s.place(name, file, text, f); err != nil {
			return err
		}
		if f.checks && text != file.Text {
			said = append(said, unformatted(file, name))
		}
	}
	return s.heed(said)
}

// place puts a file's canonical text where the options say.
func (s *session) place(name string, file *source.File, text string, f formatting) error {
	if f.shows {
		if _, err := s.Out.Write(diff.Diff(name, []byte(file.Text), name+" (formatted)", []byte(text))); err != nil {
			return err
		}
	}
	switch {
	case f.rewrites && !isOnDisk(name):
		return misused("`%s` is no file that can be rewritten", name)
	case f.rewrites && text != file.Text:
		return weights.Replace(name, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
	case !f.rewrites && !f.checks && !f.shows:
		_, err := io.WriteString(s.Out, text)
		return err
	}
	return nil
}

func isOnDisk(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// codeUnformatted is the code of a file that is not in the canonical form.
const codeUnformatted source.Code = "NotFormatted"

func unformatted(file *source.File, name string) source.Diagnostic {
	return source.Diagnostic{
		Code: codeUnformatted, Message: fmt.Sprintf("`%s` is not in the canonical form", file.Name),
		Help: []string{"ncd fmt -w " + name},
	}
}
