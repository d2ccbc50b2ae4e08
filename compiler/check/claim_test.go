package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
)

// tested checks a program, which must have no errors, and elaborates its tests.
func tested(t *testing.T, text string) []Test {
	t.Helper()
	return checked(t, text, Options{}).Tests()
}

func TestClaims(t *testing.T) {
	tests := tested(t, `# Of rows.
test "rows sum to one" {
    w = normal[y:3 x:5] >> softmax[x]
    expect w >> sum[x] ~ 1 within 1e-6
    expect w ~ w >> [x y]
    expect w : [x:5 y:3]
    expect error UnknownAxis { w >> sum[q] }
}
`)
	if len(tests) != 1 || len(tests[0].Said) > 0 {
		t.Fatalf("got %+v", tests)
	}
	made := tests[0]
	if err := diagram.Verify(made.Diagram); err != nil {
		t.Error(err)
	}
	got := fmt.Sprintf("%s (%s)\n", made.Name, made.Doc)
	for _, c := range made.Claims {
		got += fmt.Sprintf("%s: %s near %s within %g\n", c.Span.Text(), made.Diagram.Out[c.Got].Type, made.Diagram.Out[c.Wanted].Type, c.Within)
	}
	want := `rows sum to one (Of rows.)
expect w >> sum[x] ~ 1 within 1e-6: [y:3] near [y:3] within 1e-06
expect w ~ w >> [x y]: [y:3 x:5] near [y:3 x:5] within 1e-05
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestUnmetClaims holds which claims are found not to hold without running anything.
// The program is sound by itself.
func TestUnmetClaims(t *testing.T) {
	for _, c := range []struct{ name, claim, want string }{
		{"another size", "expect w : [y:4]", "`w` is [y:3], and [y:4] is expected"},
		{"other axes", "expect w : [x:3]", "`w` is [y:3], and [x:3] is expected"},
		{"no error", "expect error UnknownAxis { w >> sum[y] }", "error `UnknownAxis` is expected, and nothing is wrong here"},
		{"another error", "expect error AxisSize { w >> sum[x] }", "error `AxisSize` is expected, and what is told is `UnknownAxis`"},
		{"a wire that is not used", "expect error UnusedWire { v = w }", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := tested(t, "test \"claim\" {\n w = normal[y:3]\n"+c.claim+"\n}\n")[0].Said
			switch {
			case c.want == "" && len(said) > 0:
				t.Error(said[0].Message)
			case c.want != "" && (len(said) != 1 || said[0].Code != UnmetClaim || !strings.Contains(said[0].Message, c.want)):
				t.Errorf("got %v, want %q", said, c.want)
			}
		})
	}
}

func TestFigures(t *testing.T) {
	p := checked(t, `diagram Twice(x[m]) -> [m] { x + x }

# Twice as much.
figure Small { diagram Twice; width 1in; depth 2; theme plain; view graph; sizes numbers; title "2" }
figure { diagram Twice }
`, Options{})
	got := p.Figures()
	for i := range got {
		got[i].Span = source.Span{}
	}
	want := []Figure{
		{Name: "Small", Doc: "Twice as much.", Diagram: "Twice", Width: 25.4, Depth: 2, View: "graph", Theme: "plain", Sizes: "numbers", Title: "2"},
		{Name: "Twice", Diagram: "Twice", Depth: -1},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestOptionsAreShown holds that what is wrong with a value of an option is told
// with the option as it was typed.
func TestOptionsAreShown(t *testing.T) {
	const program = "const n = 2\ndiagram Net(x[m:n]) -> [m] { x }\n"
	for _, c := range []struct {
		name  string
		value string
		want  string
	}{
		{"no expression", ")", "BadStatement: `)` closes nothing at 8 of --set n=)"},
		{"no number", "foo", "UnknownName: no size, number or axis `foo` is known here at 8 of --set n=foo"},
		{"two values", "3\naxis k = 4", "InvalidEntry: `--set n` takes one value at 8 of --set n=3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, said := Check(&source.File{Name: "net.ncd", Text: program}, Options{Library: library(), Set: map[string]string{"n": c.value}})
			if len(said) == 0 {
				t.Fatal("nothing is said")
			}
			file := said[0].Span.File
			got := fmt.Sprintf("%s: %s at %d of %s", said[0].Code, said[0].Message, said[0].Span.Start, file.Line(1))
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
