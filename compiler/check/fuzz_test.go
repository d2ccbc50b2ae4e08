package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
)

// words are what random programs are made of: enough to reach every statement and
// every primitive box, and small enough to make axes meet.
var words = func() []string {
	list := strings.Fields(`diagram axis const train rule A B f x y q K state kept for in down if else save load where at
		-> >> + - * / ^ = ( ) [ ] { } , : . .. 0 1 2 3 0.5 -1 "same" m n k p.. a.. m' i 1..2 1..n same true training
		x[m] y[m n] [m] [m->n] [m=(h k)->h k] (x,y) .0 size=3 C[i] signal error send nothing fixed change like push pull
		loss report model data optimizer batch epochs`)
	for name := range primitives {
		list = append(list, name, name+"[m]", name+"[m -> n:3]")
	}
	for _, name := range []string{"layernorm[m]", "conv[m, n -> n:2]", "cross_entropy[n]", "residual[relu]", "adam", "dfa", "backprop",
		"scan[m, relu]", "scan[m, f]", "scan[n, A, gradient = last[2]]", "each[n:2, linear[m -> m]]", "each[m, f]", "lowrank[f, 2]", "tied[f]",
		"clone[f]", "split[m, 1, 2]", "batchnorm[m]", "mean[batch m]", "batch", "x[batch m]", "reverse(g[m])", "[m -> m c:1]", "lstm[n = m]"} {
		list = append(list, name)
	}
	return list
}()

// program draws the text of a program: whole ones with words put in other places,
// or nothing but words.
func program(t *rapid.T) string {
	seeds := seeds()
	text := rapid.SampledFrom(seeds).Draw(t, "seed")
	tokens := strings.Split(text, " ")
	for range rapid.IntRange(0, 6).Draw(t, "changes") {
		at := rapid.IntRange(0, len(tokens)-1).Draw(t, "at")
		word := rapid.SampledFrom(words).Draw(t, "word")
		switch rapid.IntRange(0, 2).Draw(t, "change") {
		case 0:
			tokens[at] = word
		case 1:
			tokens[at] += " " + word
		case 2:
			tokens[at] = ""
		}
	}
	return strings.Join(tokens, " ")
}

// seeds are the programs that lie about.
func seeds() []string {
	var texts []string
	for _, pattern := range []string{"testdata/codes/*.ncd", "testdata/errors/*.ncd", "testdata/diagrams/*.txtar", "../../stdlib/*.ncd"} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			if text, err := os.ReadFile(name); err == nil {
				program, _, _ := strings.Cut(string(text), "-- diagrams --")
				texts = append(texts, program)
			}
		}
	}
	return texts
}

// neverPanics holds that whatever parses is checked without a panic, and that
// every diagram that comes out keeps the promises of the representation.
func neverPanics(t *rapid.T) {
	text := program(t)
	p, said := Check(&source.File{Name: "random.ncd", Text: text}, Options{Library: library()})
	for _, d := range said {
		if d.Message == "" || d.Span.End < d.Span.Start {
			t.Fatalf("an empty diagnostic or span: %+v", d)
		}
	}
	for _, name := range p.Diagrams() {
		d, _ := p.Diagram(name, nil)
		if d == nil {
			continue
		}
		if err := diagram.Verify(d); err != nil {
			t.Fatalf("%v\n%s\n%s", err, text, d)
		}
	}
	for _, name := range p.Trains() {
		if made, _ := p.Training(name, nil, nil); made != nil {
			if err := diagram.Verify(made.Forward); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
		}
	}
}

func TestNeverPanics(t *testing.T) { rapid.Check(t, neverPanics) }

func FuzzNeverPanics(f *testing.F) { f.Fuzz(rapid.MakeFuzz(neverPanics)) }
