package cost

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// TestSpecimens counts every diagram of the specimens in letters, and again with
// small numbers, where the plan must agree. The folder with them is named by
// NCD_SHARED.
func TestSpecimens(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the specimens are")
	}
	folder := filepath.Join(shared, "specimens")
	names, _ := filepath.Glob(filepath.Join(folder, "*.ncd"))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		options := check.Options{Sources: os.DirFS(folder), Library: stdlib.Files}
		p, _ := check.Check(&source.File{Name: filepath.Base(name), Text: string(text)}, options)
		for _, declared := range p.Diagrams() {
			t.Run(filepath.Base(name)+" "+declared, func(t *testing.T) {
				d, _ := p.Diagram(declared, nil)
				if d == nil {
					t.Skip("the checker refuses it")
				}
				agrees(t, d)
			})
		}
	}
}

// agrees compares the multiply-adds of a diagram, with a number in the place of each
// letter of its table, with those of its plan. In letters a scan has a first turn like
// the others, though what it is carried is known to be 0.
func agrees(t *testing.T, d *diagram.Diagram) {
	t.Helper()
	inLetters := Of(d).Total.Forward.MultiplyAdds
	number := func(letter string) (shape.Size, bool) {
		if few := map[string]int{"h": 2, "n": 3, "c": 8}[letter]; few > 0 {
			return shape.Int(few), true
		}
		return shape.Int(16), true
	}
	numbered := rewrite.ReplaceSizes(d, number)
	if err := diagram.Verify(numbered); err != nil {
		t.Skip("its sizes do not come out whole")
	}
	p, err := lower.Lower(rewrite.Finish(rewrite.Normalize(numbered)), lower.Options{})
	if err != nil {
		t.Skip(err)
	}
	got := strconv.Itoa(OfPlan(p).MultiplyAdds - ofFilters(p))
	if want := Of(numbered).Total.Forward.MultiplyAdds.String(); got != want {
		t.Errorf("the plan does %s multiply-adds, the diagram asks for %s", got, want)
	}
	if want := inLetters.Replace(number).String(); got != want && !strings.Contains(d.String(), "= scan ") {
		t.Errorf("the plan does %s multiply-adds, in letters the diagram asks for %s", got, want)
	}
}

// ofFilters are the multiply-adds that bring filters into Winograd's form: G·w by 4·3
// of 3 for each of 3, then ·Gᵀ by 4·4 of 3, for every channel and filter.
func ofFilters(p *plan.Plan) int {
	n := 0
	for _, s := range p.Steps {
		if k, is := s.Kernel.(plan.Winograd); is {
			n += (3*4*3 + 4*4*3) * k.Channels * k.Filters
		}
	}
	return n
}
