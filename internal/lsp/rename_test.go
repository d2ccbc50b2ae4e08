package lsp

import (
	"slices"
	"strings"
	"testing"
)

// applied is a text after edits.
func applied(text string, edits []textEdit) string {
	l := newLines(text)
	slices.SortFunc(edits, func(a, b textEdit) int { return l.offset(b.Range.Start) - l.offset(a.Range.Start) })
	for _, e := range edits {
		text = text[:l.offset(e.Range.Start)] + e.NewText + text[l.offset(e.Range.End):]
	}
	return text
}

func renamed(uri, text, words, name string) map[string]any {
	p := at(uri, text, words)
	p["newName"] = name
	return p
}

func TestRename(t *testing.T) {
	const text = `import "other.ncd"

axis class = 3

# Of all 𝔸.
diagram A[h = 8, k = m/h](x[s m]) -> [s m] {
    q = x >> linear[m -> h k]
    q = q >> tanh
    q >> linear[h k -> m]
}

diagram Net(x[s m]) -> [class] {
    x >> B >> mean[s] >> affine[m -> class]
}

diagram B(x[s m]) -> [s m] {
    stem = x >> A[k = m/8]
    stem >> Other >> linear[m -> m]
}

train {
    data      x[s:4 m:8], label in class = digits["digits8x8"]
    model     net = Net
    loss      (x >> net, label) >> cross_entropy[class]
    optimizer adam[rate = 0.1]
    group     net.b.0.stem: rate * 0.1
    batch     4
}
`
	const other = "diagram Other(x[m]) -> [m] { x >> relu }\n"
	for _, c := range []struct{ name, at, to, file, want string }{
		{"a wire whose name is given again", "|q = q", "query", "", "query = x >> linear[m -> h k]\n    query = query >> tanh\n    query >> linear"},
		{"a parameter that its calls name", "k| = m/h", "depth", "", "B(x[s m]) -> [s m] {\n    stem = x >> A[depth = m/8]"},
		{"a parameter that is an axis too", "k| = m/h", "depth", "", "linear[m -> h depth]"},
		{"an axis in one diagram only", "s| m]) -> [s m", "place", "", "A[h = 8, k = m/h](x[place m]) -> [place m]"},
		{"an axis that calls bound by name", "|s m]) -> [s m", "place", "", "x >> A[k = m/8, place = s]"},
		{"an axis of the file", "|class = 3", "kind", "", "label in kind = digits"},
		{"a part of the model", "|stem = x", "body", "", "group     net.b.0.body: rate"},
		{"a diagram that a part is called by", "|B(x", "TwoParts", "", "group     net.two_parts.0.stem: rate"},
		{"a diagram", "|A[h", "Attention", "", "stem = x >> Attention[k = m/8]"},
		{"a diagram of another file", ">> |Other", "Otherwise", "other.ncd", "diagram Otherwise(x[m])"},
		{"a model", "net| = Net", "model2", "", "(x >> model2, label)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := connect(t)
			client.write("other.ncd", other)
			uri := client.open("a.ncd", text)
			if p := client.published(uri); len(p.Diagnostics) > 0 {
				t.Fatalf("%+v", p.Diagnostics)
			}
			var edit workspaceEdit
			client.ask("textDocument/rename", renamed(uri, text, c.at, c.to), &edit)
			from := map[string]string{"": text, "other.ncd": other}[c.file]
			got := ""
			for changed, edits := range edit.Changes {
				if c.file == "" && changed == uri || c.file != "" && strings.HasSuffix(changed, c.file) {
					got = applied(from, edits)
				}
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("no %q in\n%s", c.want, got)
			}
			client.change(uri, 2, applied(text, edit.Changes[uri]))
			if p := client.published(uri); c.file == "" && len(p.Diagnostics) > 0 {
				t.Errorf("it leaves %+v", p.Diagnostics)
			}
			client.leave()
		})
	}
}

func TestRenameIsRefused(t *testing.T) {
	const text = `diagram A[h = 8](x[s m]) -> [s m h] {
    y = x >> layernorm[m, epsilon = 1e-6] >> tanh
    z = y >> linear[m -> m]
    z + y >> spread[h]
}

diagram B(x[s m]) -> [s m] { x >> A >> mean[h] }

rule r {
    fixed B[e.. o..] = uniform
    signal[o..] = error[e..] * B[e.. o..]
}
`
	c := connect(t)
	uri := c.open("a.ncd", text)
	if p := c.published(uri); len(p.Diagnostics) > 0 {
		t.Fatalf("%+v", p.Diagnostics)
	}
	for _, r := range []struct{ name, at, to, says string }{
		{"a box of the library", "|layernorm", "norm", "`layernorm` is of the standard library (std/normalization.ncd)"},
		{"an option of the library", "|epsilon", "e", "`epsilon` is of the standard library"},
		{"a primitive box", "|tanh", "th", "`tanh` is a word of the language"},
		{"what a rule is given", "|error", "e", "`error` is given to a learning rule"},
		{"a keyword", "dia|gram A", "x", "no name here"},
		{"to a keyword", "|y = x", "for", "`for` is a word of the language"},
		{"to no name", "|y = x", "1y", "`1y` is no name"},
		{"to another wire", "|y = x", "z", "`z` has a meaning already: a wire at a.ncd:3:5"},
		{"to a box that is used", "|y = x", "tanh", "`tanh` has a meaning already: a word of the language at a.ncd:2:"},
		{"to another axis", "|s m]) -> [s m h]", "m", "`m` has a meaning already: an axis"},
		{"to a primed axis", "|s m]) -> [s m h]", "t'", "`t'` has a prime"},
		{"to another diagram", "|A[h", "B", "`B` has a meaning already: a declaration at a.ncd:7:9"},
		{"where others would break", "|h = 8", "wide", "the program would say something else: a.ncd:7"},
	} {
		h := c.try("textDocument/rename", renamed(uri, text, r.at, r.to))
		if h.Error == nil || !strings.Contains(h.Error.Message, r.says) {
			t.Errorf("%s: %v %s, not %q", r.name, h.Error, h.Result, r.says)
		}
	}
	var p renamable
	c.ask("textDocument/prepareRename", at(uri, text, "|y = x"), &p)
	if p.Placeholder != "y" || p.Range != newLines(text).extent(strings.Index(text, "y = x"), strings.Index(text, "y = x")+1) {
		t.Errorf("%+v", p)
	}
	if h := c.try("textDocument/prepareRename", at(uri, text, "|tanh")); h.Error == nil {
		t.Errorf("a primitive may be renamed: %s", h.Result)
	}
	c.leave()
}

func TestReferences(t *testing.T) {
	c := connect(t)
	c.write("other.ncd", "# Used twice.\ndiagram Other(x[m]) -> [m] { x >> relu }\n")
	c.write("third.ncd", "import \"other.ncd\" as o\n\ndiagram C(x[m]) -> [m] { x >> o.Other }\n")
	text := "import \"other.ncd\"\n\ndiagram B(x[m]) -> [m] {\n    x >> Other >> layernorm[m]\n}\n"
	uri := c.open("a.ncd", text)
	places := func(words string, withDeclaration bool) (list []string) {
		p := at(uri, text, words)
		p["context"] = map[string]any{"includeDeclaration": withDeclaration}
		var found []location
		c.ask("textDocument/references", p, &found)
		for _, f := range found {
			list = append(list, f.URI[strings.LastIndex(f.URI, "/")+1:])
		}
		return list
	}
	for _, r := range []struct {
		at   string
		with bool
		want []string
	}{
		{"|Other", true, []string{"a.ncd", "other.ncd", "third.ncd"}},
		{"|Other", false, []string{"a.ncd", "third.ncd"}},
		{"|layernorm", true, []string{"a.ncd", "normalization.ncd"}},
		{"|m]) -> [m] {", true, []string{"a.ncd", "a.ncd", "a.ncd"}},
	} {
		if got := places(r.at, r.with); !slices.Equal(got, r.want) {
			t.Errorf("of %s: %v, not %v", r.at, got, r.want)
		}
	}
	var seen []highlight
	c.ask("textDocument/documentHighlight", at(uri, text, "|x[m]"), &seen)
	if len(seen) != 2 || seen[0].Kind != 3 || seen[1].Kind != 2 {
		t.Errorf("%+v", seen)
	}
	c.leave()
}
