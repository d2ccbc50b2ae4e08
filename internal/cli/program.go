package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/internal/training"
	"ncd/runtime/fault"
	"ncd/stdlib"
)

// codeMissing is the code of a program that is not there.
const codeMissing source.Code = "MissingFile"

// setFlags are the values that --set gives to names.
type setFlags struct {
	pairs []string
}

func (f *setFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.pairs, "set", nil, "`name=value` of a const or static parameter; may be repeated")
}

// values are the pairs taken apart; of two for one name the last holds.
func (f *setFlags) values() (map[string]string, error) {
	values := map[string]string{}
	for _, pair := range f.pairs {
		name, value, found := strings.Cut(pair, "=")
		if name = strings.TrimSpace(name); !found || name == "" || strings.TrimSpace(value) == "" {
			return nil, misused("`--set %s` is no pair", pair).mend("write --set name=value")
		}
		values[name] = value
	}
	return values, nil
}

// read reads a program: a path, - for standard input, or std/NAME.
func (s *session) read(name string) (*source.File, error) {
	text, shown, err := s.open(name)
	if err != nil {
		return nil, refuse(codeMissing, "`%s` cannot be read: %s", name, reason(err))
	}
	defer text.Close()
	bytes, err := io.ReadAll(io.LimitReader(text, s.limits.program+1))
	if err != nil {
		return nil, refuse(source.Code(fault.UnreadableFile), "`%s` cannot be read: %s", name, reason(err))
	}
	if int64(len(bytes)) > s.limits.program {
		return nil, refuse(source.Code(fault.UnreadableFile), "`%s` has more than %s; is it a program?", name, bytesText(s.limits.program)).mend("--limit program=64MiB takes it all the same")
	}
	return &source.File{Name: shown, Text: string(bytes)}, nil
}

// open finds a program, and the name that diagnostics give it.
func (s *session) open(name string) (text io.ReadCloser, shown string, err error) {
	if name == "-" {
		return io.NopCloser(s.In), "standard input", nil
	}
	if inside, isStandard := strings.CutPrefix(filepath.ToSlash(name), "std/"); isStandard {
		if file, err := stdlib.Files.Open(strings.TrimSuffix(inside, ".ncd") + ".ncd"); err == nil {
			return file, name, nil
		}
	}
	file, err := os.Open(name)
	return file, name, err
}

// reason is what the system said, without the operation and the path.
func reason(err error) string {
	var told *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.As(err, &told):
		return told.Err.Error()
	}
	return err.Error()
}

// folderOf is the folder that a program's relative paths begin in.
func folderOf(name string) string {
	if name == "-" {
		return "."
	}
	return filepath.Dir(name)
}

// checked reads and checks a program. Remarks are told; where there are errors
// the program is refused.
func (s *session) checked(name string, o check.Options) (*check.Program, error) {
	file, err := s.read(name)
	if err != nil {
		return nil, err
	}
	o.Limits = s.limits.check
	program, said := checkFile(file, name, o)
	return program, s.heed(said)
}

func checkFile(file *source.File, name string, o check.Options) (*check.Program, []source.Diagnostic) {
	return sourceOf(file, name, o).Check()
}

// sourceOf is a program with where its imports and the library are found.
func sourceOf(file *source.File, name string, o check.Options) training.Source {
	o.Sources, o.Folder = sourcesOf(name)
	o.Library = stdlib.Files
	return training.Source{Text: file, Options: o}
}

// sourcesOf is where the imports of a program are found: the whole disk, of which the
// program's folder is a part, for a program may import from folders beside its own.
func sourcesOf(name string) (sources fs.FS, folder string) {
	here, err := filepath.Abs(folderOf(name))
	if err != nil {
		return os.DirFS(folderOf(name)), ""
	}
	root := filepath.VolumeName(here) + string(filepath.Separator)
	return os.DirFS(root), filepath.ToSlash(strings.TrimPrefix(here, root))
}

// heed tells remarks, and makes a refusal of errors.
func (s *session) heed(said []source.Diagnostic) error {
	if slices.ContainsFunc(said, isError) {
		return &refusal{said: said}
	}
	if len(said) > 0 {
		s.tell(said)
	}
	return nil
}

func isError(d source.Diagnostic) bool { return d.Severity == source.Error }

// chosen is the declaration that was named, or else the last one of its kind.
func chosen(kind string, named, all []string) (string, error) {
	if len(all) == 0 {
		return "", refuse(check.UnknownDeclaration, "the program has no %s", kind)
	}
	if len(named) == 0 {
		return all[len(all)-1], nil
	}
	if !slices.Contains(all, named[0]) {
		return "", refuse(check.UnknownDeclaration, "there is no %s `%s`", kind, named[0]).orNearest(named[0], all, "%s")
	}
	return named[0], nil
}

// wants refuses another number of words behind the command than it takes.
func wants(least, most int, usage string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, words []string) error {
		if len(words) >= least && (most < 0 || len(words) <= most) {
			return nil
		}
		return misused("`ncd %s` takes %s", cmd.Name(), usage).mend("`ncd help " + cmd.Name() + "` shows an example")
	}
}
