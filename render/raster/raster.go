// Package raster writes a scene as PNG, for screens and slides: filled shapes and
// strokes of our own, both smoothed by the part of a pixel that they cover. The
// file says its resolution, so that it is placed at the scene's size, and holds
// the title and the figure in words.
//
// It knows scenes and type, and no diagram. Equal scenes give equal pixels, but
// for the rounding of a machine; how they are packed is for the library to say.
package raster

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"math"
	"strconv"

	"golang.org/x/image/vector"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// maxPixels bounds a side of the picture.
const maxPixels = 20000

// Write writes the scene at a resolution in dots an inch: 150, 300, 600. It errs
// where the picture would be too large to hold.
func Write(w io.Writer, s *scene.Scene, dpi float64) error {
	scale := dpi / 25.4
	width, height := int(math.Ceil(s.Width*scale)), int(math.Ceil(s.Height*scale))
	if width > maxPixels || height > maxPixels || width < 1 || height < 1 {
		return fmt.Errorf("a figure of %.0f by %.0f mm at %.0f dpi is %d by %d pixels, at most %d a side", s.Width, s.Height, dpi, width, height, maxPixels)
	}
	p := &picture{scale: scale, theme: s.Theme, image: image.NewRGBA(image.Rect(0, 0, width, height))}
	if ground, ok := p.color(scene.Paper); ok {
		draw.Draw(p.image, p.image.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	}
	for _, m := range s.Marks {
		p.mark(m)
	}
	return encode(w, p.image, dpi, s)
}

type picture struct {
	scale float64 // pixels a millimetre
	theme scene.Theme
	image *image.RGBA
}

func (p *picture) mark(m scene.Mark) {
	if l, ok := m.(*scene.Label); ok {
		p.label(l)
	}
	for _, shape := range p.theme.Shapes(m) {
		p.fill(shape.Path, shape.Fill)
		if shape.On == 0 {
			p.stroke(shape.Path, shape.Stroke, shape.Width)
			continue
		}
		for _, piece := range dashed(shape.Path, shape.On, shape.Off) {
			p.strokeLine(piece, shape.Stroke, shape.Width)
		}
	}
}

func (p *picture) label(m *scene.Label) {
	line := typeset.Set(m.Text, m.Style, m.Size)
	for _, g := range line.Glyphs {
		p.fill(placed(typeset.Outline(g.Face, g.Index), m.At.Add(g.At), g.Size/1000), m.Color)
	}
	for _, r := range line.Rules {
		p.fill(r.Outline().Moved(m.At), m.Color)
	}
}

// placed is an outline in font units at its size and place.
func placed(outline scene.Path, at scene.Point, scale float64) scene.Path {
	path := make(scene.Path, len(outline))
	to := func(q scene.Point) scene.Point { return scene.Point{X: at.X + q.X*scale, Y: at.Y + q.Y*scale} }
	for i, s := range outline {
		path[i] = scene.Step{Verb: s.Verb, C1: to(s.C1), C2: to(s.C2), To: to(s.To)}
	}
	return path
}

// color is the colour of a role, if the theme paints it.
func (p *picture) color(role scene.Role) (color.RGBA, bool) {
	text := p.theme.Colors[role]
	if len(text) != 7 {
		return color.RGBA{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}, err == nil
}

func (p *picture) fill(path scene.Path, role scene.Role) {
	c, ok := p.color(role)
	if !ok || len(path) == 0 {
		return
	}
	p.paint(c, path.Bounds(), func(r *vector.Rasterizer, at func(scene.Point) (float32, float32)) {
		for _, s := range path {
			x, y := at(s.To)
			switch s.Verb {
			case scene.MoveTo:
				r.MoveTo(x, y)
			case scene.LineTo:
				r.LineTo(x, y)
			case scene.CurveTo:
				ax, ay := at(s.C1)
				bx, by := at(s.C2)
				r.CubeTo(ax, ay, bx, by, x, y)
			case scene.Close:
				r.ClosePath()
			}
		}
	})
}

// paint rasterises what trace draws, in a window no larger than its bounds.
func (p *picture) paint(c color.RGBA, bounds scene.Rect, trace func(*vector.Rasterizer, func(scene.Point) (float32, float32))) {
	window := image.Rect(
		int(math.Floor(bounds.Min.X*p.scale))-1, int(math.Floor(bounds.Min.Y*p.scale))-1,
		int(math.Ceil(bounds.Max.X*p.scale))+1, int(math.Ceil(bounds.Max.Y*p.scale))+1).Intersect(p.image.Bounds())
	if window.Empty() {
		return
	}
	r := vector.NewRasterizer(window.Dx(), window.Dy())
	trace(r, func(q scene.Point) (float32, float32) {
		return float32(q.X*p.scale - float64(window.Min.X)), float32(q.Y*p.scale - float64(window.Min.Y))
	})
	r.Draw(p.image, window, image.NewUniform(c), image.Point{})
}
