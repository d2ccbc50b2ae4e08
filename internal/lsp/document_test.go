package lsp

import (
	"slices"
	"strings"
	"testing"
)

func TestDiagnosticsWhileTyping(t *testing.T) {
	c := connect(t)
	good := "diagram A(x[m:3]) -> [m] { # 𝔸\n    x >> relu\n}\n"
	bad := "diagram A(x[m:3], y[m:4]) -> [m] {\n    x + y\n}\n\ndiagram B(𝔸𝔸[m]) {\n    𝔸𝔸 >> rleu\n}\n"
	uri := c.open("a.ncd", good)
	if p := c.published(uri); len(p.Diagnostics) != 0 || *p.Version != 1 {
		t.Errorf("of a good program: %+v", p)
	}
	c.change(uri, 2, bad)
	p := c.published(uri)
	var codes []string
	for _, d := range p.Diagnostics {
		codes = append(codes, string(d.Code))
		if d.Code == "UnknownBox" && d.Range.Start != (position{5, 12}) {
			t.Errorf("columns are no UTF-16: %+v", d)
		}
		if d.Code == "AxisSize" && (len(d.Related) == 0 || d.Related[0].Location.URI != uri) {
			t.Errorf("no places that took part: %+v", d)
		}
	}
	if slices.Sort(codes); !slices.Equal(codes, []string{"AxisSize", "UnknownBox"}) {
		t.Errorf("codes %v", codes)
	}
	if !strings.Contains(p.Diagnostics[len(p.Diagnostics)-1].Message, "did you mean `relu`?") {
		t.Errorf("no mend: %+v", p.Diagnostics)
	}
	c.tell("textDocument/didClose", of(uri))
	if p := c.published(uri); len(p.Diagnostics) != 0 {
		t.Errorf("behind its end: %+v", p)
	}
	c.leave()
}

func TestImportsOfOpenAndSavedFiles(t *testing.T) {
	c := connect(t)
	c.write("saved.ncd", "diagram Saved(x[m]) -> [m] { x >> relu }\n")
	uri := c.open("a.ncd", "import \"saved.ncd\"\nimport \"unsaved.ncd\"\n\ndiagram A(x[m]) -> [m] { x >> Saved >> Unsaved }\n")
	if p := c.published(uri); len(p.Diagnostics) != 2 || p.Diagnostics[0].Code != "MissingImport" {
		t.Errorf("before the other file is there: %+v", p)
	}
	c.open("unsaved.ncd", "diagram Unsaved(x[m]) -> [m] { x >> tanh }\n")
	if p := c.published(uri); len(p.Diagnostics) != 0 {
		t.Errorf("with the other file open: %+v", p)
	}
	c.leave()
}

func TestFormatting(t *testing.T) {
	c := connect(t)
	uri := c.open("a.ncd", "diagram  A(x[m])->[m]{x>>relu}")
	var edits []textEdit
	c.ask("textDocument/formatting", of(uri), &edits)
	if len(edits) != 1 || !strings.HasPrefix(edits[0].NewText, "diagram A(x[m]) -> [m]") || edits[0].Range.End != (position{0, 30}) {
		t.Errorf("%+v", edits)
	}
	c.change(uri, 2, edits[0].NewText)
	if c.ask("textDocument/formatting", of(uri), &edits); len(edits) != 0 {
		t.Errorf("of what is formatted: %+v", edits)
	}
	c.change(uri, 3, "diagram (")
	if h := c.try("textDocument/formatting", of(uri)); h.Error == nil || h.Error.Code != requestFailed {
		t.Errorf("of what does not parse: %s", h.Result)
	}
	c.leave()
}

func TestSymbols(t *testing.T) {
	c := connect(t)
	uri := c.open("a.ncd", "axis m = 3\n\ndiagram A(x[m]) -> [m] {\n    y = x >> relu\n    y\n}\n\ntrain { batch 3 }\n\ntest \"it\" { 1 }\n")
	var list []symbol
	c.ask("textDocument/documentSymbol", of(uri), &list)
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
		for _, child := range s.Children {
			names = append(names, s.Name+"."+child.Name)
		}
	}
	if want := []string{"m", "A", "A.x", "A.y", "train", "it"}; !slices.Equal(names, want) {
		t.Errorf("%v, not %v", names, want)
	}
	if list[1].Detail != "diagram A(x[m]) -> [m]" || list[1].SelectionRange.Start != (position{2, 8}) {
		t.Errorf("%+v", list[1])
	}
	c.leave()
}
