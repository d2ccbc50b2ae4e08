package circuit

import (
	"testing"

	"ncd/render/scene"
)

// TestLegendPlace: the legend takes a free corner, but stands above a figure that
// something is to stand beneath.
func TestLegendPlace(t *testing.T) {
	s := &scene.Scene{Marks: []scene.Mark{
		&scene.Wire{Path: scene.From(scene.Point{}).Line(scene.Point{X: 80})},
		&scene.Wire{Path: scene.From(scene.Point{Y: 40}).Line(scene.Point{X: 20, Y: 40})},
	}}
	area := s.Bounds()
	if in := legendPlace(s, []string{"p = m n"}, Options{}); in.Max.X != area.Max.X || in.Max.Y != area.Max.Y {
		t.Errorf("it is at %v of %v, not in the free corner", in, area)
	}
	reserved := Options{Reserve: func(string) float64 { return 0 }}
	if in := legendPlace(s, []string{"p = m n"}, reserved); in.Max.Y >= area.Min.Y {
		t.Errorf("it is at %v of %v, not above", in, area)
	}
}
