package check

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ncd/compiler/diagram"
	"ncd/compiler/lower"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
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

// lowers holds that one diagram of a program, if it is of numbers, with 6 in the place of each letter that its
// ports leave open, comes out as a plan: what checks also lowers.
func lowers(t *rapid.T) {
	text := program(t)
	p, _ := Check(&source.File{Name: "random.ncd", Text: text}, Options{Library: library()})
	names := p.Diagrams()
	if len(names) == 0 {
		return
	}
	name := rapid.SampledFrom(names).Draw(t, "diagram")
	d, _ := p.Diagram(name, everyLetter(p, name))
	if d == nil {
		return
	}
	flat := rewrite.Normalize(d)
	if err := diagram.Verify(flat); err != nil {
		t.Fatalf("normalised: %v\n%s\n%s", err, text, d)
	}
	if !areNumbers(flat) {
		return
	}
	if _, err := lower.Lower(rewrite.Finish(flat), lower.Options{}); err != nil {
		t.Fatalf("%v\n%s\n%s", err, text, d)
	}
}

// everyLetter says 6 for each axis of a diagram's ports.
func everyLetter(p *Program, name string) map[string]int {
	sizes := map[string]int{}
	if s := p.main.find(name).signature; s != nil {
		for _, axis := range s.portAxes() {
			sizes[axis] = 6
		}
	}
	return sizes
}

// areNumbers reports whether no size of a flat diagram has a letter left.
func areNumbers(d *diagram.Diagram) bool {
	known := func(axes shape.Shape) bool {
		_, err := axes.Ints()
		return err == nil
	}
	for _, w := range d.In {
		if !known(w.Type.Axes) {
			return false
		}
	}
	for _, b := range d.Boxes {
		if !known(b.Weave.Degree) || !known(b.Weave.Own) || !areValues(b.Op) {
			return false
		}
	}
	return true
}

// areValues reports whether the numbers of a box have values: parameters without a
// default have none.
func areValues(op diagram.Op) bool {
	switch op := op.(type) {
	case diagram.Constant:
		_, ok := op.Value.Float()
		return ok
	case diagram.Map:
		return !slices.ContainsFunc(op.Program, func(i diagram.Instr) bool {
			_, ok := i.Value.Float()
			return i.Fn == diagram.FnConstant && !ok
		})
	case diagram.Repeat:
		return op.From.IsInt() && op.To.IsInt()
	}
	return true
}

func TestLowers(t *testing.T) { rapid.Check(t, lowers) }

func FuzzLowers(f *testing.F) { f.Fuzz(rapid.MakeFuzz(lowers)) }

func TestNeverPanics(t *testing.T) { rapid.Check(t, neverPanics) }

func FuzzNeverPanics(f *testing.F) { f.Fuzz(rapid.MakeFuzz(neverPanics)) }
