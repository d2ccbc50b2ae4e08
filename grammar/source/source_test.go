package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// spanOf is the span of the first place where words stand in a file.
func spanOf(t *testing.T, f *File, words string) Span {
	t.Helper()
	start := strings.Index(f.Text, words)
	if start < 0 {
		t.Fatalf("%q is not in %s", words, f.Name)
	}
	return Span{f, start, start + len(words)}
}

func TestText(t *testing.T) {
	mlp := &File{Name: "mlp.ncd", Text: strings.Repeat("\n", 8) + "axis m = 64\n\n\n\n\n    x >> affine[m:512 -> h]\n"}
	other := &File{Name: "other.ncd", Text: "axis m = 512\n"}
	odd := &File{Name: "odd.ncd", Text: "\tx >> 軸e\u0301[n]\x07 # é\n\n"}
	for _, test := range []struct {
		name string
		said Diagnostic
		want string
	}{
		{"both sides", Diagnostic{
			Code: "AxisSize", Message: "axis `m` is 64 here and 512 there",
			Span: spanOf(t, mlp, "m:512"), Label: "512 is asked for here",
			Notes: []Note{{spanOf(t, mlp, "64"), "64 comes from here"}},
			Help:  []string{"drop `:512`, or rename: [m -> m'] first"},
		}, `
error[AxisSize]: axis ''m'' is 64 here and 512 there
  --> mlp.ncd:14:17
   |
 9 | axis m = 64
   |          -- 64 comes from here
14 |     x >> affine[m:512 -> h]
   |                 ^^^^^ 512 is asked for here
   = help: drop '':512'', or rename: [m -> m'] first
`},
		{"two files", Diagnostic{
			Code: "AxisSize", Severity: Remark, Message: "understood",
			Span:  spanOf(t, mlp, "64"),
			Notes: []Note{{spanOf(t, other, "512"), "512 comes from here"}, {Span{}, "nothing was left over"}},
		}, `
remark[AxisSize]: understood
 --> mlp.ncd:9:10
  |
9 | axis m = 64
  |          ^^
 --> other.ncd:1:10
  |
1 | axis m = 512
  |          --- 512 comes from here
  = note: nothing was left over
`},
		{"two places of a line", Diagnostic{
			Code: "AxisTwice", Message: "twice", Span: spanOf(t, mlp, "m:512"), Label: "here",
			Notes: []Note{{spanOf(t, mlp, "h]"), "and here"}},
		}, `
error[AxisTwice]: twice
  --> mlp.ncd:14:17
   |
14 |     x >> affine[m:512 -> h]
   |                 ^^^^^ here
   |                          -- and here
`},
		{"wide runes, accents and tabs", Diagnostic{Code: "BadName", Message: "odd", Span: spanOf(t, odd, "[n]"), Label: "here"}, `
error[BadName]: odd
 --> odd.ncd:1:10
  |
1 |     x >> 軸` + "e\u0301[n]\ufffd" + ` # é
  |             ^^^ here
`},
		{"end of the text", Diagnostic{Code: "MissingEnd", Message: "end", Span: Span{odd, len(odd.Text), len(odd.Text)}}, `
error[MissingEnd]: end
 --> odd.ncd:3:1
  |
3 |
  | ^
`},
		{"several lines", Diagnostic{Code: "BadName", Message: "long", Span: Span{mlp, 8, len(mlp.Text)}}, `
error[BadName]: long
 --> mlp.ncd:9:1
  |
9 | axis m = 64
  | ^^^^^^^^^^^
`},
		{"no place", Diagnostic{Code: "BadFile", Message: "nothing", Help: []string{"write something"}}, `
error[BadFile]: nothing
 = help: write something
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := strings.ReplaceAll(test.want[1:], "''", "`")
			if diff := cmp.Diff(want, test.said.Text(false)); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func TestColourOnlyAddsEscapes(t *testing.T) {
	f := &File{Name: "a.ncd", Text: "axis m = 64\n"}
	d := Diagnostic{Code: "BadName", Message: "odd", Span: spanOf(t, f, "m"), Notes: []Note{{spanOf(t, f, "64"), "see"}}, Help: []string{"do"}}
	coloured := d.Text(true)
	if !strings.Contains(coloured, "\x1b[1;31merror[BadName]\x1b[0m") {
		t.Errorf("no red in %q", coloured)
	}
	for _, escape := range []string{"\x1b[1;31m", "\x1b[34m", "\x1b[1m", "\x1b[0m"} {
		coloured = strings.ReplaceAll(coloured, escape, "")
	}
	if coloured != d.Text(false) {
		t.Errorf("got %q, want %q", coloured, d.Text(false))
	}
}

func TestPrintSortsAndCounts(t *testing.T) {
	f := &File{Name: "a.ncd", Text: strings.Repeat("x", 200)}
	var said []Diagnostic
	for i := range 112 {
		at := 111 - i
		said = append(said, Diagnostic{Code: "BadName", Message: fmt.Sprint("at ", at), Span: Span{f, at, at + 1}})
	}
	var out strings.Builder
	if err := Print(&out, said, false); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "error[BadName]: at 0\n") || !strings.HasSuffix(out.String(), "\n12 more not shown\n") {
		t.Errorf("got %q … %q", out.String()[:40], out.String()[out.Len()-40:])
	}
	if got := strings.Count(out.String(), "error["); got != Limit {
		t.Errorf("%d printed, want %d", got, Limit)
	}
}

func TestInOrderKeepsFilesTogether(t *testing.T) {
	a, b := &File{Name: "a"}, &File{Name: "b"}
	said := []Diagnostic{
		{Message: "b2", Span: Span{b, 2, 2}}, {Message: "a1", Span: Span{a, 1, 1}},
		{Message: "none"}, {Message: "b1", Span: Span{b, 1, 1}},
	}
	var got []string
	for _, d := range InOrder(said) {
		got = append(got, d.Message)
	}
	if diff := cmp.Diff([]string{"none", "b1", "b2", "a1"}, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestPrintJSON(t *testing.T) {
	f := &File{Name: "a.ncd", Text: "axis m = 64\naxis é = 6\n"}
	said := []Diagnostic{
		{Code: "BadName", Message: "a < b", Label: "here", Span: spanOf(t, f, "é = 6"), Notes: []Note{{spanOf(t, f, "64"), "see"}}},
		{Code: "BadFile", Severity: Remark, Message: "none", Help: []string{"do"}},
	}
	var out strings.Builder
	if err := PrintJSON(&out, said); err != nil {
		t.Fatal(err)
	}
	want := `{"code":"BadFile","severity":"remark","message":"none","label":"","notes":[],"help":["do"]}
{"code":"BadName","severity":"error","message":"a < b","label":"here","file":"a.ncd","line":2,"column":6,"endLine":2,"endColumn":11,"notes":[{"message":"see","file":"a.ncd","line":1,"column":10,"endLine":1,"endColumn":12}],"help":[]}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestPosition(t *testing.T) {
	f := &File{Text: "é\r\nab\n"}
	for _, test := range []struct{ offset, line, column int }{
		{-1, 1, 1}, {0, 1, 1}, {2, 1, 2}, {4, 2, 1}, {5, 2, 2}, {7, 3, 1}, {99, 3, 1},
	} {
		if line, column := f.Position(test.offset); line != test.line || column != test.column {
			t.Errorf("offset %d is at %d:%d, want %d:%d", test.offset, line, column, test.line, test.column)
		}
	}
	if got := f.Line(1); got != "é" {
		t.Errorf("line 1 is %q", got)
	}
}

func TestNearest(t *testing.T) {
	boxes := []string{"affine", "linear", "relu", "gelu", "softmax", "at"}
	for name, want := range map[string]string{
		"afine": "affine", "Linear": "linear", "lineal": "linear", "rleu": "relu", "softmxa": "softmax",
		"elu": "relu", "to": "", "convolution": "", "relu": "gelu", "": "", "x": "",
	} {
		if got := Nearest(name, boxes); got != want {
			t.Errorf("Nearest(%q) is %q, want %q", name, got, want)
		}
	}
}
