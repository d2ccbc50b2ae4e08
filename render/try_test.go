package render

import (
	"os"
	"path/filepath"
	"testing"
	"strings"

	"ncd/compiler/check"
	"ncd/grammar/source"
)

func TestTry(t *testing.T) {
	dir := os.Getenv("NCD_SHARED") + "/specimens"
	files, _ := filepath.Glob(dir + "/*.ncd")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		p, said := check.Check(&source.File{Name: filepath.Base(file), Text: string(text)}, check.Options{Sources: os.DirFS(dir), Library: os.DirFS("../stdlib")})
		for _, s := range said {
			t.Log(filepath.Base(file), s.Code, s.Message)
		}
		for _, name := range p.Diagrams() {
			d, said := p.Diagram(name, nil)
			if d == nil {
				t.Log(name, len(said))
				continue
			}
			for depth := range 3 {
				if s, _, err := Figure(d, Options{Depth: depth, Width: 174.6}); err == nil {
					f, _ := os.Create("/tmp/try/" + name + strings.Repeat("+", depth) + "-page.svg")
					Write(f, s, "svg")
					f.Close()
				}
				s, stats, err := Figure(d, Options{Depth: depth})
				if err != nil {
					t.Log(name, err)
					continue
				}
				t.Logf("%s %+v %.0fx%.0f", name, stats, s.Width, s.Height)
				f, _ := os.Create("/tmp/try/" + name + strings.Repeat("+", depth) + ".svg")
				Write(f, s, "svg")
				f.Close()
			}
		}
	}
}
