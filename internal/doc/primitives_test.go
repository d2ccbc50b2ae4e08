package doc

import (
	"fmt"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// TestPrimitivesAreKnown holds that the compiler knows each box that is documented.
func TestPrimitivesAreKnown(t *testing.T) {
	var program strings.Builder
	for _, e := range Primitives().Entries {
		fmt.Fprintf(&program, "diagram Probe_%s(x[m]) -> [m] { x >> %s }\n", e.Name, e.Name)
	}
	_, said := check.Check(&source.File{Name: "probe.ncd", Text: program.String()}, check.Options{Library: stdlib.Files})
	for _, d := range said {
		if d.Code == check.UnknownBox || d.Code == check.UnknownName {
			t.Error(d.Message)
		}
	}
}
