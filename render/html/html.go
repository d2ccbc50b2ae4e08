// Package html writes a figure as one page that needs nothing else: no network,
// no fonts, no library. The figure is SVG; under the pointer or the keyboard's
// focus all wires of an axis light up and its size is told, boxes open and
// close, and each mark leads to its line of the program, which stands below.
//
// In go the same figure at several depths and what is to be said of its axes;
// boxes open by showing the next depth, so nothing is computed in the page. It
// knows scenes and package svg, and no diagram. Equal scenes give equal bytes.
package html

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"ncd/render/scene"
	"ncd/render/svg"
)

// Options are what the page holds besides the figure. The zero value is a page
// without sizes and program.
type Options struct {
	Sizes   map[string]string // what is told of an axis, by its label: "197", "4m = 2048"
	File    string            // the name of the program's file
	Program string            // its text, to which the scene's spans lead; "": none
}

var (
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// policy forbids the page everything but what it holds.
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

// Write writes the page of a figure at growing depths: in each scene more boxes
// are open than in the one before. The first is shown first, and its theme is
// the page's. It errs where there is no scene, and where the writer does.
func Write(w io.Writer, depths []*scene.Scene, o Options) error {
	if len(depths) == 0 {
		return errors.New("a page without a figure")
	}
	p := &page{out: bufio.NewWriter(w), file: o.File}
	for _, s := range depths {
		p.depths = append(p.depths, p.ownLines(s))
	}
	p.head()
	p.print("<main>\n<h1>%s</h1>\n", html.EscapeString(depths[0].Title))
	p.bar()
	if err := p.figures(); err != nil {
		return err
	}
	p.print("<p id=\"told\" role=\"status\"></p>\n<p id=\"keys\">%s</p>\n", p.keys(o))
	p.program(o)
	p.print("</main>\n<div id=\"tip\" aria-hidden=\"true\" hidden></div>\n")
	if err := p.sizes(o.Sizes); err != nil {
		return err
	}
	p.print("<script>\n%s</script>\n</html>\n", script)
	return p.out.Flush()
}

type page struct {
	out    *bufio.Writer
	depths []*scene.Scene
	file   string // the program that lines are of
}

func (p *page) print(format string, values ...any) { fmt.Fprintf(p.out, format, values...) }

func (p *page) head() {
	first := p.depths[0]
	p.print("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
	p.print("<meta name=\"viewport\" content=\"width=device-width\">\n")
	p.print("<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", policy)
	p.print("<title>%s</title>\n", html.EscapeString(first.Title))
	p.print("<meta name=\"description\" content=\"%s\">\n", html.EscapeString(first.Description))
	p.print("<style>\n%s%s</style>\n", colors(first.Theme), style)
}

// colors are the theme's, so that page and figure are light or dark together,
// whatever the reader's system prefers.
func colors(t scene.Theme) string {
	scheme := "light"
	if isDark(t.Colors[scene.Paper]) {
		scheme = "dark"
	}
	accent := t.Colors[scene.Index]
	if accent == "" {
		accent = t.Colors[scene.Ink]
	}
	return fmt.Sprintf(":root { color-scheme: only %s; --paper: %s; --ink: %s; --faint: %s; --accent: %s; }\n",
		scheme, t.Colors[scene.Paper], t.Colors[scene.Ink], t.Colors[scene.Faint], accent)
}

// isDark reports whether a colour's strongest part is in the lower half.
func isDark(color string) bool {
	n, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 32)
	return err == nil && max(n>>16, n>>8&0xff, n&0xff) < 0x80
}

// bar has the buttons for those who do not press keys.
func (p *page) bar() {
	if len(p.depths) == 1 {
		return
	}
	p.print("<p id=\"bar\"><button id=\"close\" type=\"button\">− close</button> <button id=\"open\" type=\"button\">+ open</button> <span id=\"depth\"></span></p>\n")
}

// keys says what the keyboard does.
func (p *page) keys(o Options) string {
	words := []string{"Arrow keys go from wire to box"}
	if len(p.depths) > 1 {
		words = append(words, "<kbd>Enter</kbd> opens and closes a box", "<kbd>+</kbd> and <kbd>−</kbd> open and close all")
	}
	if o.Program != "" {
		words = append(words, "<kbd>Shift</kbd> <kbd>Enter</kbd> shows the line of the program")
	}
	return strings.Join(words, ", ") + "."
}

// figures writes the first scene in its place and the others as templates: of
// equal identifiers in the figures, only those of one are in the document.
func (p *page) figures() error {
	p.print("<div id=\"stage\">\n")
	if err := p.figure(0); err != nil {
		return err
	}
	p.print("</div>\n")
	for i := range p.depths[1:] {
		p.print("<template>\n")
		if err := p.figure(i + 1); err != nil {
			return err
		}
		p.print("</template>\n")
	}
	return nil
}

func (p *page) figure(depth int) error {
	var b bytes.Buffer
	if err := svg.Write(&b, p.depths[depth], svg.Options{Sources: true}); err != nil {
		return err
	}
	var opens, closes []string
	if depth+1 < len(p.depths) {
		opens = fencesOnlyIn(p.depths[depth+1], p.depths[depth])
	}
	if depth > 0 {
		closes = fencesOnlyIn(p.depths[depth], p.depths[depth-1])
	}
	p.print("<div class=\"figure\" style=\"--width: %smm\" data-opens=\"%s\" data-closes=\"%s\">\n%s</div>\n",
		scene.Number(p.depths[depth].Width), list(opens), list(closes), b.Bytes())
	return nil
}

// fencesOnlyIn are the boxes that have a ground in one scene and none in
// another, in the order of their grounds: those that are open only in the one.
func fencesOnlyIn(one, other *scene.Scene) []string {
	known := map[string]bool{"": true}
	for _, m := range other.Marks {
		if panel, ok := m.(*scene.Panel); ok {
			known[pathOf(panel.About)] = true
		}
	}
	var names []string
	for _, m := range one.Marks {
		if panel, ok := m.(*scene.Panel); ok && !known[pathOf(panel.About)] {
			known[pathOf(panel.About)] = true
			names = append(names, pathOf(panel.About))
		}
	}
	return names
}

// pathOf says which box a mark is of: its name where it is alone of that name.
func pathOf(a scene.About) string {
	if a.Path != "" {
		return a.Path
	}
	return a.Box
}

// list is a list of names as an attribute, a line each.
func list(names []string) string { return html.EscapeString(strings.Join(names, "\n")) }

// program writes the program with a number to each line.
func (p *page) program(o Options) {
	if o.Program == "" {
		return
	}
	p.print("<h2>%s</h2>\n<ol id=\"program\">\n", html.EscapeString(o.File))
	for i, line := range strings.Split(strings.TrimRight(o.Program, "\n"), "\n") {
		p.print("<li id=\"L%d\"><code>%s</code></li>\n", i+1, html.EscapeString(strings.TrimRight(line, "\r")))
	}
	p.print("</ol>\n")
}

// sizes hands the page what is told of axes. JSON's own escapes keep it from
// ending the element.
func (p *page) sizes(sizes map[string]string) error {
	text, err := json.Marshal(sizes)
	if err != nil {
		return fmt.Errorf("sizes of axes: %w", err)
	}
	p.print("<script type=\"application/json\" id=\"sizes\">%s</script>\n", text)
	return nil
}
