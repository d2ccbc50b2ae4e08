package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/cost"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/render"
	"ncd/render/raster"
	"ncd/render/scene"
)

// drawing is what a figure hangs on besides its diagram, and where it goes.
type drawing struct {
	render.Options
	width, sizes string
	view, to     string
	mode         string // of training, in which dropout drops, or not
	by           string // what the cost view shades by
	rule         string // of learning, in the place of the train block's
	form         string // format of files in a folder
	dpi          float64
	isOutlined   bool
	isMeasured   bool // tell how tidy the figure is
}

// render draws a diagram.
func (s *session) render() *cobra.Command {
	var set setFlags
	var d drawing
	cmd := &cobra.Command{
		Use:   "render FILE [NAME]",
		Short: "Draw the figures of a file, or the figure, diagram or model NAME",
		Long: `Draw the figures of a file, or the figure, diagram or model NAME.

NAME is a figure block, a diagram, or a train block, whose model is drawn. Without one all figure blocks of
the file are drawn, each into a file of the folder that -o names; in a file without any, its last diagram.`,
		Example: `  ncd render attention.ncd MultiHead -o multihead.svg
  ncd render attention.ncd MultiHead --depth 1 --width 3.25in -o multihead.pdf
  ncd render digits.ncd --view graph -o digits.dot
  ncd render attention.ncd Attention --view backward -o backward.svg
  ncd render digits.ncd digits --view rule --rule dfa -o dfa.pdf
  ncd render attention.ncd MultiHead --view cost --set m=512 --set y=64 --set x=64 -o cost.svg
  ncd render attention.ncd -o figures/ --format pdf
  ncd render attention.ncd --stats`,
		Args: wants(1, 2, "a FILE and the NAME of a figure, diagram or train block"),
		RunE: func(cmd *cobra.Command, words []string) error {
			values, err := set.values()
			if err != nil {
				return err
			}
			isSet := cmd.Flags().Changed
			if early := d; !isFolder(d.to) { // wrong options are told before the program is read
				if err := early.settle(isSet); err != nil {
					return err
				}
			}
			program, err := s.checked(words[0], check.Options{Set: values, Rule: d.rule, Training: d.mode == "train"})
			if err != nil {
				return err
			}
			if d.view == "rule" {
				return s.drawRule(program, words[1:], d, isSet)
			}
			list, err := s.figures(program, words[1:], d, isSet)
			if err != nil {
				return err
			}
			return s.drawAll(list, isSet)
		},
	}
	set.add(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&d.to, "output", "o", "-", "`file` to write, whose ending says the format: "+strings.Join(render.Formats(), ", ")+", or dot, which is the graph view; or a folder, FOLDER/, for all figures; - is SVG on standard output")
	flags.StringVar(&d.form, "format", "svg", "`format` of the files in the folder that -o names")
	flags.StringVar(&d.view, "view", "circuit", "`view`: circuit, the notation of the paper; backward, the same with its derivative beneath; cost, with boxes shaded by their share of the operations; rule, how a train block learns, its layers' signals beneath them; or graph, boxes and arrows")
	flags.IntVar(&d.Depth, "depth", render.AllLevels, "fold composite boxes below this `level`; -1 shows all")
	flags.StringVar(&d.mode, "mode", "eval", "`mode`: eval, or train, in which dropout drops and is drawn")
	flags.StringVar(&d.by, "by", "operations", "what the cost view `shades` boxes by: operations, or bytes of what they make and of their weights")
	flags.StringVar(&d.rule, "rule", "", "`rule` of learning that the rule view shows, in the place of the train block's")
	flags.StringVar(&d.width, "width", "", "`width` of the page: 3.25in, 80mm; default: as wide as it comes out")
	flags.StringVar(&d.Theme, "theme", "paper", "`theme`: paper, plain or dark")
	flags.StringVar(&d.sizes, "sizes", "letters", "write axes with their `sizes`: letters or numbers")
	flags.Float64Var(&d.dpi, "dpi", 300, "resolution of PNG, in dots an `inch`")
	flags.BoolVar(&d.isOutlined, "outline", false, "write PDF with letters as shapes, for printers that want no fonts")
	flags.BoolVar(&d.isMeasured, "stats", false, "print how tidy the figure is: lines, columns, lanes, bends, crossings; it is drawn only to -o")
	return cmd
}

// settle reads the options that are words, and holds them against each other.
func (d *drawing) settle(isSet func(option string) bool) (err error) {
	if d.format() == "dot" && !isSet("view") {
		d.view = "graph"
	}
	if d.width != "" {
		if d.Width, err = millimetres(d.width); err != nil {
			return err
		}
	}
	if err := oneOf("view", d.view, "circuit", "backward", "cost", "rule", "graph"); err != nil {
		return err
	}
	if err := oneOf("by", d.by, "operations", "bytes"); err != nil {
		return err
	}
	if err := oneOf("mode", d.mode, "eval", "train"); err != nil {
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
	return d.holdOptions(isSet)
}

// holdOptions refuses options that mean nothing to the format or the view.
func (d *drawing) holdOptions(isSet func(option string) bool) error {
	switch {
	case d.isOutlined && d.format() != "pdf":
		return misused("only PDF has letters that `--outline` makes shapes of").mend("-o x.pdf")
	case isSet("dpi") && d.format() != "png":
		return misused("only PNG has a resolution").mend("-o x.png")
	case d.dpi < leastDPI || d.dpi > mostDPI:
		return misused("`--dpi %v` is no resolution from %d to %d", d.dpi, leastDPI, mostDPI)
	case d.isMeasured && d.view == "graph":
		return misused("the graph view is not measured by `--stats`")
	case isSet("by") && d.view != "cost":
		return misused("only the cost view is shaded `--by` something").mend("--view cost")
	case d.rule != "" && d.view != "rule":
		return misused("only the rule view shows a `--rule`").mend("--view rule")
	case d.view == "rule" && isSet("width"):
		return misused("the rule view is as wide as its layers need")
	case slices.Contains([]string{"backward", "cost", "rule"}, d.view) && d.format() == "html":
		return misused("the %s view is no page", d.view).mend("-o x.svg")
	}
	return nil
}

// The resolutions at which a figure can be seen and held in memory.
const (
	leastDPI = 10
	mostDPI  = 2400
)

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

// draw writes a figure, and tells how tidy it is where that is wanted.
func (s *session) draw(drawn *diagram.Diagram, d drawing) error {
	if d.view == "graph" {
		return s.write(d.to, func(w io.Writer) error { return render.Graph(w, drawn, d.Options, d.format()) })
	}
	figure, stats, err := d.figure(drawn)
	if err != nil {
		return notDrawn(drawn, err)
	}
	if !d.isMeasured || d.to != "-" {
		if err := s.write(d.to, func(w io.Writer) error { return d.encode(w, drawn, figure) }); err != nil {
			return err
		}
	}
	if !d.isMeasured {
		return nil
	}
	return s.putStats(drawn.Name, stats)
}

// figure draws what the view shows of a diagram.
func (d *drawing) figure(drawn *diagram.Diagram) (*scene.Scene, render.Stats, error) {
	if d.view == "backward" {
		both, err := learn.Backward(drawn)
		if err != nil {
			return nil, render.Stats{}, err
		}
		return render.Backward(both, d.Options)
	}
	o := d.Options
	if d.view == "cost" {
		var err error
		if o.Cost, err = costsOf(drawn, d.by); err != nil {
			return nil, render.Stats{}, err
		}
	}
	return render.Figure(drawn, o)
}

// costsOf is what the boxes of a diagram compute or hold, whose sizes must be numbers.
func costsOf(d *diagram.Diagram, by string) (*render.Cost, error) {
	sizes, unit := map[*diagram.Box]shape.Size{}, "floating-point operations"
	if by == "bytes" {
		sizes, unit = cost.EachBytes(d), "bytes of arrays and weights"
	} else {
		for b, work := range cost.Each(d) {
			sizes[b] = work.Operations()
		}
	}
	counted := &render.Cost{Of: map[*diagram.Box]float64{}, Unit: unit}
	var letters []string
	for b, size := range sizes {
		if n, known := size.Int(); known {
			counted.Of[b] = float64(n)
			continue
		}
		letters = append(letters, size.Letters()...)
	}
	if slices.Sort(letters); len(letters) > 0 {
		return nil, unsized(d, slices.Compact(letters))
	}
	return counted, nil
}

// codeUndrawn is the code of a diagram that a view cannot show.
const codeUndrawn source.Code = "ViewImpossible"

// notDrawn tells the author why a diagram is not drawn, where it is the view that
// cannot show it.
func notDrawn(drawn *diagram.Diagram, err error) error {
	var letters learn.LettersError
	switch {
	case errors.As(err, &letters):
		return unsized(drawn, letters.Letters)
	case errors.Is(err, render.ErrOneWay):
		return refuse(codeUndrawn, "nothing goes back through diagram `%s`: it has no backward view", drawn.Name).
			mend("a box that says its `reverse` itself shows it where it is used")
	case errors.Is(err, render.ErrTooLarge):
		return refuse(codeUndrawn, "the backward view shows every box, and there are too many in diagram `%s` to be read", drawn.Name).
			mend("draw a diagram that is a part of it")
	}
	return fmt.Errorf("drawing %s: %w", drawn.Name, err)
}

// encode writes a figure in the format of the file it goes to.
func (d *drawing) encode(w io.Writer, drawn *diagram.Diagram, figure *scene.Scene) error {
	switch format := d.format(); {
	case format == "html":
		return render.Page(w, drawn, d.Options)
	case format == "png":
		return raster.Write(w, figure, d.dpi)
	case d.isOutlined:
		return render.WriteOutlined(w, figure)
	default:
		return render.Write(w, figure, format)
	}
}

// putStats prints how tidy a figure is.
func (s *session) putStats(name string, stats render.Stats) error {
	if s.isJSON {
		return s.put(map[string]any{
			"diagram": name, "lines": stats.Lines, "columns": stats.Columns, "lanes": stats.Lanes,
			"bends": stats.Bends, "crossings": stats.Crossings,
		})
	}
	_, err := fmt.Fprintf(s.Out, "%s: %d lines, %d columns, %d lanes, %d bends, %d crossings\n",
		name, stats.Lines, stats.Columns, stats.Lanes, stats.Bends, stats.Crossings)
	return err
}
