package html

import "ncd/render/scene"

// ownLines is the scene with places in other files left out: what stands in the
// library has no line on this page.
func (p *page) ownLines(s *scene.Scene) *scene.Scene {
	own := *s
	own.Marks = make([]scene.Mark, len(s.Marks))
	for i, m := range s.Marks {
		own.Marks[i] = m
		if span := m.Stands().Span; !span.IsZero() && span.File.Name != p.file {
			own.Marks[i] = placeless(m)
		}
	}
	return &own
}

// placeless is a mark without its place in the source.
func placeless(m scene.Mark) scene.Mark {
	about := scene.About{Axis: m.Stands().Axis, Box: m.Stands().Box, Path: m.Stands().Path}
	switch m := m.(type) {
	case *scene.Wire:
		bare := *m
		bare.About = about
		return &bare
	case *scene.Separator:
		bare := *m
		bare.About = about
		return &bare
	case *scene.Panel:
		bare := *m
		bare.About = about
		return &bare
	case *scene.Glyph:
		bare := *m
		bare.About = about
		return &bare
	case *scene.Dot:
		bare := *m
		bare.About = about
		return &bare
	case *scene.Label:
		bare := *m
		bare.About = about
		return &bare
	}
	return m
}
