package learn

import (
	"strings"
	"testing"
	"testing/fstest"

	"ncd/compiler/check"
	"ncd/compiler/lower"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// An opaque box is a layer of its own: what goes back through it is refused, and a rule
// that sends nothing through trains what stands before it and behind it.
func TestOpaqueBoxes(t *testing.T) {
	for rule, isRefused := range map[string]bool{"backprop": true, "feedback_alignment": true, "dfa": false} {
		t.Run(rule, func(t *testing.T) {
			text := exampleOf("image >> linear[pixel -> h:4] >> tanh >> opaque[\"simulator\", h -> k:4] >> affine[k -> class]", rule)
			p, said := check.Check(&source.File{Name: "net.ncd", Text: text}, check.Options{Sources: fstest.MapFS{}, Library: stdlib.Files, Training: true})
			holdSilent(t, said)
			tr, said := p.Training("net", map[string][]int{"image": {5}, "label": {}}, map[string]int{"label": 3})
			holdSilent(t, said)
			d, said := Step(tr)
			if isRefused {
				if len(said) != 1 || said[0].Code != NoDerivative || !strings.Contains(said[0].Help[0], "of its own") {
					t.Errorf("said %v, want %s with what fits", said, NoDerivative)
				}
				return
			}
			holdSilent(t, said)
			if _, err := lower.Lower(d, lower.Options{}); err != nil {
				t.Fatal(err)
			}
			if !hangsOn(d, "linear.0.weight", "affine.0.weight") {
				t.Error("the layer before the box does not learn")
			}
		})
	}
}
