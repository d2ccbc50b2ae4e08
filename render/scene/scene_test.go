package scene

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ncd/grammar/source"
)

func TestNumber(t *testing.T) {
	cases := map[float64]string{0: "0", -0.001: "0", 1: "1", 1.005: "1", 12.345: "12.35", -2.5: "-2.5", 100: "100"}
	for x, want := range cases {
		if got := Number(x); got != want {
			t.Errorf("Number(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	file := &source.File{Name: "a.ncd", Text: "one\ntwo\n"}
	s := &Scene{Title: "T", Width: 10, Height: 5.125, Theme: Themes()[1]}
	s.Add(
		&Wire{About: About{Axis: "x", Span: source.Span{File: file, Start: 4, End: 7}}, Path: From(Point{1, 2}).Swerve(Point{3, 4})},
		&Dot{Kind: "copy", Center: Point{1, 2}, Radius: 0.5},
	)
	const want = `{"title":"T","width":10,"height":5.13,"theme":"plain","marks":[` +
		`{"kind":"wire","axis":"x","line":2,"path":"M1 2C2 2 2 4 3 4"},` +
		`{"kind":"dot","sign":"copy","x":1,"y":2,"radius":0.5}]}`
	got, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	s.Width = math.NaN()
	if _, err := json.Marshal(s); err == nil {
		t.Error("a width that is no number was written")
	}
}

func TestPaths(t *testing.T) {
	cases := []struct {
		name, want string
		path       Path
	}{
		{"a level swerve is straight", "M0 0H4", From(Point{}).Swerve(Point{4, 0})},
		{"a step of no length is left out", "M0 0H4", From(Point{}).Line(Point{4, 0}).Line(Point{4, 0})},
		{"a polygon closes", "M0 0H4V4Z", Polygon(Point{}, Point{4, 0}, Point{4, 4})},
		{"a rectangle", "M0 0H2V1H0Z", Rect{Point{}, Point{2, 1}}.Outline()},
	}
	for _, c := range cases {
		if got := c.path.String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// A level stretch keeps its ends alone; what turns back, or climbs, keeps its corners.
func TestStraightened(t *testing.T) {
	at := func(x, y float64) Point { return Point{x, y} }
	for want, p := range map[string]Path{
		"M0 0H3":       From(at(0, 0)).Line(at(1, 0)).Line(at(2, 0)).Line(at(3, 0)),
		"M0 0H2H1":     From(at(0, 0)).Line(at(1, 0)).Line(at(2, 0)).Line(at(1, 0)),
		"M0 0L1 1H2":   From(at(0, 0)).Line(at(1, 1)).Line(at(2, 1)),
		"M0 0H2M3 0H5": From(at(0, 0)).Line(at(1, 0)).Line(at(2, 0)).Move(at(3, 0)).Line(at(4, 0)).Line(at(5, 0)),
	} {
		if got := p.Straightened().String(); got != want {
			t.Errorf("%s: got %s, want %s", p, got, want)
		}
	}
}

func TestCircleIsRound(t *testing.T) {
	for _, line := range Circle(Point{3, 4}, 2).Flatten(8) {
		for _, p := range line {
			if d := p.Distance(Point{3, 4}); math.Abs(d-2) > 0.001 {
				t.Errorf("%v is %v from the centre, want 2", p, d)
			}
		}
	}
}

func TestCupReachesItsRadius(t *testing.T) {
	if got := From(Point{0, 0}).Cup(Point{0, 6}).Bounds(); math.Abs(got.Max.X-3) > 1e-9 || got.Max.Y != 6 {
		t.Errorf("got %v, want a half circle of radius 3", got)
	}
}

// Moving a scene moves its bounds and changes no size.
func TestMove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.Float64Range(-50, 50)
		by := Point{length.Draw(t, "x"), length.Draw(t, "y")}
		s := &Scene{}
		s.Add(
			&Wire{Path: From(Point{1, 2}).Swerve(Point{3, 4})}, &Separator{Path: From(Point{0, 9}).Line(Point{3, 9})},
			&Panel{Outline: Rect{Point{}, Point{2, 1}}.Outline()}, &Glyph{Outline: Circle(Point{5, 5}, 1)},
			&Dot{Center: Point{1, 2}, Radius: 0.5}, &Label{At: Point{2, 2}, Width: 3, Ascent: 2, Descent: 1},
		)
		before := s.Bounds()
		s.Move(by)
		after := s.Bounds()
		if d := after.Min.Sub(before.Min).Distance(by); d > 1e-9 {
			t.Fatalf("moved by %v instead: off by %v", by, d)
		}
		if math.Abs(after.Width()-before.Width()) > 1e-9 || math.Abs(after.Height()-before.Height()) > 1e-9 {
			t.Fatalf("the size changed from %v to %v", before, after)
		}
	})
}

// Every theme paints what every figure needs.
func TestThemes(t *testing.T) {
	for _, theme := range Themes() {
		for _, role := range []Role{Paper, Ink, Faint, Learned, Index, OnIndex, Solid, SolidTop, SolidSide, Fault} {
			if theme.Colors[role] == "" {
				t.Errorf("theme %s has no colour for %s", theme.Name, role)
			}
		}
		if found, ok := ThemeNamed(theme.Name); !ok || found.Name != theme.Name {
			t.Errorf("theme %s is not found by name", theme.Name)
		}
	}
	if _, ok := ThemeNamed("none"); ok {
		t.Error("found a theme that is not there")
	}
}
