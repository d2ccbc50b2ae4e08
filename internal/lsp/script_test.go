package lsp

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ncd/grammar"
	"ncd/grammar/source"
)

// corpus is programs to try everything on: the examples, and the specimens where the
// environment says where they are.
func corpus(t *testing.T) map[string]string {
	t.Helper()
	found, _ := filepath.Glob(filepath.FromSlash("../../examples/*/*.ncd"))
	if shared := os.Getenv("NCD_SHARED"); shared != "" {
		more, _ := filepath.Glob(filepath.Join(shared, "specimens", "*.ncd"))
		wrong, _ := filepath.Glob(filepath.Join(shared, "specimens", "wrong", "*.ncd"))
		found = slices.Concat(found, more, wrong)
	} else {
		t.Log("NCD_SHARED is not set: the examples are tried, and no specimens")
	}
	programs := map[string]string{}
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		programs[path] = string(text)
	}
	if len(programs) == 0 {
		t.Fatal("there are no examples")
	}
	return programs
}

// openFile shows the server a program where it lies, so that its imports are found.
func (c *client) openFile(path, text string) string {
	c.t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		c.t.Fatal(err)
	}
	uri := uriOf(absolute)
	c.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "ncd", "version": 1, "text": text}})
	return uri
}

// everywhere asks what can be asked of each name of a program, where it stands first; without specimens of every fifth.
func (c *client) everywhere(uri, text string) (asked int) {
	c.t.Helper()
	l := newLines(text)
	whole := of(uri)
	whole["range"] = l.extent(0, len(text))
	for _, method := range []string{"documentSymbol", "codeLens", "semanticTokens/full"} {
		c.ask("textDocument/"+method, of(uri), nil)
	}
	for _, method := range []string{"inlayHint", "codeAction", "semanticTokens/range"} {
		c.ask("textDocument/"+method, whole, nil)
	}
	for i, place := range firstPlaces(text) {
		if i%5 > 0 && os.Getenv("NCD_SHARED") == "" {
			continue
		}
		p := of(uri)
		p["position"] = l.position(place)
		p["context"] = map[string]any{"includeDeclaration": true}
		for _, method := range []string{"hover", "definition", "references", "documentHighlight", "completion", "signatureHelp"} {
			c.ask("textDocument/"+method, p, nil)
			asked++
		}
		if h := c.try("textDocument/prepareRename", p); h.Error != nil && h.Error.Code != requestFailed {
			c.t.Errorf("at %d: %v", place, h.Error)
		}
	}
	return asked
}

// TestEverywhere asks everything of each name of all programs.
func TestEverywhere(t *testing.T) {
	c := connect(t)
	asked := 0
	for path, text := range corpus(t) {
		uri := c.openFile(path, text)
		asked += c.everywhere(uri, text)
		c.tell("textDocument/didClose", of(uri))
	}
	t.Logf("%d requests about names", asked)
	c.leave()
}

// TestRenameEverywhere renames what can be renamed in some programs to a new name and
// back, which must give the text there was.
func TestRenameEverywhere(t *testing.T) {
	c := connect(t)
	changes, refusals := 0, map[string]int{}
	for path, text := range corpus(t) {
		if name := filepath.Base(path); name != "attention.ncd" && name != "unet.ncd" {
			continue
		}
		c.write(filepath.Base(path), text)
		uri := c.open(filepath.Base(path), text)
		for i, place := range firstPlaces(text) {
			if i%3 > 0 {
				continue
			}
			p := of(uri)
			p["position"], p["newName"] = newLines(text).position(place), "anew"
			h := c.try("textDocument/rename", p)
			if h.Error != nil {
				refusals[strings.SplitN(h.Error.Message, "`", 3)[0]]++
				continue
			}
			var edit workspaceEdit
			if err := json.Unmarshal(h.Result, &edit); err != nil || len(edit.Changes[uri]) == 0 {
				t.Fatalf("%s: %v", h.Result, err)
			}
			there := applied(text, edit.Changes[uri])
			if back := strings.ReplaceAll(there, "anew", text[place:place+lengthOf(text, place)]); back != text && !strings.Contains(there, "anew = ") {
				t.Errorf("%s: renaming at %d changed more than the name:\n%s", path, place, there)
			}
			changes++
		}
	}
	if changes == 0 {
		t.Error("nothing could be renamed")
	}
	t.Logf("%d renamed, refused: %v", changes, refusals)
	c.leave()
}

// firstPlaces are where each name of a program stands first.
func firstPlaces(text string) (places []int) {
	seen := map[string]bool{}
	for _, t := range grammar.Scan(&source.File{Name: "a.ncd", Text: text}) {
		if t.Type == grammar.IdentToken && !seen[t.Value] {
			seen[t.Value] = true
			places = append(places, t.Pos.Offset)
		}
	}
	return places
}

func lengthOf(text string, place int) int {
	for _, t := range grammar.Scan(&source.File{Name: "a.ncd", Text: text}) {
		if t.Pos.Offset == place {
			return len(strings.TrimRight(t.Value, "'"))
		}
	}
	return 0
}

// TestTyping types programs letter by letter and asks for completion, colours and
// diagnostics as an editor does. Half of the answers must come within a fifth of a second.
func TestTyping(t *testing.T) {
	c := connect(t)
	var times []time.Duration
	for path, text := range corpus(t) {
		step := max(1, len(text)/12)
		if filepath.Base(path) == "lstm.ncd" && !testing.Short() { // the shortest specimen
			step = 1
		}
		uri := c.openFile(path, "")
		typed := 0
		for version := 2; typed < len(text); version++ {
			next := min(typed+step, len(text))
			for next < len(text) && !utf8.RuneStart(text[next]) {
				next++
			}
			at := newLines(text[:typed]).position(typed)
			c.tell("textDocument/didChange", map[string]any{
				"textDocument":   map[string]any{"uri": uri, "version": version},
				"contentChanges": []any{map[string]any{"range": extent{at, at}, "text": text[typed:next]}},
			})
			typed = next
			start := time.Now()
			p := of(uri)
			p["position"] = newLines(text[:typed]).position(typed)
			for _, method := range []string{"completion", "semanticTokens/full", "hover", "signatureHelp"} {
				c.ask("textDocument/"+method, p, nil)
			}
			times = append(times, time.Since(start))
		}
		c.change(uri, 1<<30, text)
		c.ask("textDocument/documentSymbol", of(uri), nil)
		c.tell("textDocument/didClose", of(uri))
	}
	slices.Sort(times)
	median := times[len(times)/2]
	t.Logf("%d changes: median %v, 99 of 100 under %v", len(times), median, times[len(times)*99/100])
	if median > 200*time.Millisecond {
		t.Errorf("the median answer takes %v", median)
	}
	c.leave()
}

// TestChangesOfParts edits around letters that UTF-16 counts twice, and holds the text
// that the server has against the one that is meant.
func TestChangesOfParts(t *testing.T) {
	c := connect(t)
	uri := c.open("a.ncd", "")
	want := ""
	for i, edit := range []struct {
		from, to position
		text     string
	}{
		{position{}, position{}, "diagram 𝔸𝔹(𝕩[m]) -> [m] {\r\n    𝕩 >> relu # 😀\n}\n"},
		{position{0, 10}, position{0, 12}, "ℂ"},                  // 𝔹
		{position{0, 9}, position{0, 11}, "B"},                   // in the middle of a pair: moved to its beginning
		{position{1, 4}, position{1, 6}, "𝕩 >> tanh >> id"},      // over no line's end
		{position{1, 999}, position{2, 0}, "\n"},                 // behind a line's end
		{position{99, 0}, position{99, 9}, "# the end 😀"},        // behind the text's end
		{position{0, 0}, position{0, 0}, "# at the beginning\n"}, // before all
		{position{2, 3}, position{1, 1}, "!"},                    // backwards
	} {
		l := newLines(want)
		from, to := l.offset(edit.from), l.offset(edit.to)
		want = want[:from] + edit.text + want[max(from, to):]
		c.tell("textDocument/didChange", map[string]any{
			"textDocument":   map[string]any{"uri": uri, "version": i + 2},
			"contentChanges": []any{map[string]any{"range": extent{edit.from, edit.to}, "text": edit.text}},
		})
		var tokens semanticTokens
		c.ask("textDocument/semanticTokens/full", of(uri), &tokens)
		for _, word := range decoded(want, tokens.Data) {
			text := strings.Fields(word)[0]
			if !strings.Contains(want, text) || !utf8.ValidString(text) {
				t.Errorf("after change %d the server sees %q, which is not in %q", i, text, want)
			}
		}
	}
	c.tell("textDocument/didChange", map[string]any{ // two at once, the second counted in what the first leaves
		"textDocument": map[string]any{"uri": uri, "version": 99},
		"contentChanges": []any{
			map[string]any{"text": "diagram A(x[m]) -> [m] { x }\n"},
			map[string]any{"range": extent{position{0, 25}, position{0, 26}}, "text": "x >> rleu"},
		},
	})
	for p := c.published(uri); ; p = c.published(uri) {
		if *p.Version == 99 {
			if len(p.Diagnostics) != 1 || p.Diagnostics[0].Range != (extent{position{0, 30}, position{0, 34}}) {
				t.Errorf("%+v", p.Diagnostics)
			}
			break
		}
	}
	c.leave()
}

// TestManyAtOnce sends requests without waiting: each is answered once, in some order,
// whether it is known, unknown or called off.
func TestManyAtOnce(t *testing.T) {
	c := connect(t)
	text := corpus(t)[filepath.FromSlash("../../examples/gpt/gpt.ncd")]
	if text == "" {
		text = program
	}
	uri := c.open("a.ncd", text)
	go func() {
		for id := 1000; id < 1100; id++ {
			method := []string{"textDocument/hover", "textDocument/completion", "textDocument/flyAway", "textDocument/documentSymbol"}[id%4]
			body, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": at(uri, text, "|diagram")})
			_ = writeFrame(c.in, body)
			if id%5 == 0 {
				_ = writeFrame(c.in, fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%d}}`, id))
			}
		}
	}()
	codes := map[int]int{}
	for answered := map[string]bool{}; len(answered) < 100; {
		h := c.hear()
		if h.Method != "" {
			continue
		}
		if answered[string(h.ID)] {
			t.Errorf("%s is answered twice", h.ID)
		}
		answered[string(h.ID)] = true
		if h.Error != nil {
			codes[h.Error.Code]++
		}
	}
	if codes[noSuchMethod]+codes[cancelled] < 25 || codes[internalError] > 0 {
		t.Errorf("refusals: %v", codes)
	}
	c.leave()
}

// TestLibraryIsAnswered asks everything of a file of the standard library, as it
// is shown in an editor.
func TestLibraryIsAnswered(t *testing.T) {
	c := connect(t)
	for _, name := range []string{"attention.ncd"} {
		text := libraryText(t, name)
		c.everywhere(c.open(name, text), text)
	}
	c.leave()
}
