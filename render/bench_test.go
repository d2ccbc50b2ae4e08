package render

import (
	"fmt"
	"io"
	"testing"
	"testing/fstest"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/stdlib"
)

const transformerProgram = `diagram Layer(x[s m]) -> [s m] {
    y = x + (x >> layernorm[m] >> self_attention[h = 8])
    y + (y >> layernorm[m] >> affine[m -> hidden:4*m] >> relu >> affine[hidden -> m])
}

diagram Folded(x[s m]) -> [s m] {
    for i in 1..12 {
        x = x >> Layer
    }
    x
}
`

// unrolledProgram has its twelve layers written out.
func unrolledProgram() string {
	text := transformerProgram + "\ndiagram Unrolled(x[s m]) -> [s m] { x"
	for range 12 {
		text += " >> Layer"
	}
	return text + " }\n"
}

// Of a block of a transformer and of twelve: the time to draw and write what people ask
// for, once the fonts and Graphviz are there.
func BenchmarkFigures(b *testing.B) {
	vector := []string{"svg", "pdf", "tex", "html", "json"}
	for _, c := range []struct {
		name, diagram string
		depth         int
		formats       []string
	}{
		{"block in all vector formats", "Layer", AllLevels, vector},
		{"block as png", "Layer", AllLevels, []string{"png"}},
		{"twelve layers folded", "Folded", AllLevels, []string{"svg"}},
		{"twelve layers unrolled", "Unrolled", AllLevels, []string{"svg"}},
	} {
		d := benchDiagram(b, c.diagram)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				s, _, err := Figure(d, Options{Depth: c.depth})
				if err != nil {
					b.Fatal(err)
				}
				for _, format := range c.formats {
					if err := Write(io.Discard, s, format); err != nil {
						b.Fatal(fmt.Errorf("%s: %w", format, err))
					}
				}
			}
		})
	}
}

func benchDiagram(b *testing.B, name string) *diagram.Diagram {
	b.Helper()
	folder := fstest.MapFS{}
	p, said := check.Check(&source.File{Name: "transformer.ncd", Text: unrolledProgram()}, check.Options{Sources: folder, Library: stdlib.Files})
	if len(said) > 0 {
		b.Fatal(said[0].Text(false))
	}
	d, said := p.Diagram(name, nil)
	if d == nil {
		b.Fatal(said[0].Text(false))
	}
	return d
}
