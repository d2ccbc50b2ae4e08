package lsp

import (
	"os"
	"slices"
	"strings"
	"testing"
)

const program = `# What all use.
diagram Own[size = 3](x[m]) -> [m] {
    x >> power[size]
}

diagram A[h = 8, k = m/h](x[s m]) -> [s h k] {
    q = x >> linear[m -> h k]
    q = q >> tanh
    y = x >> Own[size = 4] >> layernorm[m]
    q * (y >> linear[m -> h k])
}
`

func TestHover(t *testing.T) {
	c := connect(t)
	uri := c.open("a.ncd", program)
	if p := c.published(uri); len(p.Diagnostics) > 0 {
		t.Fatalf("%+v", p.Diagnostics)
	}
	for _, h := range []struct{ at, says string }{
		{"|x >> linear[m", "x : [s m]"},
		{"|q = x", "q : [s h:8 k:m/8]"},
		{"|q >> tanh", "q : [s h:8 k:m/8]"},
		{"y| = x", "y : [s m]"},
		{"|linear[m -> h k]\n    q", "[s m] -> [s h:8 k:m/8]"},
		{"|linear[m -> h k]\n    q", "Learned linear map"},
		{"|Own[size = 4]", "What all use."},
		{"|layernorm[m]", "std/normalization"},
	} {
		var got hover
		c.ask("textDocument/hover", at(uri, program, h.at), &got)
		if !strings.Contains(got.Contents.Value, h.says) {
			t.Errorf("at %s: %q, not %q", h.at, got.Contents.Value, h.says)
		}
	}
	if h := c.try("textDocument/hover", at(uri, program, "# |What")); string(h.Result) != "null" {
		t.Errorf("in a comment: %s", h.Result)
	}
	c.leave()
}

func TestDefinition(t *testing.T) {
	c := connect(t)
	c.write("other.ncd", "\ndiagram Other(x[m]) -> [m] { x >> relu }\n")
	text := "import \"other.ncd\"\n\n" + program + "\ndiagram B(x[m]) -> [m] {\n    x >> Other\n}\n"
	uri := c.open("a.ncd", text)
	for _, d := range []struct {
		at   string
		want position
		file string
	}{
		{"|x >> Own", position{7, 26}, "a.ncd"},
		{"|q >> tanh", position{9, 4}, "a.ncd"},
		{"|Own[size = 4]", position{3, 8}, "a.ncd"},
		{"|Other\n", position{1, 8}, "other.ncd"},
	} {
		var got location
		c.ask("textDocument/definition", at(uri, text, d.at), &got)
		if got.Range.Start != d.want || !strings.HasSuffix(got.URI, d.file) {
			t.Errorf("of %s: %+v, not %v", d.at, got, d.want)
		}
	}
	if h := c.try("textDocument/definition", at(uri, text, "|tanh")); string(h.Result) != "null" {
		t.Errorf("of a primitive: %s", h.Result)
	}
	c.leave()
}

func TestDefinitionInTheLibrary(t *testing.T) {
	c := connect(t)
	uri := c.open("a.ncd", program)
	for range 2 { // the copy is made, and then found
		var got location
		c.ask("textDocument/definition", at(uri, program, "|layernorm[m]"), &got)
		text, err := os.ReadFile(pathOf(got.URI))
		if err != nil {
			t.Fatal(err)
		}
		if offset := newLines(string(text)).offset(got.Range.Start); !strings.HasPrefix(string(text)[offset:], "layernorm") {
			t.Errorf("%+v is not its name", got)
		}
	}
	c.leave()
}

func TestCompletion(t *testing.T) {
	c := connect(t)
	uri := c.open("a.ncd", program)
	labels := func(words string) []string {
		var list []completion
		c.ask("textDocument/completion", at(uri, program, words), &list)
		slices.SortFunc(list, func(a, b completion) int { return strings.Compare(a.SortText, b.SortText) })
		var labels []string
		for _, c := range list {
			labels = append(labels, c.Label)
		}
		return labels
	}
	for _, c := range []struct {
		name, at string
		holds    []string
	}{
		{"boxes, diagrams, axes, rules and keywords", "x >> |Own", []string{"q", "s", "m", "Own", "A", "relu", "layernorm", "backprop", "for"}},
		{"options of a box", "Own[|size = 4", []string{"size", "q"}},
	} {
		got := labels(c.at)
		for _, want := range c.holds {
			if !slices.Contains(got, want) {
				t.Errorf("%s: no %s in %v", c.name, want, got)
			}
		}
	}
	if got := labels("Own[|size = 4"); got[0] != "size" {
		t.Errorf("first of the options' place is %s", got[0])
	}
	c.leave()
}

func TestMends(t *testing.T) {
	c := connect(t)
	text := "diagram A(x[m]) -> [m] {\n    x >> rleu\n}\n"
	uri := c.open("a.ncd", text)
	p := of(uri)
	p["range"] = newLines(text).extent(0, len(text))
	var list []codeAction
	c.ask("textDocument/codeAction", p, &list)
	want := textEdit{newLines(text).extent(34, 38), "relu"}
	if len(list) != 1 || !slices.Equal(list[0].Edit.Changes[uri], []textEdit{want}) {
		t.Errorf("%+v", list)
	}
	p["range"] = newLines(text).extent(0, 3)
	if c.ask("textDocument/codeAction", p, &list); len(list) != 0 {
		t.Errorf("away from the place: %+v", list)
	}
	c.leave()
}

func TestHints(t *testing.T) {
	c := connect(t)
	uri := c.open("a.ncd", program)
	p := of(uri)
	p["range"] = newLines(program).extent(0, len(program))
	var list []hint
	c.ask("textDocument/inlayHint", p, &list)
	var labels []string
	for _, h := range list {
		labels = append(labels, h.Label)
	}
	if want := []string{" : [s h:8 k:m/8]", " : [s h:8 k:m/8]", " : [s m]"}; !slices.Equal(labels, want) {
		t.Errorf("%q, not %q", labels, want)
	}
	c.leave()
}
