package lsp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// decoded are tokens in words: the text, its kind and its modifiers.
func decoded(text string, data []int) []string {
	var list []string
	l := newLines(text)
	var at position
	for ; len(data) >= 5; data = data[5:] {
		if data[0] > 0 {
			at.Character = 0
		}
		at.Line, at.Character = at.Line+data[0], at.Character+data[1]
		end := position{at.Line, at.Character + data[2]}
		word := text[l.offset(at):l.offset(end)] + " " + tokenTypes[data[3]]
		for i, name := range tokenModifiers {
			if data[4]&(1<<i) != 0 {
				word += " " + name
			}
		}
		list = append(list, word)
	}
	return list
}

func TestSemanticTokens(t *testing.T) {
	const text = `# 𝔸 first.
axis class = 10

const 𝔸 = 3

diagram A[h = 𝔸](x[s s' m]) -> [class] {
    y = x >> softmax[s'] >> layernorm[m, epsilon = 1e-5]
    save C = y
    y >> sum[s s'] >> affine[m -> class, init = "zeros"]
}

train { batch 4; rule backprop }
`
	c := connect(t)
	uri := c.open("a.ncd", text)
	var all, part semanticTokens
	c.ask("textDocument/semanticTokens/full", of(uri), &all)
	got := decoded(text, all.Data)
	for _, want := range []string{
		"# 𝔸 first. comment", "axis keyword", "class type declaration", "10 number", "𝔸 variable declaration readonly", "𝔸 variable readonly",
		"A function declaration", "h typeParameter declaration", "x variable declaration", "s typeParameter", "-> operator", "class type",
		">> operator", "softmax function defaultLibrary", "layernorm function defaultLibrary", "epsilon property defaultLibrary",
		"save keyword", "C property declaration", "init property defaultLibrary", `"zeros" string`, "batch keyword", "backprop method defaultLibrary",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	p := of(uri)
	from := strings.Index(text, "save C")
	p["range"] = newLines(text).extent(from, from+len("save C"))
	c.ask("textDocument/semanticTokens/range", p, &part)
	if got := decoded(text, part.Data); fmt.Sprint(got) != "[save keyword C property declaration]" {
		t.Errorf("of a part: %q", got)
	}
	c.leave()
}
