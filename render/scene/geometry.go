package scene

import "math"

// Point is a place on the page, or a step between two, in mm.
type Point struct{ X, Y float64 }

// Add returns p moved by q.
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Sub returns the step from q to p.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Distance is the length of the step between two places.
func (p Point) Distance(q Point) float64 { return math.Hypot(p.X-q.X, p.Y-q.Y) }

// Rect is an upright rectangle; Min is its upper left corner.
type Rect struct{ Min, Max Point }

// Width is the horizontal side.
func (r Rect) Width() float64 { return r.Max.X - r.Min.X }

// Height is the vertical side.
func (r Rect) Height() float64 { return r.Max.Y - r.Min.Y }

// Union is the smallest rectangle that holds both.
func (r Rect) Union(s Rect) Rect {
	return Rect{
		Point{min(r.Min.X, s.Min.X), min(r.Min.Y, s.Min.Y)},
		Point{max(r.Max.X, s.Max.X), max(r.Max.Y, s.Max.Y)},
	}
}

// Grown is the rectangle with every side pushed outward.
func (r Rect) Grown(by float64) Rect {
	d := Point{by, by}
	return Rect{r.Min.Sub(d), r.Max.Add(d)}
}

// Overlaps reports whether the two share more than an edge.
func (r Rect) Overlaps(s Rect) bool {
	return r.Min.X < s.Max.X && s.Min.X < r.Max.X && r.Min.Y < s.Max.Y && s.Min.Y < r.Max.Y
}

// Contains reports whether s lies wholly in r.
func (r Rect) Contains(s Rect) bool {
	return r.Min.X <= s.Min.X && s.Max.X <= r.Max.X && r.Min.Y <= s.Min.Y && s.Max.Y <= r.Max.Y
}
