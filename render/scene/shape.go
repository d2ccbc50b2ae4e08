package scene

// Shape is a path as it is painted: filled, then stroked.
type Shape struct {
	Path   Path
	Fill   Role    // empty for none
	Stroke Role    // of no meaning where Width is 0
	Width  float64 // of the stroke, mm
	On     float64 // of a broken stroke, the length of a piece, mm; 0: it is whole
	Off    float64 // and of the gap behind it
}

// How the outline of a panel without colour is broken, mm.
const (
	dotOn  = 0.3
	dotOff = 0.7
)

// Shapes is what a mark looks like in a theme, the lowest first. Labels have none:
// whoever sets them knows their letters.
func (t Theme) Shapes(m Mark) []Shape {
	thin := t.Strokes[Thin]
	switch m := m.(type) {
	case *Wire:
		if m.Double { // a broad line with the ground's colour on its middle
			return []Shape{
				{Path: m.Path, Stroke: Ink, Width: DoubleWidth + thin},
				{Path: m.Path, Stroke: Paper, Width: DoubleWidth - thin},
			}
		}
		return []Shape{{Path: m.Path, Stroke: Ink, Width: thin}}
	case *Separator:
		return []Shape{{Path: m.Path, Stroke: Ink, Width: t.Strokes[Medium], On: DashOn, Off: DashOff}}
	case *Panel:
		shape := Shape{Path: m.Outline, Fill: m.Fill}
		if m.Dotted || t.Colors[m.Fill] == "" {
			shape.Stroke, shape.Width, shape.On, shape.Off = Ink, thin, dotOn, dotOff
		}
		return []Shape{shape}
	case *Glyph:
		return []Shape{{Path: m.Outline, Fill: m.Fill, Stroke: m.Stroke, Width: t.Strokes[m.Weight]}}
	case *Dot:
		if m.Open {
			return []Shape{{Path: Circle(m.Center, m.Radius), Fill: Paper, Stroke: Ink, Width: thin}}
		}
		return []Shape{{Path: Circle(m.Center, m.Radius), Fill: Ink}}
	}
	return nil
}
