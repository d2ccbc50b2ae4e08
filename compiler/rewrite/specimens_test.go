package rewrite

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// small are sizes that let every specimen run in no time.
var small = map[string]string{
	"m": "8", "h": "2", "f": "12", "n": "2", "wide": "5", "d": "8", "s": "6", "x": "6", "y": "6", "t": "6", "vocab": "11",
	"row": "16", "col": "16", "context": "6", "pixel": "12", "batch": "2", "c": "3", "p": "8",
}

// TestSpecimensKeepTheirValue runs every diagram of the specimens before and after
// it is made flat. The folder with them is named by NCD_SHARED.
func TestSpecimensKeepTheirValue(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the specimens are")
	}
	folder := filepath.Join(shared, "specimens")
	names, _ := filepath.Glob(filepath.Join(folder, "*.ncd"))
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			options := check.Options{Sources: os.DirFS(folder), Library: stdlib.Files}
			p, _ := check.Check(&source.File{Name: filepath.Base(name), Text: string(text)}, options)
			for _, declared := range p.Diagrams() {
				t.Run(declared, func(t *testing.T) {
					d, _ := p.Diagram(declared, nil)
					if d == nil {
						t.Skip("the checker refuses it")
					}
					letters := sizesOf(t, d)
					if letters == nil {
						t.Skip("its sizes do not come out whole")
					}
					keepsValue(t, letters)
				})
			}
		})
	}
}

func keepsValue(t *testing.T, d *diagram.Diagram) {
	t.Helper()
	flat := Normalize(d)
	holdCore(t, flat)
	if n := work(flat); n > mostWork {
		t.Skipf("%d steps are too many for the plain evaluator", n)
	}
	holdSame(t, d, flat)
	holdSame(t, d, Finish(flat))
}

// sizesOf puts small numbers in the place of the letters of a diagram; nil where
// some size does not come out whole with them.
func sizesOf(t *testing.T, d *diagram.Diagram) *diagram.Diagram {
	t.Helper()
	numbered := ReplaceSizes(d, func(letter string) (shape.Size, bool) {
		n, err := strconv.Atoi(small[letter])
		if err != nil {
			n = 4
		}
		return shape.Int(n), true
	})
	if err := diagram.Verify(numbered); err != nil || !isWholeNumbered(numbered) {
		return nil
	}
	return numbered
}

func isWholeNumbered(d *diagram.Diagram) bool {
	for _, b := range d.Boxes {
		if _, err := b.Weave.Degree.Ints(); err != nil {
			return false
		}
		if _, err := b.Weave.Own.Ints(); err != nil {
			return false
		}
		for _, body := range diagram.Bodies(b.Op) {
			if !isWholeNumbered(body) {
				return false
			}
		}
	}
	return true
}

// mostWork keeps the plain evaluator to a second or so a diagram.
const mostWork = 1_000_000

// work is how many places the boxes of a flat diagram visit.
func work(d *diagram.Diagram) int {
	total := 0
	for _, b := range d.Boxes {
		places, ok := b.Weave.Degree.Places().Mul(b.Weave.Own.Places()).Int()
		if !ok {
			return mostWork + 1
		}
		total += places
	}
	return total
}
