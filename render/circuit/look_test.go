package circuit

import (
	"os"
	"testing"

	"ncd/render/graph"
	"ncd/render/lanes"
	"ncd/render/raster"
	"ncd/render/scene"
	"ncd/render/svg"
)

func TestLook(t *testing.T) {
	for name, d := range figures {
		g, err := lanes.DrawGraph(graph.DOT(d(), 1))
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile("/tmp/"+name+"g.svg", g, 0o644)
		for depth, suffix := range []string{"0", "1"} {
			s, stats, err := Draw(d(), Options{Depth: depth, Theme: scene.Themes()[0]})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			t.Logf("%s: %+v, %.0f x %.0f mm", name, stats, s.Width, s.Height)
			f, _ := os.Create("/tmp/" + name + suffix + ".svg")
			svg.Write(f, s, svg.Options{})
			f.Close()
			f, _ = os.Create("/tmp/" + name + suffix + ".raster.png")
			if err := raster.Write(f, s, 200); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
}
