// Package render makes figures of diagrams: the circuit view, in the notation of
// the paper, and the graph view, as boxes and arrows. It is what the command
// calls; the rooms below it do the work.
//
// In goes a checked diagram, out come bytes that are the same on every machine.
// It knows nothing of running a diagram.
package render

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/circuit"
	"ncd/render/graph"
	"ncd/render/html"
	"ncd/render/lanes"
	"ncd/render/pdf"
	"ncd/render/raster"
	"ncd/render/rule"
	"ncd/render/scene"
	"ncd/render/svg"
	"ncd/render/tikz"
)

// AllLevels as a depth shows every composite box open that the author wrote; what is
// the library's keeps its own sign.
const AllLevels = -1

// Options are what a figure hangs on besides its diagram. The zero value is the
// paper's theme with the composite boxes closed.
type Options struct {
	Depth   int     // how many levels of composite boxes are shown open, or AllLevels
	Width   float64 // of the page, mm; 0: as wide as the figure comes out
	Theme   string  // "paper", "plain" or "dark"; "": paper
	Numbers bool    // write the sizes of axes beside their names
	Cost    *Cost   // shade boxes by what they cost; nil: not
	Heading bool    // the figure defines its box, which is shown closed before it
}

// Cost is what boxes cost, for figures that are shaded by it.
type Cost = circuit.Cost

// Stats says how tidy a figure is.
type Stats = circuit.Stats

// Figure draws a diagram in the circuit notation. It errs on a theme that there
// is not, and on a diagram that does not verify.
func Figure(d *diagram.Diagram, o Options) (*scene.Scene, Stats, error) {
	theme, err := themeOf(o.Theme)
	if err != nil {
		return nil, Stats{}, err
	}
	return circuit.Draw(d, circuit.Options{Depth: o.Depth, Width: o.Width, Numbers: o.Numbers, Heading: o.Heading, Cost: o.Cost, Theme: theme})
}

// What Backward cannot draw: a diagram that nothing goes back through, and one of too
// many boxes.
var (
	ErrOneWay   = circuit.ErrOneWay
	ErrTooLarge = circuit.ErrTooLarge
)

// Backward draws a flat diagram that has its backward half beneath its forward
// one. It errs as Figure does, with ErrOneWay, and with ErrTooLarge.
func Backward(d *diagram.Diagram, o Options) (*scene.Scene, Stats, error) {
	theme, err := themeOf(o.Theme)
	if err != nil {
		return nil, Stats{}, err
	}
	return circuit.DrawBackward(d, circuit.Options{Depth: o.Depth, Width: o.Width, Numbers: o.Numbers, Theme: theme})
}

// Learning is a model with what a learning rule says of its layers.
type (
	Learning = rule.Figure
	Layer    = rule.Layer
)

// ErrNoLayers says that a model has nothing to learn.
var ErrNoLayers = rule.ErrNoLayers

// Rule draws how a model learns: what its layers are told beneath them. Of the options
// Depth, Numbers and Theme count. It errs as Figure does, and with ErrNoLayers.
func Rule(l Learning, o Options) (*scene.Scene, Stats, error) {
	theme, err := themeOf(o.Theme)
	if err != nil {
		return nil, Stats{}, err
	}
	return rule.Draw(l, circuit.Options{Depth: o.Depth, Numbers: o.Numbers, Theme: theme})
}

func themeOf(name string) (scene.Theme, error) {
	if name == "" {
		return scene.Themes()[0], nil
	}
	theme, ok := scene.ThemeNamed(name)
	if !ok {
		var names []string
		for _, t := range scene.Themes() {
			names = append(names, t.Name)
		}
		return theme, fmt.Errorf("there is no theme %q: choose one of %s", name, strings.Join(names, ", "))
	}
	return theme, nil
}

// Formats lists what Write can write, by the ending of a file's name.
func Formats() []string { return []string{"svg", "pdf", "png", "tex", "html", "json"} }

// dotsAnInch is the resolution of PNG.
const dotsAnInch = 300

// Write writes a figure in one of Formats.
func Write(w io.Writer, s *scene.Scene, format string) error {
	switch format {
	case "svg":
		return svg.Write(w, s, svg.Options{Sources: true})
	case "pdf":
		return pdf.Write(w, s, pdf.Options{})
	case "png":
		return raster.Write(w, s, dotsAnInch)
	case "tex":
		return tikz.Write(w, s, tikz.Options{})
	case "html":
		return html.Write(w, []*scene.Scene{s}, html.Options{})
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(s)
	}
	return fmt.Errorf("a figure cannot be written as %q: choose one of %s", format, strings.Join(Formats(), ", "))
}

// WriteOutlined writes a figure as PDF with its letters as shapes: there is no
// font in the file, and no text to be searched.
func WriteOutlined(w io.Writer, s *scene.Scene) error {
	return pdf.Write(w, s, pdf.Options{Outline: true})
}

// Page writes a figure as a page whose boxes can be opened down to the depth of
// the options, and that shows the program beside it.
func Page(w io.Writer, d *diagram.Diagram, o Options) error {
	var depths []*scene.Scene
	for depth := range min(deepest(d), maxPages) + 1 {
		if o.Depth != AllLevels && depth > o.Depth {
			break
		}
		at := o
		at.Depth = depth
		s, _, err := Figure(d, at)
		if err != nil {
			return err
		}
		depths = append(depths, s)
	}
	page := html.Options{Sizes: map[string]string{}}
	addSizes(page.Sizes, d)
	if file := d.Span.File; file != nil {
		page.File, page.Program = file.Name, file.Text
	}
	return html.Write(w, depths, page)
}

// maxPages bounds how many depths a page holds.
const maxPages = 6

// deepest is how many levels of composite boxes a diagram has.
func deepest(d *diagram.Diagram) int {
	levels := 0
	for _, b := range d.Boxes {
		for _, body := range diagram.Bodies(b.Op) {
			levels = max(levels, deepest(body)+1)
		}
	}
	return levels
}

// addSizes notes how large each axis is, by its label: the outermost one counts.
func addSizes(sizes map[string]string, d *diagram.Diagram) {
	note := func(w *diagram.Wire) {
		for _, a := range w.Type.Axes {
			if _, known := sizes[a.Label]; !known {
				sizes[a.Label] = a.Size.String()
			}
		}
	}
	for _, w := range d.In {
		note(w)
	}
	for _, b := range d.Boxes {
		for _, w := range b.Out {
			note(w)
		}
	}
	for _, b := range d.Boxes {
		for _, body := range diagram.Bodies(b.Op) {
			addSizes(sizes, body)
		}
	}
}

// GraphFormats lists what Graph can write.
func GraphFormats() []string { return []string{"svg", "dot"} }

// Graph draws a diagram as boxes and arrows, straight from Graphviz, in one of
// GraphFormats. Of the options only Depth counts.
func Graph(w io.Writer, d *diagram.Diagram, o Options, format string) error {
	if !slices.Contains(GraphFormats(), format) {
		return fmt.Errorf("a graph cannot be written as %q: choose one of %s", format, strings.Join(GraphFormats(), ", "))
	}
	text := graph.DOT(d, o.Depth)
	if format == "svg" {
		picture, err := lanes.DrawGraph(text)
		if err != nil {
			return err
		}
		text = picture
	}
	_, err := w.Write(text)
	return err
}
