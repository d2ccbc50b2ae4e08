package learn

import (
	"fmt"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/lower"
	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
)

// gradientsOf are the gradients of a program's D by its inputs and weights, in float64,
// the bytes of its plan, and those that the way forward makes and the way back reads.
func gradientsOf(t *testing.T, text string) (gradients [][]float64, bytes, kept int) {
	t.Helper()
	d := written(t, text, "D")
	v := drawnFor(t, rewrite.Normalize(d))
	for _, a := range moved(rewrite.Normalize(d), v) {
		for i := range a.Values {
			a.Values[i] *= 0.3
		}
	}
	again, err := Gradients(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := diagram.Verify(again); err != nil {
		t.Fatalf("%v in\n%s", err, again)
	}
	made, err := reference.Run(again, v)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range made.Arrays[1:] {
		gradients = append(gradients, a.Values)
	}
	p, err := lower.Lower(again, lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return gradients, p.Bytes(), keptBytes(again)
}

// keptBytes counts the arrays that forward boxes make and others read, once each, at
// four bytes a number.
func keptBytes(d *diagram.Diagram) int {
	made := map[*diagram.Wire]bool{}
	for _, b := range d.Boxes {
		if b.Pass == diagram.Forward && len(b.In) > 0 {
			for _, w := range b.Out {
				made[w] = true
			}
		}
	}
	bytes := 0
	for _, b := range d.Boxes {
		for _, w := range b.In {
			if b.Pass != diagram.Forward && made[w] {
				made[w] = false
				bytes += 4 * w.Type.Axes.Places().MustInt()
			}
		}
	}
	return bytes
}

const coupled = `diagram Forth[f: diagram](x[b n], y[b n]) -> ([b n], [b n]) { a = x + (y >> f); (a, y + (a >> f)) }
diagram Back[f: diagram](x[b n], y[b n]) -> ([b n], [b n]) { c = y - (x >> f); (x - (c >> f), c) }
diagram Cell(state h[b n], x[b n]) -> [b n] { h = x + (h >> linear[n -> n] >> tanh >> softmax[n] >> tanh) >> tanh; h }
`

// TestRemadeGradients holds that what is made again for the way back comes to the same
// gradients, and keeps less.
func TestRemadeGradients(t *testing.T) {
	const ports = `diagram D(x[b:8 n:16], y[b:8 n:16]) -> [] { f = linear[n -> n] >> tanh
    for i in 1..12 { x, y = (x, y) >> %s }
    x * y >> sum[b n] }`
	const scanned = `diagram D(x[t:12 b:8 n:16]) -> [] { x >> scan[t, Cell%s] >> square >> mean[t] >> sum[b n] }`
	const towered = `diagram D(x[b:8 n:16]) -> [] {
    for i in 1..12 { x = x >> %s }
    x >> square >> sum[b n] }`
	for _, c := range []struct {
		name, form, whole, again string
		atMost                   float64 // of the bytes kept
	}{
		{"checkpoint", towered, "linear[n -> n] >> tanh >> softmax[n] >> tanh", "checkpoint[linear[n -> n] >> tanh >> softmax[n] >> tanh]", 0.4},
		{"scan by checkpoints", scanned, "", ", gradient = checkpoint", 0.85},
		{"reversible", ports, "Forth[f]", "reversible[Forth[f], Back[f]]", 0.2},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, whole, all := gradientsOf(t, coupled+fmt.Sprintf(c.form, c.whole))
			got, bytes, kept := gradientsOf(t, coupled+fmt.Sprintf(c.form, c.again))
			for i := range want {
				holdNear(t, "gradient", got[i], want[i], 1e-10)
			}
			if float64(kept) > c.atMost*float64(all) || bytes >= whole {
				t.Errorf("%d bytes kept and an arena of %d, where %d and %d keep all", kept, bytes, all, whole)
			}
			t.Logf("kept %d of %d bytes, arena %d of %d", kept, all, bytes, whole)
		})
	}
}

// A part that can be undone keeps as much however often it turns.
func TestReversiblePartsKeepNoMoreForMoreTurns(t *testing.T) {
	text := coupled + `diagram D(x[b:8 n:16], y[b:8 n:16]) -> [] { f = linear[n -> n] >> tanh
    for i in 1..9 { x, y = (x, y) >> reversible[Forth[f], Back[f]] }
    x * y >> sum[b n] }`
	_, few, keptFew := gradientsOf(t, text)
	_, many, keptMany := gradientsOf(t, strings.Replace(text, "1..9", "1..27", 1))
	if keptFew != keptMany || many > few+few/10 {
		t.Errorf("9 turns keep %d bytes in an arena of %d, 27 keep %d in %d", keptFew, few, keptMany, many)
	}
}
