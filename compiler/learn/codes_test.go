package learn

import (
	"testing"
	"testing/fstest"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// TestCodes makes a step of each code's example and demands just that code.
func TestCodes(t *testing.T) {
	for _, x := range Codes() {
		t.Run(string(x.Code), func(t *testing.T) {
			p, said := check.Check(&source.File{Name: "net.ncd", Text: x.Example}, check.Options{Sources: fstest.MapFS{}, Library: stdlib.Files, Training: true})
			holdSilent(t, said)
			tr, said := p.Training("net", map[string][]int{"image": {5}, "label": {}}, map[string]int{"label": 3})
			holdSilent(t, said)
			_, said = Step(tr)
			if len(said) == 0 {
				t.Fatal("nothing is said")
			}
			for _, d := range said {
				if d.Code != x.Code {
					t.Errorf("got %s, want %s", d.Text(false), x.Code)
				}
			}
		})
	}
}
