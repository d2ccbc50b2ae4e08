package render

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/stdlib"
)

const figuresFolder = "../examples/figures"

// paperFigure is a figure of the paper, and how ours are drawn again.
type paperFigure struct {
	name    string   // of the program, and of the paper's file
	draws   []string // diagrams of it
	options Options
	better  string // than the paper's
	worse   string
}

// teaching figures show sizes as numbers and boxes closed.
var teaching = Options{Numbers: true}

var paperFigures = []paperFigure{
	{"scaled_attention", []string{"Attention"}, Options{Depth: AllLevels},
		"no wire bends that need not: y and k run level from end to end, and one label stands on each", "the equation beside it and the colours that tie its terms to the figure are not drawn"},
	{"multihead0", []string{"MultiHead"}, Options{Depth: AllLevels},
		"four bends in the paper's, none here but those that say something; the size k = m/8 is in the legend", "no notes in the margin, no light along the axis h (the page has it under the pointer)"},
	{"imagerec", []string{"Recogniser"}, Options{Depth: AllLevels, Numbers: true},
		"the bar is marked as a product, and every axis has a name beside its size", "the grounds behind the layers, and the code they are tied to, are not drawn"},
	{"IdResNet_block", []string{"Block"}, Options{Depth: AllLevels, Width: 174.6, Heading: true},
		"broken into lines by itself, the loop's bounds and strides read from the program", "lines break inside a fence, where the paper's author chose a place; the batch is bent into the circle as a stub, not as a wire"},
	{"IdResNet_overall", []string{"IdResNet"}, Options{Heading: true},
		"row and column are shown as the two axes they are", "the arguments of the blocks are not written on them"},
	{"unet", []string{"UNet"}, Options{Depth: AllLevels, Width: 174.6, Heading: true},
		"both loops, their bounds and the memory between them come from the program that trains", "labels inside the loops do not tell the turn (c rather than c with an index)"},
	{"visual_attention", []string{"VisualAttention"}, Options{Depth: AllLevels},
		"a linear map is a window of one place already, so the trapezoids are not needed; fewer bends", "the pieces of size 1 that the paper shows on purpose are left out"},
	{"implementation", []string{"Scores"}, Options{Depth: AllLevels},
		"the whole index equation in one column, from the line that says it", "the drawing taken apart into transpose, outer product, diagonal and cup is not offered"},
	{"linear_algebra", []string{"AssociatedTranspose", "Composed", "OuterProduct"}, Options{},
		"each side of the paper's equations is a program that runs", "equations between figures, and the unit (a wire from nothing that bends into two), are not drawn"},
	{"broadcasting0", []string{"Broadcast"}, teaching,
		"the axis passes over the box, as in the paper", "no pictures of arrays"},
	{"broadcasting0a", []string{"After", "Before"}, teaching,
		"the two sides are two programs, which are equal", "no equals sign between two diagrams"},
	{"inner_broadcasting0", []string{"InnerBroadcast"}, teaching,
		"which segment carries the axis is seen at once", "no pictures of arrays"},
	{"inner_broadcasting0a", []string{"After", "Before"}, teaching,
		"the two sides are two programs, which are equal", "no equals sign between two diagrams"},
	{"elementwise0", []string{"Elementwise"}, teaching,
		"a diagram of the author's own is written on the arrow like a function of the language", "that the arrow stands for axes of length 1 is not shown"},
	{"indexes", []string{"Row"}, teaching,
		"the index ends its wire as in the paper", "no pictures of arrays"},
	{"subtensors", []string{"Together", "Other"}, Options{},
		"both orders are programs", "two indexes written one behind the other take two columns"},
	{"rediagram", []string{"Rediagram"}, teaching,
		"sizes stand beside the names of the axes", "the same figure with types for wires is not drawn"},
}

// programOf checks a program of the folder.
func programOf(t *testing.T, name string) *check.Program {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(figuresFolder, name+".ncd"))
	if err != nil {
		t.Fatal(err)
	}
	p, said := check.Check(&source.File{Name: name + ".ncd", Text: string(text)},
		check.Options{Sources: os.DirFS(figuresFolder), Library: stdlib.Files})
	if len(said) > 0 {
		t.Fatalf("%s: %s", name, said[0].Message)
	}
	return p
}

func (f paperFigure) drawn(t *testing.T) map[string][]byte {
	t.Helper()
	p := programOf(t, f.name)
	figures := map[string][]byte{}
	for _, name := range f.draws {
		d, _ := p.Diagram(name, nil)
		if d == nil {
			t.Fatalf("%s has no diagram %s", f.name, name)
		}
		s, _, err := Figure(d, f.options)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := Write(&b, s, "svg"); err != nil {
			t.Fatal(err)
		}
		figures[f.file(name)] = b.Bytes()
	}
	return figures
}

// file is the name of a figure's file.
func (f paperFigure) file(diagram string) string {
	if len(f.draws) == 1 {
		return f.name + ".svg"
	}
	return f.name + "_" + diagram + ".svg"
}

// Each figure of the paper is drawn again, and is as it was last looked at.
func TestPaperFigures(t *testing.T) {
	for _, f := range paperFigures {
		t.Run(f.name, func(t *testing.T) {
			for file, got := range f.drawn(t) {
				compare(t, filepath.Join(figuresFolder, file), got)
			}
		})
	}
	compare(t, filepath.Join(figuresFolder, "README.md"), readmeOfFigures())
}

func readmeOfFigures() []byte {
	var b strings.Builder
	b.WriteString("# The paper's figures, drawn again\n\nThe 17 figures of the notebook that belongs to *Neural Circuit Diagrams* (Abbott, TMLR 2024,\n" +
		"arXiv:2402.05424), each from a program in this folder. The test of `render` writes this page and the figures. Told where the\n" +
		"paper's own are, by `NCD_SHARED`, it also writes a page that sets the two beside each other.\n\n" +
		"```sh\nncd render multihead0.ncd MultiHead -o multihead0.svg\nncd render visual_attention.ncd VisualAttention -o visual_attention.svg\n```\n")
	for _, f := range paperFigures {
		fmt.Fprintf(&b, "\n## %s\n\n", f.name)
		for _, name := range f.draws {
			fmt.Fprintf(&b, "![%s](%s)\n", name, f.file(name))
		}
		fmt.Fprintf(&b, "\nFrom [%s.ncd](%[1]s.ncd). Better: %s. Not as good: %s.\n", f.name, f.better, f.worse)
	}
	return []byte(b.String())
}

// NCD_SHARED names a folder with the paper's figures, in reference/figures/.
func TestPageBesideThePaper(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the paper's figures are")
	}
	folder, err := os.MkdirTemp("", "figures")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("<!doctype html><title>The paper's figures and ours</title><style>td{width:50%;vertical-align:top}img{max-width:100%}</style><table>\n")
	for _, f := range paperFigures {
		theirs, err := os.ReadFile(filepath.Join(shared, "reference", "figures", f.name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "<tr><th colspan=2>%s: better: %s; not as good: %s<tr><td>%s<td>", f.name, html.EscapeString(f.better), html.EscapeString(f.worse), picture("a.png", theirs))
		figures := f.drawn(t)
		for _, name := range f.draws {
			b.WriteString(picture(f.file(name), figures[f.file(name)]))
		}
		b.WriteString("\n")
	}
	page := filepath.Join(folder, "figures.html")
	if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("the two beside each other: %s", page)
}
