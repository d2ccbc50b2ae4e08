package tikz

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// sample has one mark of each kind and text that tries the whole TeX subset.
func sample() *scene.Scene {
	s := &scene.Scene{Title: "All & sundry", Width: 90, Height: 60, Theme: scene.Themes()[0]}
	at := func(x, y float64) scene.Point { return scene.Point{X: x, Y: y} }
	wire := scene.From(at(2, 24)).Line(at(30, 24)).Swerve(at(45, 12)).Line(at(60, 12)).Cup(at(60, 20))
	s.Add(
		&scene.Panel{Outline: scene.Rect{Min: at(2, 2), Max: at(30, 20)}.Outline(), Fill: scene.Attention},
		&scene.Panel{Outline: scene.Rect{Min: at(50, 22), Max: at(78, 38)}.Outline(), Dotted: true},
		&scene.Wire{Path: wire},
		&scene.Wire{Path: wire.Moved(at(0, 20)), Double: true},
		&scene.Separator{Path: scene.From(at(2, 28)).Line(at(60, 28))},
		&scene.Dot{Center: at(30, 24), Radius: 0.7},
		&scene.Dot{Center: at(40, 24), Radius: 0.7, Open: true},
		&scene.Glyph{Kind: "circle", Outline: scene.Circle(at(70, 12), 3), Fill: scene.Learned, Stroke: scene.Ink, Weight: scene.Heavy},
	)
	for i, text := range []string{`\bar{x} + x'_{i}`, `\mathbf{L}^{Q}_{+}`, `\ast k^{-1/2}`, `\mathit{hidden} = 28^{2}`, `\lambda = 1, \Sigma \times \oplus \star`, `\hat{Y}, \mathbf{\bar{x}}/s, x''^{2}`} {
		s.Add(placed(at(4, 8+7*float64(i)), text, scene.Math))
	}
	s.Add(placed(at(36, 5), "Scaled Dot-Product Attention", scene.Sans), placed(at(36, 56), "50% of α & β", scene.SansBold))
	return s
}

func placed(at scene.Point, text string, style scene.Style) *scene.Label {
	l := typeset.Label(text, style, 3.5)
	l.At = at
	return l
}

func written(t *testing.T, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, sample(), o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	got := written(t, Options{})
	const name = "testdata/sample.tex"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the sample figure is not as in %s; see it with UPDATE=1", name)
	}
}

// The picture alone is what stands in the document.
func TestPicture(t *testing.T) {
	picture := written(t, Options{Picture: true})
	if strings.Contains(picture, "document") {
		t.Error("the picture brings a document")
	}
	_, body, _ := strings.Cut(picture, "\n")
	if !strings.HasPrefix(body, `\begin{tikzpicture}`) || !strings.Contains(written(t, Options{}), body) {
		t.Errorf("the document does not hold the picture:\n%s", picture)
	}
}

func TestFormula(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"letters", "x", "x"},
		{"prime", "x''", "x''"},
		{"prime behind a script", "x^2'", "x'^{2}"},
		{"two scripts above", "x^a^b", "x^{ab}"},
		{"scripts without a body", "^{2}", `\wedge {2}`},
		{"bar", `\bar x+1`, `\overline{x}+1`},
		{"bold with scripts", `\mathbf{L}^{Q}_{+}`, `\mathbf{L}^{Q}_{+}`},
		{"space counts in words", `\mathit{a b} c`, `\mathit{a\ b}c`},
		{"underscore", `\mathit{batch\_size}`, `\mathit{batch\_size}`},
		{"Greek by itself", "λ+α", `\lambda +\alpha `},
		{"brace that does not close", "{a", "{a}"},
		{"brace that does not open", "a}b", `a\}b`},
		{"script of nothing", "a^", "a^{{}}"},
		{"command that there is not", `\foo x`, `\mathrm{\backslash foo}x`},
		{"backslash at the end", `a\`, `a\backslash `},
		{"signs that mean something to TeX", "#$%&~", `\#\$\%\&\sim `},
		{"space that holds together", "where\u00a0s ÷ 2", `where\ s\div 2`},
		{"space asked for", `\mathrm{where\ }s`, `\mathrm{where\ }s`},
		{"letter of no font", "字", unknown},
		{"expectation", `\mathbbE`, expectation},
	}
	for _, c := range cases {
		if got := formula(c.text); got != c.want {
			t.Errorf("%s: formula(%q) = %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	cases := []struct{ text, want string }{
		{"Add & Norm", `Add \& Norm`},
		{"a_b {c} 50%", `a\_b $\{$c$\}$ 50\%`},
		{"a--b", "a-{}-b"},
		{"α < é", `$\alpha $ $<$ é`},
	}
	for _, c := range cases {
		if got := words(c.text); got != c.want {
			t.Errorf("words(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// Whatever a label is, its formula has braces in pairs and nothing that would end
// it or begin a comment.
func TestFormulaIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune(`\{}^_'$%#& abxbarmathbf`)))).Draw(t, "text")
		depth := 0
		for i, got := 0, formula(text); i < len(got); i++ {
			switch got[i] {
			case '\\':
				i++
			case '{':
				depth++
			case '}':
				depth--
			case '$', '%', '#', '&', '~':
				t.Fatalf("%q has a bare %q", got, got[i])
			}
			if depth < 0 {
				t.Fatalf("%q closes a brace too many", got)
			}
		}
		if depth != 0 {
			t.Fatalf("%q leaves a brace open", formula(text))
		}
	})
}
