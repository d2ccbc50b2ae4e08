package render

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ncd/internal/browser"
	"ncd/render/scene"
	"ncd/render/tikz"
)

// Here figures are opened by the programs that papers and pages are made with.

// wants skips a test on a machine without a program.
func wants(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("there is no %s to open figures with", program)
	}
}

// ran runs a program in a folder and returns what it says.
func ran(t *testing.T, folder, program string, words ...string) []byte {
	t.Helper()
	run := exec.CommandContext(t.Context(), program, words...)
	run.Dir = folder
	said, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", program, words, err, said[max(0, len(said)-2000):])
	}
	return said
}

// holdTikZ compiles figures as the pages of one document, and the first also as the
// document that it is by itself.
func holdTikZ(t *testing.T, figures map[string]*scene.Scene) {
	t.Helper()
	wants(t, "pdflatex")
	folder := t.TempDir()
	var pages, alone bytes.Buffer
	pages.WriteString("\\documentclass{article}\n\\usepackage{tikz}\n\\begin{document}\n")
	for i, name := range slices.Sorted(maps.Keys(figures)) {
		pages.WriteString("\\shipout\\hbox{%\n")
		if err := tikz.Write(&pages, figures[name], tikz.Options{Picture: true}); err != nil {
			t.Fatal(err)
		}
		pages.WriteString("}\n")
		if i == 0 {
			if err := tikz.Write(&alone, figures[name], tikz.Options{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	pages.WriteString("\\end{document}\n")
	for file, text := range map[string][]byte{"pages.tex": pages.Bytes(), "alone.tex": alone.Bytes()} {
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o644); err != nil {
			t.Fatal(err)
		}
		said := ran(t, folder, "pdflatex", "-interaction=nonstopmode", "-halt-on-error", file)
		for _, complaint := range []string{"Missing character", "Undefined control sequence"} {
			if bytes.Contains(said, []byte(complaint)) {
				t.Errorf("%s: %s", file, complaint)
			}
		}
	}
}

// holdPDF holds that the fonts of figures are embedded parts of fonts with outlines,
// and that every word of them is found.
func holdPDF(t *testing.T, figures map[string]*scene.Scene) {
	t.Helper()
	wants(t, "pdffonts")
	wants(t, "pdftotext")
	folder := t.TempDir()
	for name, s := range figures {
		var b bytes.Buffer
		if err := Write(&b, s, "pdf"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "figure.pdf"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		fonts := strings.Split(strings.TrimSpace(string(ran(t, folder, "pdffonts", "figure.pdf"))), "\n")
		if len(fonts) < 3 {
			t.Errorf("%s: no fonts:\n%s", name, strings.Join(fonts, "\n"))
		}
		for _, font := range fonts[min(2, len(fonts)):] { // behind the heading
			if strings.Contains(font, "Type 3") || !embedded.MatchString(font) {
				t.Errorf("%s: a font that is no embedded part of one: %s", name, font)
			}
		}
		holdWords(t, name, s, string(ran(t, folder, "pdftotext", "figure.pdf", "-")))
	}
}

var (
	embedded = regexp.MustCompile(`yes +yes +yes`) // embedded, in part, with what its letters mean
	wordOnly = regexp.MustCompile(`^(?:\\mathit\{([A-Za-z]{2,})\}|([A-Za-z]{3,}))$`)
)

// holdWords holds that the labels which are words are found in a text.
func holdWords(t *testing.T, name string, s *scene.Scene, text string) {
	t.Helper()
	for _, m := range s.Marks {
		if l, ok := m.(*scene.Label); ok {
			if word := wordOnly.FindStringSubmatch(l.Text); word != nil && !strings.Contains(text, word[1]+word[2]) {
				t.Errorf("%s: pdftotext does not find %q", name, word[1]+word[2])
			}
		}
	}
}

// TestAlikeEverywhere holds that librsvg and Chromium show the paper's figures alike:
// seen from three pixels' distance, no more than one place in 500 differs.
func TestAlikeEverywhere(t *testing.T) {
	wants(t, "rsvg-convert")
	wants(t, "chromium")
	files, err := filepath.Glob(filepath.Join(figuresFolder, "*.svg"))
	if err != nil || len(files) == 0 {
		t.Fatal("no figures")
	}
	first, err := filepath.Abs(files[0])
	if err != nil {
		t.Fatal(err)
	}
	c := browser.Open(t, "file://"+first)
	for _, file := range files {
		there := decoded(t, ran(t, ".", "rsvg-convert", "--dpi-x=96", "--dpi-y=96", "--background-color=white", file))
		full, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		c.Show("file://" + full)
		here := decoded(t, c.Picture(there.Bounds()))
		if part := unlike(there, here); part > 0.002 {
			t.Errorf("%s: librsvg and Chromium differ in %.2f%% of the figure", file, 100*part)
		}
	}
}

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// unlike is the part of two pictures in which the means of three by three pixels differ
// by more than a fifth of the way from black to white.
func unlike(a, b image.Image) float64 {
	area := a.Bounds().Intersect(b.Bounds())
	n, all := 0, 0
	for y := area.Min.Y + 1; y < area.Max.Y-1; y++ {
		for x := area.Min.X + 1; x < area.Max.X-1; x++ {
			all++
			if math.Abs(mean(a, x, y)-mean(b, x, y)) > 0.2 {
				n++
			}
		}
	}
	return float64(n) / float64(max(all, 1))
}

// mean is how light the nine pixels about a place are, from 0 to 1.
func mean(m image.Image, x, y int) float64 {
	sum := 0.0
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			r, g, b, _ := m.At(x+dx, y+dy).RGBA()
			sum += 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b)
		}
	}
	return sum / 9 / 0xffff
}

// TestUnlike: a stroke that only one of two pictures has is found.
func TestUnlike(t *testing.T) {
	blank, marked := image.NewGray(image.Rect(0, 0, 100, 100)), image.NewGray(image.Rect(0, 0, 100, 100))
	for i := range blank.Pix {
		blank.Pix[i], marked.Pix[i] = 255, 255
	}
	if part := unlike(blank, marked); part != 0 {
		t.Errorf("two white pictures differ in %v", part)
	}
	for x := 20; x < 60; x++ {
		marked.SetGray(x, 50, color.Gray{})
	}
	if part := unlike(blank, marked); part <= 0.002 {
		t.Errorf("a stroke across 40 of 100 columns is %v of the picture", part)
	}
}
