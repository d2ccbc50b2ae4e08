package lsp

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/grammar/source"
)

const tested = `diagram A(x[m]) -> [m] { x >> relu }

figure One { diagram A }

train digits { model net = A }

test "it" {
    y = normal[m:3]
    expect y : [m:3]
}
`

func ordered(command, uri, name string) map[string]any {
	return map[string]any{"command": command, "arguments": []any{uri, name}}
}

func TestLenses(t *testing.T) {
	c := connectWith(&client{
		t: t, folder: t.TempDir(),
		draw: func(p *check.Program, name, theme string) ([]byte, error) {
			if name == "A" {
				return []byte("<svg>" + strings.Join(p.Diagrams(), " ") + theme + "</svg>"), nil
			}
			return nil, errors.New("no " + name)
		},
		prove: func(p *check.Program, name string) ([]source.Diagnostic, error) {
			return []source.Diagnostic{{Message: name + " is wrong"}}, nil
		},
	})
	uri := c.open("a.ncd", tested)
	var list []lens
	c.ask("textDocument/codeLens", of(uri), &list)
	var words []string
	for _, l := range list {
		words = append(words, l.Command.Title+" "+l.Command.Arguments[1].(string))
	}
	if want := []string{"Draw A", "Draw the figure One", "Draw the model digits", "Run the test it"}; !slices.Equal(words, want) {
		t.Errorf("%q, not %q", words, want)
	}
	var picture drawn
	c.ask("workspace/executeCommand", ordered(commandRender, uri, "A"), &picture)
	if picture.SVG != "<svg>A</svg>" {
		t.Errorf("%+v", picture)
	}
	if h := c.try("workspace/executeCommand", ordered(commandRender, uri, "B")); h.Error == nil || h.Error.Message != "no B" {
		t.Errorf("%+v", h)
	}
	if h := c.try("workspace/executeCommand", ordered("ncd.fly", uri, "B")); h.Error == nil || h.Error.Code != invalidParams {
		t.Errorf("%+v", h)
	}
	var result proven
	c.ask("workspace/executeCommand", ordered(commandTest, uri, "it"), &result)
	if result.OK || len(result.Unmet) != 1 {
		t.Errorf("%+v", result)
	}
	c.leave()
}

// TestCallingOff holds that others are answered while a command runs, and that it and
// what waits can be called off.
func TestCallingOff(t *testing.T) {
	release := make(chan bool)
	c := connectWith(&client{t: t, folder: t.TempDir(), draw: func(*check.Program, string, string) ([]byte, error) {
		<-release
		return nil, nil
	}})
	uri := c.open("a.ncd", tested)
	c.published(uri)
	order, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": "slow", "method": "workspace/executeCommand", "params": ordered(commandRender, uri, "A")})
	c.put(string(order))
	var list []symbol
	c.ask("textDocument/documentSymbol", of(uri), &list) // is answered before
	c.tell("$/cancelRequest", map[string]any{"id": "slow"})
	c.ask("textDocument/documentSymbol", of(uri), &list)
	close(release)
	if h := c.hear(); string(h.ID) != `"slow"` || h.Error == nil || h.Error.Code != cancelled {
		t.Errorf("%+v", h)
	}
	c.tell("$/cancelRequest", map[string]any{"id": "never asked"})
	c.leave()
}

// TestCallingOffWhatWaits holds that a request is not answered any more where what calls
// it off has come before its turn.
func TestCallingOffWhatWaits(t *testing.T) {
	s := &server{calledOff: map[string]bool{}}
	messages := make(chan received, 3)
	for _, body := range []string{`{"id":1,"method":"a"}`, `{"id":2,"method":"b"}`, `{"method":"$/cancelRequest","params":{"id":2}}`} {
		messages <- received{body: []byte(body)}
	}
	s.readAhead(messages)
	if len(s.waiting) != 2 || s.calledOff["1"] || !s.calledOff["2"] {
		t.Errorf("%v %v", s.waiting, s.calledOff)
	}
	var out strings.Builder
	s.out = &out
	id := json.RawMessage("2")
	if s.answer(message{ID: &id, Method: "b"}); !strings.Contains(out.String(), "-32800") || s.calledOff["2"] {
		t.Errorf("%s", out.String())
	}
}
