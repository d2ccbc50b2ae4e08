package lsp

import (
	"slices"
	"strings"
	"testing"
)

func TestCompletionByPlace(t *testing.T) {
	const text = `axis class = 10

diagram Own[size = 3, act = relu](x[row col]) -> [class] {
    y = x >> affine[row col -> hidden:size] >> act
    y >> scan[hidden, relu] >> affine[hidden -> class]
}

train digits {
    data      image[row col], label in class = digits["digits8x8"]
    model     net = Own[size = 4]
    rule      backprop
}

rule own { send nothing }
`
	c := connect(t)
	for _, p := range []struct {
		name, before, typed string
		first               []string // what must be among the first
		kind                int
	}{
		{"axes in brackets", "scan[", "", []string{"hidden", "row", "col", "class"}, completesAxis},
		{"options of a primitive box", "scan[", "hidden, g", []string{"gradient"}, completesProperty},
		{"options of a declared diagram", "Own[size = 4", ", ", []string{"size", "act"}, completesProperty},
		{"options of the library", ">> act\n", "    y >> layernorm[hidden, ", []string{"epsilon"}, completesProperty},
		{"rules in a train block", "rule      ", "", []string{"backprop", "own", "dfa"}, completesFunction},
		{"data sources", "label in class = ", "", []string{"digits", "mnist", "csv"}, completesModule},
		{"options of a data source", "= digits[\"digits8x8\"", ", ", []string{"validation"}, completesProperty},
		{"wires in a flow", "    y >> ", "", []string{"y", "x"}, completesVariable},
		{"keys of a train block", "rule      backprop\n", "    ", []string{"optimizer", "freeze"}, completesKeyword},
	} {
		t.Run(p.name, func(t *testing.T) {
			i := strings.Index(text, p.before) + len(p.before)
			now := text[:i] + p.typed + text[i:]
			uri := c.open("a.ncd", now)
			at := of(uri)
			at["position"] = newLines(now).position(i + len(p.typed))
			var list []completion
			c.ask("textDocument/completion", at, &list)
			for _, want := range p.first {
				if !slices.ContainsFunc(list, func(c completion) bool { return c.Label == want && c.Kind == p.kind }) {
					t.Errorf("no %s in %v", want, list[:min(len(list), 20)])
				}
			}
		})
	}
	c.leave()
}

func TestSignature(t *testing.T) {
	c := connect(t)
	text := "diagram A(x[m]) -> [m] {\n    x >> layernorm[m, epsilon = 1e-6] >> clamp[0, 1] >> relu\n}\n"
	uri := c.open("a.ncd", text)
	for _, s := range []struct {
		at, label string
		active    int
	}{
		{"layernorm[|m", "layernorm[a.., epsilon = ", 0},
		{"epsilon = |1e", "layernorm[a.., epsilon = ", 1},
		{"clamp[0, |1", "clamp[lo, hi]", 1},
	} {
		var got signatureHelp
		c.ask("textDocument/signatureHelp", at(uri, text, s.at), &got)
		if len(got.Signatures) != 1 || !strings.HasPrefix(got.Signatures[0].Label, s.label) || got.ActiveParameter != s.active {
			t.Errorf("at %s: %+v", s.at, got)
		}
	}
	if h := c.try("textDocument/signatureHelp", at(uri, text, ">> |relu")); string(h.Result) != "null" {
		t.Errorf("outside of brackets: %s", h.Result)
	}
	c.leave()
}

func TestHoverOfAnyWire(t *testing.T) {
	const text = `diagram A[n = 2](x[m:4]) -> [m] {
    for i in 1..n {
        inner = x >> affine[m -> m]
        x = inner >> relu
    }
    x
}

train digits {
    data      image[m:4], label in class:3 = csv["a.csv"]
    model     net = A
    scores = image >> net >> affine[m -> k:3]
    loss      (scores >> square >> mean[k])
    batch     4
}

test "it" {
    drawn = normal[m:3 k:2]
    expect drawn : [m:3 k:2]
}
`
	c := connect(t)
	for _, h := range []struct{ text, at, says string }{
		{text, "|inner = x", "inner : [m:4]"},
		{text, "|inner >> relu", "inner : [m:4]"},
		{text, "|drawn = normal", "drawn : [m:3 k:2]"},
		{libraryText(t, "attention.ncd"), "|q = target >> linear", "q : [y h k]"},
		{libraryText(t, "attention.ncd"), "|asking = q", "asking : [s k h]"},
	} {
		uri := c.open("a.ncd", h.text)
		var got hover
		c.ask("textDocument/hover", at(uri, h.text, h.at), &got)
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(got.Contents.Value, ":m/8", ""), ":8", ""), h.says) {
			t.Errorf("at %s: %q, not %q", h.at, got.Contents.Value, h.says)
		}
	}
	c.leave()
}
