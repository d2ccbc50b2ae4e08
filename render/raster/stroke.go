package raster

import (
	"image/color"
	"math"

	"golang.org/x/image/vector"

	"ncd/render/scene"
)

// pieces is how many straight pieces a curve is cut into before it is stroked.
const pieces = 24

func (p *picture) stroke(path scene.Path, role scene.Role, width float64) {
	for _, line := range path.Flatten(pieces) {
		p.strokeLine(line, role, width)
	}
}

// strokeLine paints a polyline of a width with mitred joints; a closed one is
// painted as a ring.
func (p *picture) strokeLine(line []scene.Point, role scene.Role, width float64) {
	c, ok := p.color(role)
	line = distinct(line)
	if !ok || width <= 0 || len(line) < 2 {
		return
	}
	if closed := line[0] == line[len(line)-1]; closed && len(line) > 2 {
		p.polygons(c, line, offset(line, width/2, true), reversed(offset(line, -width/2, true)))
		return
	}
	p.polygons(c, line, append(offset(line, width/2, false), reversed(offset(line, -width/2, false))...))
}

func (p *picture) polygons(c color.RGBA, line []scene.Point, outlines ...[]scene.Point) {
	bounds := scene.Rect{Min: line[0], Max: line[0]}
	for _, outline := range outlines {
		for _, q := range outline {
			bounds = bounds.Union(scene.Rect{Min: q, Max: q})
		}
	}
	p.paint(c, bounds, func(r *vector.Rasterizer, at func(scene.Point) (float32, float32)) {
		for _, outline := range outlines {
			for i, q := range outline {
				if x, y := at(q); i == 0 {
					r.MoveTo(x, y)
				} else {
					r.LineTo(x, y)
				}
			}
			r.ClosePath()
		}
	})
}

func distinct(line []scene.Point) []scene.Point {
	kept := line[:1:1]
	for _, q := range line[1:] {
		if q.Distance(kept[len(kept)-1]) > 1e-9 {
			kept = append(kept, q)
		}
	}
	return kept
}

func reversed(line []scene.Point) []scene.Point {
	back := make([]scene.Point, len(line))
	for i, q := range line {
		back[len(line)-1-i] = q
	}
	return back
}

// sharpest is how far a mitre may reach, in half widths.
const sharpest = 3

// offset is the polyline moved sideways, its corners mitred.
func offset(line []scene.Point, by float64, closed bool) []scene.Point {
	n := len(line)
	if closed {
		n--
	}
	moved := make([]scene.Point, n)
	for i := range n {
		before, after := normal(line, i-1, closed), normal(line, i, closed)
		sum := before.Add(after)
		length := math.Hypot(sum.X, sum.Y)
		if length < 1e-9 {
			sum, length = after, 1
		}
		reach := min(2/length, sharpest) * by / length
		moved[i] = scene.Point{X: line[i].X + sum.X*reach, Y: line[i].Y + sum.Y*reach}
	}
	return moved
}

// normal is the direction square to segment i. Beyond the ends it is that of the
// nearest segment, or on a closed line that of the other end.
func normal(line []scene.Point, i int, closed bool) scene.Point {
	last := len(line) - 2
	switch {
	case i < 0 && closed, i > last && !closed:
		i = last
	case i < 0, i > last:
		i = 0
	}
	d := line[i+1].Sub(line[i])
	length := math.Hypot(d.X, d.Y)
	return scene.Point{X: -d.Y / length, Y: d.X / length}
}

// dashed cuts a path into pieces of one length with gaps of another.
func dashed(path scene.Path, on, off float64) [][]scene.Point {
	var all [][]scene.Point
	for _, line := range path.Flatten(pieces) {
		all = append(all, dashes(distinct(line), on, off)...)
	}
	return all
}

func dashes(line []scene.Point, on, off float64) [][]scene.Point {
	var all [][]scene.Point
	current := []scene.Point{line[0]}
	drawing, left := true, on
	for i := 1; i < len(line); i++ {
		from := line[i-1]
		for rest := line[i].Distance(from); rest > left; rest = line[i].Distance(from) {
			t := left / rest
			from = scene.Point{X: from.X + t*(line[i].X-from.X), Y: from.Y + t*(line[i].Y-from.Y)}
			if drawing {
				all = append(all, append(current, from))
			}
			current, drawing = []scene.Point{from}, !drawing
			if left = on; !drawing {
				left = off
			}
		}
		left -= line[i].Distance(from)
		current = append(current, line[i])
	}
	if drawing && len(current) > 1 {
		all = append(all, current)
	}
	return all
}
