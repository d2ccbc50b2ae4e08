// Package circuit draws a diagram as a neural circuit diagram: a typed diagram
// with its hierarchy goes in, a scene in the notation of the paper comes out.
//
// A diagram is first flattened into steps, with the edges of fences around the
// composite boxes that are shown open (flatten.go). Steps are packed into
// columns between ranks of strands (arrange.go), each rank and the middle of
// each column becomes rows whose heights package lanes solves (rows.go), widths
// follow from the text that is set (place.go), and each step's glyph draws
// itself in its frame.
//
// The diagram is drawn as written: what rewriting does to it is not seen here.
// Equal diagrams give equal scenes.
//
// The notation: Abbott, "Neural Circuit Diagrams: Robust Diagrams for the
// Communication, Implementation, and Analysis of Deep Learning Architectures",
// TMLR 2024, arXiv:2402.05424.
package circuit

import (
	"ncd/compiler/diagram"
	"ncd/render/lanes"
	"ncd/render/scene"
)

// Options are what a figure hangs on besides the diagram.
type Options struct {
	Depth   int     // how many levels of composite boxes are shown open; negative: all
	Width   float64 // of the page, mm: longer figures are broken into lines; 0: as wide as they come
	Numbers bool    // write the sizes of axes beside their names
	Title   string  // set above the figure; empty: none
	Heading bool    // the figure defines its box, which is shown closed in a line of its own
	Cost    *Cost   // shades boxes by what they cost; nil: they have the colours of their kinds
	Theme   scene.Theme
	Solver  lanes.Solver // nil: the tidiest there is

	Reserve func(path string) float64 // least width of a box's column, mm, by its path, for what is to stand beneath it; nil: nothing is

	total float64 // of Cost
}

// Stats says how tidy a figure is.
type Stats struct {
	Lines     int // that the figure is broken into
	Columns   int
	Lanes     int
	Bends     int // places where a wire that runs on changes its height
	Crossings int // of wires with wires
}

// Draw draws a diagram. It errs on diagrams that do not verify.
func Draw(d *diagram.Diagram, o Options) (*scene.Scene, Stats, error) {
	if err := diagram.Verify(d); err != nil {
		return nil, Stats{}, err
	}
	return drawSound(d, o)
}

// drawSound draws a diagram that may have loads without the wires of memory.
func drawSound(d *diagram.Diagram, o Options) (*scene.Scene, Stats, error) {
	if o.Cost != nil {
		o.total = o.Cost.whole(d)
	}
	sheet, err := arranged(d, o.Depth, o.Cost)
	if err != nil {
		return nil, Stats{}, err
	}
	if o.Solver == nil {
		o.Solver = lanes.Tidiest{}
	}
	lines, err := layOut(sheet, o)
	if err != nil {
		return nil, Stats{}, err
	}
	o.Title = title(d)
	if o.Heading {
		first, err := heading(d, o)
		if err != nil {
			return nil, Stats{}, err
		}
		lines, o.Title = append([]*layout{first}, lines...), ""
	}
	s := drawLines(lines, o)
	s.Title, s.Description, s.Theme = title(d), describe(d), o.Theme
	return s, statsOf(lines), nil
}

func title(d *diagram.Diagram) string {
	if d.Title != "" {
		return d.Title
	}
	return d.Name
}

// statsOf counts over the ties of all columns.
func statsOf(lines []*layout) Stats {
	s := Stats{Lines: len(lines)}
	for _, l := range lines {
		s.Columns += len(l.columns)
		for c, column := range l.columns {
			s.Lanes += len(l.problem.Ranks[2*c])
			for i := range column {
				f := l.frame(c, i)
				s.Bends += bends(f.mid.in, f.yIn, f.yMid) + bends(f.mid.out, f.yOut, f.yMid)
				s.Crossings += tangled(f.mid.in) + tangled(f.mid.out)
			}
		}
	}
	return s
}

// bends counts the wires that run on and change their height. Of those that
// meet in a lane all but one must.
func bends(ties [][]tie, edge [][]float64, mid []float64) int {
	bent, meet := make([]int, len(mid)), make([]int, len(mid))
	for s := range ties {
		for j, t := range ties[s] {
			if t.lane < 0 || t.weight <= weightArm {
				continue
			}
			meet[t.lane]++
			if curveWidth(edge[s][j]-mid[t.lane]) > lead {
				bent[t.lane]++
			}
		}
	}
	n := 0
	for lane := range mid {
		n += max(0, bent[lane]-max(0, meet[lane]-1))
	}
	return n
}

func tangled(ties [][]tie) int {
	var before []int
	n := 0
	for _, strand := range ties {
		for _, t := range strand {
			for _, b := range before {
				if b > t.lane {
					n++
				}
			}
			before = append(before, t.lane)
		}
	}
	return n
}
