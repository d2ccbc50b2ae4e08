package cli

import (
	"bytes"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/internal/doc"
	"ncd/render"
	"ncd/stdlib"
)

// documentation is the options of ncd doc.
type documentation struct {
	format, to string
}

// doc prints the documentation of the standard library or of a file.
func (s *session) doc() *cobra.Command {
	var d documentation
	cmd := &cobra.Command{
		Use:   "doc [NAME | FILE [NAME]]",
		Short: "Print the documentation of the standard library, or of a file",
		Long: `Print the documentation of the standard library, or of a file.

NAME is a primitive box, a diagram or learning rule of the library, or one of FILE. Without one all are listed; as markdown or
html all are told, in html with their figures.`,
		Example: `  ncd doc
  ncd doc layernorm
  ncd doc digits.ncd Digits
  ncd doc --format html -o library.html`,
		Args: wants(0, 2, "a NAME of the library, or a FILE and a NAME"),
		RunE: func(_ *cobra.Command, words []string) error {
			if err := oneOf("format", d.format, "text", "markdown", "html"); err != nil {
				return err
			}
			return s.document(words, d)
		},
	}
	cmd.Flags().StringVar(&d.format, "format", "text", "`format`: text, markdown, or html with figures")
	cmd.Flags().StringVarP(&d.to, "output", "o", "-", "`file` to write; - is standard output")
	return cmd
}

func (s *session) document(words []string, d documentation) error {
	files, names, err := s.documented(words)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return s.write(d.to, func(w io.Writer) error { return s.writeDoc(w, files, d.format) })
	}
	entries := doc.All(files, names[0])
	if len(entries) == 0 {
		return refuse(check.UnknownDeclaration, "nothing is named `%s`", names[0]).orNearest(names[0], doc.Names(files), "%s").
			mend("`ncd doc` lists the standard library, `ncd doc FILE` a file")
	}
	if d.format == "text" {
		return s.write(d.to, func(w io.Writer) error { return doc.Text(w, entries...) })
	}
	var only []doc.File
	for _, e := range entries {
		only = append(only, doc.File{Name: e.File, Entries: []doc.Entry{e}})
	}
	return s.write(d.to, func(w io.Writer) error { return s.writeDoc(w, only, d.format) })
}

func (s *session) writeDoc(w io.Writer, files []doc.File, format string) error {
	switch format {
	case "markdown":
		return doc.Markdown(w, files)
	case "html":
		return doc.HTML(w, files, s.figureOf)
	}
	return doc.List(w, files)
}

// documented reads what is to be documented: the file that is named first, or the
// whole library. The names that are left are of its entries.
func (s *session) documented(words []string) (files []doc.File, names []string, err error) {
	if len(words) > 0 && (len(words) == 2 || isFile(words[0])) {
		f, err := s.docOf(words[0])
		return []doc.File{f}, words[1:], err
	}
	all, err := fs.Glob(stdlib.Files, "*.ncd")
	if err != nil {
		return nil, nil, err
	}
	files = append(files, doc.Primitives())
	for _, name := range all {
		f, err := s.docOf("std/" + strings.TrimSuffix(name, ".ncd"))
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	return files, words, nil
}

// isFile reports whether a word names a file rather than something in one.
func isFile(word string) bool {
	return word == "-" || filepath.Ext(word) == ".ncd" || strings.ContainsAny(filepath.ToSlash(word), "/")
}

func (s *session) docOf(name string) (doc.File, error) {
	file, err := s.read(name)
	if err != nil {
		return doc.File{}, err
	}
	tree, said := grammar.Parse(file)
	return doc.Of(name, tree), s.heed(said)
}

// figureOf is the figure of a diagram as SVG. What cannot be drawn by itself, as
// a diagram that takes another one, has none.
func (s *session) figureOf(e doc.Entry) []byte {
	file, err := s.read(e.File)
	if err != nil {
		return nil
	}
	program, _ := checkFile(file, e.File, check.Options{})
	d, said := program.Diagram(e.Name, nil)
	if printed(said) != nil || d == nil {
		return nil
	}
	scene, _, err := render.Figure(d, render.Options{Depth: render.AllLevels})
	if err != nil {
		return nil
	}
	var picture bytes.Buffer
	if render.Write(&picture, scene, "svg") != nil {
		return nil
	}
	return picture.Bytes()
}
