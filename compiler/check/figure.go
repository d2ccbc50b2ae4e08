package check

import (
	"maps"
	"slices"
	"strconv"

	"ncd/grammar"
	"ncd/grammar/source"
)

// Figure is a `figure` block: which diagram is drawn, and how. What it does not say
// is "" or 0, and a Depth of -1.
type Figure struct {
	Name    string // that of its diagram where it has none of its own
	Doc     string
	Diagram string  // name of a diagram, or of a train block for its model
	Width   float64 // mm
	Depth   int     // levels of boxes that are shown open; -1: not said
	View    string
	Theme   string
	Sizes   string // "letters" or "numbers"
	Title   string
	Span    source.Span
}

// figureWords are the keys of a figure whose value is one of a list of words.
var figureWords = map[string][]string{
	"view":  {"circuit", "graph", "backward", "cost", "rule"},
	"theme": {"paper", "plain", "dark"},
	"sizes": {"letters", "numbers"},
}

// Figures lists the figures of the file in the order of the text, those without
// errors.
func (p *Program) Figures() []Figure {
	var figures []Figure
	for _, d := range p.main.ordered {
		if d.kind == "figure" && !d.broken {
			figures = append(figures, p.figure(&report{}, d))
		}
	}
	return figures
}

func (p *Program) figure(r *report, d *declared) Figure {
	f := &figureReader{report: r, program: p, unit: d.unit, seen: map[string]source.Span{}}
	f.made = Figure{Name: d.name, Doc: d.figure.Doc(), Depth: -1, Span: d.span}
	for _, key := range d.figure.Keys {
		f.key(key)
	}
	if _, said := f.seen["diagram"]; !said {
		missing := r.fault(EntryMissing, d.span, "this figure does not say what it shows")
		missing.Help = append(missing.Help, "diagram MultiHead")
	}
	if f.made.Name == "" {
		f.made.Name = f.made.Diagram
	}
	return f.made
}

// figureReader reads the keys of a figure.
type figureReader struct {
	*report
	program *Program
	unit    *unit
	made    Figure
	seen    map[string]source.Span
}

func (f *figureReader) key(x *grammar.FigureKey) {
	name := x.Key.Text
	if first, isSeen := f.seen[name]; isSeen {
		d := f.fault(EntryTwice, x.Span(), "`%s` stands twice in this figure", name)
		d.Notes = append(d.Notes, source.Note{Span: first, Message: "first here"})
		return
	}
	f.seen[name] = x.Span()
	switch name {
	case "diagram":
		f.made.Diagram = f.diagramOf(x)
	case "width":
		f.made.Width = f.width(x)
	case "depth":
		f.made.Depth = f.depth(x)
	case "title":
		if x.Text == nil {
			f.fault(InvalidEntry, x.Span(), "a title is a text: `title \"Attention\"`")
			return
		}
		f.made.Title = x.Text.Value
	case "view":
		f.made.View = f.word(x)
	case "theme":
		f.made.Theme = f.word(x)
	case "sizes":
		f.made.Sizes = f.word(x)
	default:
		known := append(slices.Sorted(maps.Keys(figureWords)), "diagram", "width", "depth", "title")
		d := f.fault(UnknownKey, x.Key.Span(), "a figure has no `%s`%s", name, meant(name, known))
		d.Help = append(d.Help, "there are "+quoted(known))
	}
}

func (f *figureReader) diagramOf(x *grammar.FigureKey) string {
	if x.Word == nil {
		f.fault(InvalidEntry, x.Span(), "a figure shows a diagram by its name: `diagram MultiHead`")
		return ""
	}
	name := x.Word.Text
	if d := f.unit.find(name); d != nil && d.kind == "diagram" || f.unit.names["train "+name] != nil || f.unit.isBroken(name) {
		return name
	}
	known := append(f.unit.known("diagram"), f.unit.list("train")...)
	f.fault(UnknownName, x.Word.Span(), "there is no diagram `%s`%s", name, meant(name, known))
	return ""
}

// millimetres are the units of length.
var millimetres = map[string]float64{"mm": 1, "cm": 10, "in": 25.4, "pt": 25.4 / 72}

func (f *figureReader) width(x *grammar.FigureKey) float64 {
	if x.Number == nil || x.Number.Unit == "" {
		f.fault(InvalidEntry, x.Span(), "a width is a length: `width 3.25in`, or in mm, cm or pt")
		return 0
	}
	n, _ := strconv.ParseFloat(x.Number.Number, 64) // the scanner lets only numbers through
	if n <= 0 {
		f.fault(SizeInvalid, x.Number.Span(), "a figure is wider than nothing")
	}
	return n * millimetres[x.Number.Unit]
}

func (f *figureReader) depth(x *grammar.FigureKey) int {
	if x.Number != nil && x.Number.Unit == "" {
		if n, err := strconv.Atoi(x.Number.Number); err == nil {
			return n
		}
	}
	f.fault(InvalidEntry, x.Span(), "a depth is how many levels of boxes are shown open: `depth 1`")
	return -1
}

func (f *figureReader) word(x *grammar.FigureKey) string {
	words := figureWords[x.Key.Text]
	if x.Word != nil && slices.Contains(words, x.Word.Text) {
		return x.Word.Text
	}
	near := ""
	if x.Word != nil {
		near = meant(x.Word.Text, words)
	}
	d := f.fault(InvalidEntry, x.Span(), "`%s` is no %s%s", valueText(x), x.Key.Text, near)
	d.Help = append(d.Help, "there are "+quoted(words))
	return ""
}

func valueText(x *grammar.FigureKey) string {
	switch {
	case x.Word != nil:
		return x.Word.Text
	case x.Text != nil:
		return x.Text.Span().Text()
	}
	return x.Number.Span().Text()
}
