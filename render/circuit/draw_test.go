package circuit

import (
	"os"
	"testing"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/svg"
)

var figures = map[string]func() *diagram.Diagram{"attention": attention, "multihead": multiHead, "digits": digits}

func TestLook(t *testing.T) {
	for name, d := range figures {
		s, stats, err := Draw(d(), Options{Depth: 1, Theme: scene.Themes()[0]})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%s: %+v, %.0f x %.0f mm", name, stats, s.Width, s.Height)
		f, _ := os.Create("/tmp/" + name + ".svg")
		svg.Write(f, s, svg.Options{})
		f.Close()
	}
}
