package raster_test

import (
	"io"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/circuit"
	"ncd/render/raster"
	"ncd/render/scene"
)

// attention is softmax(q·K) V, as a figure.
func attention(b *testing.B) *scene.Scene {
	axes := func(labels ...string) shape.Shape {
		var s shape.Shape
		for _, l := range labels {
			s = append(s, shape.Axis{Label: l, Size: shape.Letter(l)})
		}
		return s
	}
	q, k, v := diagram.NewWire("q", axes("y", "k")...), diagram.NewWire("K", axes("x", "k")...), diagram.NewWire("V", axes("x", "k")...)
	d := &diagram.Diagram{Name: "Attention", Title: "Scaled Dot-Product Attention", In: []*diagram.Wire{q, k, v}}
	box := func(op diagram.Op, degree, own shape.Shape, out string, in ...*diagram.Wire) *diagram.Wire {
		return d.Add(diagram.NewBox(op, degree, own, in, []*diagram.Wire{diagram.NewWire("", axes("y", out)...)}))
	}
	scores := box(diagram.Contract{}, axes("y", "x"), axes("k"), "x", q, k)
	weights := box(diagram.Softmax{}, axes("y"), axes("x"), "x", scores)
	d.Out = []*diagram.Wire{box(diagram.Contract{}, axes("y", "k"), axes("x"), "k", weights, v)}
	s, _, err := circuit.Draw(d, circuit.Options{Theme: scene.Themes()[0]})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkAttention holds the promise that a block takes at most 300 ms at 300
// dots an inch.
func BenchmarkAttention(b *testing.B) {
	s := attention(b)
	for _, c := range []struct {
		name string
		dpi  float64
	}{{"150", 150}, {"300", 300}, {"600", 600}} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				if err := raster.Write(io.Discard, s, c.dpi); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
