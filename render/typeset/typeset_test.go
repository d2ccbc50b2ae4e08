package typeset

import (
	"math"
	"testing"

	"golang.org/x/image/font/sfnt"

	"ncd/render/scene"
)

func TestName(t *testing.T) {
	cases := []struct{ name, want string }{
		{"x", "x"},
		{"x'", "x'"},
		{"s''", "s''"},
		{"k_1", "k_{1}"},
		{"w2", "w_{2}"},
		{"conv2", `\mathit{conv2}`},
		{"hidden", `\mathit{hidden}`},
		{"hidden'", `\mathit{hidden}'`},
		{"alpha", `\alpha `},
		{"batch_size", `\mathit{batch\_size}`},
		{"x_i", "x_{i}"},
		{"512", "512"},
		{"times", `\mathit{times}`},
	}
	for _, c := range cases {
		if got := Name(c.name); got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSetCountsGlyphs(t *testing.T) {
	cases := []struct {
		text          string
		style         scene.Style
		glyphs, rules int
	}{
		{"x", scene.Math, 1, 0},
		{"x'", scene.Math, 2, 0},
		{`\bar{x}`, scene.Math, 1, 1},
		{`\bar x`, scene.Math, 1, 1},
		{`\ast k^{-1/2}`, scene.Math, 6, 0},
		{`\mathbf{L}^{Q}_{+}`, scene.Math, 3, 0},
		{`\mathit{hidden} = 512`, scene.Math, 10, 0},
		{`\hat{Y}`, scene.Math, 2, 0},
		{"SoftMax", scene.Sans, 7, 0},
		{"Multi-Head Attention", scene.SansBold, 19, 0},
		{`\unknown`, scene.Math, 8, 0},
		{"{unclosed^", scene.Math, 8, 0},
		{"", scene.Math, 0, 0},
	}
	for _, c := range cases {
		l := Set(c.text, c.style, 10)
		if len(l.Glyphs) != c.glyphs || len(l.Rules) != c.rules {
			t.Errorf("Set(%q) has %d glyphs and %d rules, want %d and %d", c.text, len(l.Glyphs), len(l.Rules), c.glyphs, c.rules)
		}
	}
}

// Letters of a word stand as Latin Modern's own table of pairs has them; variables side
// by side are no word.
func TestKerning(t *testing.T) {
	width := func(text string, style scene.Style) float64 { return Set(text, style, unitsPerEm).Width }
	for _, c := range []struct {
		pair  string
		style scene.Style
		by    float64 // font units, as the fonts' tables have it
	}{
		{"AV", scene.Sans, -111}, {"To", scene.Sans, -83}, {"hi", scene.Sans, 0}, {"To", scene.SansBold, -92}, {"AV", scene.Math, 0},
	} {
		apart := width(c.pair[:1], c.style) + width(c.pair[1:], c.style)
		if c.style != scene.Math { // a word clears its ink at its end alone
			apart -= overhang(c.pair[:1], c.style)
		}
		if got := width(c.pair, c.style) - apart; math.Abs(got-c.by) > 1e-6 {
			t.Errorf("%q in %s is moved by %v, want %v", c.pair, c.style, got, c.by)
		}
	}
}

// overhang is how far a letter's ink reaches over its advance, font units.
func overhang(text string, style scene.Style) float64 {
	g := Set(text, style, unitsPerEm).Glyphs[0]
	advance, ink := openFace[g.Face]().metrics(sfnt.GlyphIndex(g.Index))
	return max(0, ink.Max.X-advance)
}

func TestEveryLetterHasAnOutline(t *testing.T) {
	const text = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-*/=()<>αβγλω` +
		`\Sigma\times\oplus\star\cdot\ast\le\ge\to\infty\ldots`
	for _, cut := range []string{"", `\mathbf`, `\mathrm`, `\mathit`} {
		for _, g := range Set(cut+"{"+text+"}", scene.Math, 10).Glyphs {
			if g.Index == 0 {
				t.Errorf("in %q a letter at %v has no glyph", cut, g.At)
			}
			if len(Outline(g.Face, g.Index)) == 0 {
				t.Errorf("glyph %d has no outline", g.Index)
			}
		}
	}
}

func TestMetricsGrowWithSize(t *testing.T) {
	small, large := Set(`\bar{y}_{i}`, scene.Math, 2), Set(`\bar{y}_{i}`, scene.Math, 6)
	for _, pair := range [][2]float64{
		{small.Width, large.Width}, {small.Ascent, large.Ascent}, {small.Descent, large.Descent},
	} {
		if math.Abs(pair[1]-3*pair[0]) > 1e-9 {
			t.Errorf("three times the size gives %v for %v", pair[1], pair[0])
		}
	}
}

func TestInkLiesInTheMetrics(t *testing.T) {
	for _, text := range []string{"y", `\bar{y}'`, `x^{2^{2}}_{i_{j}}`, `\hat{Y}`, `\mathbf{L}^{Q}_{+}`, "f", `\mathit{pixel}`} {
		l := Set(text, scene.Math, 10)
		for _, g := range l.Glyphs {
			ink := Outline(g.Face, g.Index).Bounds()
			em := g.Size / unitsPerEm
			top, bottom := g.At.Y+ink.Min.Y*em, g.At.Y+ink.Max.Y*em
			if -top > l.Ascent+1e-6 || bottom > l.Descent+1e-6 || g.At.X+ink.Max.X*em > l.Width+1e-6 {
				t.Errorf("%q: glyph %d leaves the line's metrics", text, g.Index)
			}
		}
	}
}
