package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/render"
)

// drawing is what a figure hangs on besides its diagram.
type drawing struct {
	render.Options
	width, sizes string
	view, to     string
}

// render draws a diagram.
func (s *session) render() *cobra.Command {
	var set setFlags
	var d drawing
	cmd := &cobra.Command{
		Use:   "render FILE [NAME]",
		Short: "Draw a diagram: the last one of the file, or NAME",
		Example: `  ncd render attention.ncd MultiHead -o multihead.svg
  ncd render digits.ncd --view graph -o digits.dot`,
		Args: wants(1, 2, "a FILE and the NAME of a diagram"),
		RunE: func(_ *cobra.Command, words []string) error {
			values, err := set.values()
			if err != nil {
				return err
			}
			if err := d.settle(); err != nil {
				return err
			}
			drawn, err := s.elaborated(words[0], words[1:], check.Options{Set: values})
			if err != nil {
				return err
			}
			return s.draw(drawn, d)
		},
	}
	set.add(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&d.to, "output", "o", "-", "`file` to write, whose ending says the format: "+strings.Join(render.Formats(), ", ")+", or dot of a graph; - is SVG on standard output")
	flags.StringVar(&d.view, "view", "circuit", "`view`: circuit, the notation of the paper, or graph, boxes and arrows")
	flags.IntVar(&d.Depth, "depth", render.AllLevels, "fold composite boxes below this `level`; -1 shows all")
	flags.StringVar(&d.width, "width", "", "`width` of the page: 3.25in, 80mm; default: as wide as it comes out")
	flags.StringVar(&d.Theme, "theme", "paper", "`theme`: paper, plain or dark")
	flags.StringVar(&d.sizes, "sizes", "letters", "write axes with their `sizes`: letters or numbers")
	return cmd
}

// settle reads the options that are words.
func (d *drawing) settle() (err error) {
	if d.width != "" {
		if d.Width, err = millimetres(d.width); err != nil {
			return err
		}
	}
	if err := oneOf("view", d.view, "circuit", "graph"); err != nil {
		return err
	}
	if err := oneOf("sizes", d.sizes, "letters", "numbers"); err != nil {
		return err
	}
	if err := oneOf("theme", d.Theme, "paper", "plain", "dark"); err != nil {
		return err
	}
	d.Numbers = d.sizes == "numbers"
	if format := d.format(); !slices.Contains(d.formats(), format) {
		return misused("the %s view cannot be written as `.%s`", d.view, format).mend("there are " + strings.Join(d.formats(), ", "))
	}
	return nil
}

// oneOf refuses an option whose value is none of those it has.
func oneOf(option, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return misused("`--%s %s` is none of %s", option, value, strings.Join(values, ", ")).orNearest(value, values, "%s")
}

// millimetres reads a length with its unit.
func millimetres(text string) (float64, error) {
	for _, unit := range []struct {
		name string
		mm   float64
	}{{"mm", 1}, {"cm", 10}, {"in", 25.4}, {"pt", 25.4 / 72}} {
		number, found := strings.CutSuffix(text, unit.name)
		if x, err := strconv.ParseFloat(strings.TrimSpace(number), 64); found && err == nil && x > 0 && x < 1e5 {
			return x * unit.mm, nil
		}
	}
	return 0, misused("`--width %s` is no length", text).mend("write it with its unit: 3.25in, 80mm, 8cm, 240pt")
}

// format is the ending of the file that is written.
func (d *drawing) format() string {
	if d.to == "-" {
		return "svg"
	}
	return strings.TrimPrefix(strings.ToLower(filepath.Ext(d.to)), ".")
}

// formats are the endings of the files that the view can be written to.
func (d *drawing) formats() []string {
	if d.view == "graph" {
		return render.GraphFormats()
	}
	return render.Formats()
}

// draw writes a figure.
func (s *session) draw(drawn *diagram.Diagram, d drawing) error {
	write := func(w io.Writer) error { return render.Graph(w, drawn, d.Options, d.format()) }
	if d.view == "circuit" {
		scene, _, err := render.Figure(drawn, d.Options)
		if err != nil {
			return fmt.Errorf("drawing %s: %w", drawn.Name, err)
		}
		write = func(w io.Writer) error { return render.Write(w, scene, d.format()) }
	}
	return s.write(d.to, write)
}
