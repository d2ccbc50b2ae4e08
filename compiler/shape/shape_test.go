package shape

import (
	"testing"

	"pgregory.net/rapid"
)

func letters(name string) Size { return Letter(name) }

func TestSizeNormalForm(t *testing.T) {
	m, h, p := letters("m"), letters("h"), letters("p")
	cases := []struct {
		name string
		got  Size
		want string
	}{
		{"like terms join", m.Add(m), "2*m"},
		{"opposites vanish", m.Sub(m), "0"},
		{"numbers stand last", Int(1).Add(p.Div(Int(2))), "p/2 + 1"},
		{"a whole quotient divides out", m.Mul(h).Div(h), "m"},
		{"a quotient meets its divisor", h.Mul(m.Div(h)), "m"},
		{"a quotient meets part of its divisor", Int(2).Mul(m.Div(Int(4))), "m/2"},
		{"quotients nest", m.Div(h).Div(Int(2)), "m/(2*h)"},
		{"powers of two", Int(2).Pow(Int(5)), "32"},
		{"a power of letters", Int(2).Pow(letters("i")), "2^i"},
		{"ceil of numbers", Int(7).Ceil(Int(2)), "4"},
		{"ceil of letters", p.Ceil(Int(2)), "ceil[p, 2]"},
		{"min by a known difference", p.Min(p.Add(Int(1))), "p"},
		{"max of strangers", p.Max(m), "max[m, p]"},
		{"squares", m.Add(Int(1)).Mul(m.Sub(Int(1))), "m^2 - 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.got.String() != c.want {
				t.Errorf("got %s, want %s", c.got, c.want)
			}
		})
	}
}

func TestReplaceEvaluates(t *testing.T) {
	env := map[string]Size{"m": Int(64), "h": Int(8), "p": Int(7)}
	look := func(name string) (Size, bool) { s, ok := env[name]; return s, ok }
	m, h, p := letters("m"), letters("h"), letters("p")
	for want, s := range map[string]Size{
		"8":   m.Div(h),
		"4":   p.Ceil(Int(2)),
		"7/2": p.Div(Int(2)),
		"456": m.Mul(p).Add(h),
	} {
		if got := s.Replace(look); got.String() != want {
			t.Errorf("%s: got %s, want %s", s, got, want)
		}
	}
	if err := p.Div(Int(2)).Replace(look).Check(); err == nil {
		t.Error("7/2 passed as whole")
	}
}

func TestUnifySettlesOpenLetters(t *testing.T) {
	var u Unifier
	open := u.Open("k")
	if !u.Unify(open.Mul(Int(1)).Add(Int(2)), Letter("m")) {
		t.Fatal("k + 2 = m was not solved")
	}
	if got := u.Resolve(open).String(); got != "m - 2" {
		t.Errorf("k is %s, want m - 2", got)
	}
	if u.Unify(Letter("m"), Letter("n")) {
		t.Error("two different letters were made equal")
	}
}

// Addition and multiplication of sizes mean what they mean for numbers.
func TestArithmeticAgreesWithNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(1, 30).Draw(t, "a"), rapid.IntRange(1, 30).Draw(t, "b")
		c := rapid.IntRange(-9, 9).Draw(t, "c")
		s := letters("a").Mul(letters("b")).Add(Int(c).Mul(letters("a"))).Sub(letters("b"))
		got := s.Replace(func(l string) (Size, bool) { return Int(map[string]int{"a": a, "b": b}[l]), true })
		if want := a*b + c*a - b; !got.Equal(Int(want)) {
			t.Fatalf("%s is %s at a=%d b=%d, want %d", s, got, a, b, want)
		}
	})
}

// TestSizeAsJSON holds that a size is a number as soon as it is one.
func TestSizeAsJSON(t *testing.T) {
	for want, s := range map[string]Size{"12": Int(12), "0": {}, `"2*m + 1"`: Int(2).Mul(letters("m")).Add(Int(1))} {
		if got, err := s.MarshalJSON(); err != nil || string(got) != want {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
	}
}

// Folding a size into numbers is putting numbers in the place of its letters.
func TestFoldAgreesWithReplace(t *testing.T) {
	values := map[string]int{"m": 64, "h": 8, "p": 7}
	m, h, p := letters("m"), letters("h"), letters("p")
	compute := map[string]func(x, y int) int{
		"+": func(x, y int) int { return x + y }, "*": func(x, y int) int { return x * y }, "/": func(x, y int) int { return x / y },
		"ceil": func(x, y int) int { return (x + y - 1) / y }, "min": func(x, y int) int { return min(x, y) },
	}
	for _, s := range []Size{{}, Int(3), m.Div(h), p.Ceil(Int(2)).Mul(Int(3)).Sub(Int(1)), m.Mul(m).Add(p.Min(h))} {
		got := Fold(s, func(n int) int { return n }, func(l string) int { return values[l] }, func(f string, x, y int) int { return compute[f](x, y) })
		want := s.Replace(func(l string) (Size, bool) { return Int(values[l]), true })
		if !want.Equal(Int(got)) {
			t.Errorf("%s: got %d, want %s", s, got, want)
		}
	}
}
