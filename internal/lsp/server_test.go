package lsp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestBadMessagesAreRefused(t *testing.T) {
	c := connect(t)
	for _, m := range []struct {
		body string
		code int
	}{
		{"{", parseError},
		{"", parseError},
		{"[]", invalidRequest},
		{`{"jsonrpc":"2.0"}`, invalidRequest},
		{`{"jsonrpc":"2.0","id":7,"method":"fly"}`, noSuchMethod},
		{`{"jsonrpc":"2.0","id":8,"method":"textDocument/formatting","params":[]}`, invalidParams},
		{`{"jsonrpc":"2.0","id":9,"method":"textDocument/formatting","params":{"textDocument":{"uri":"file:///none"}}}`, invalidParams},
	} {
		c.put(m.body)
		if h := c.hear(); h.Error == nil || h.Error.Code != m.code {
			t.Errorf("%s: %+v, not %d", m.body, h.Error, m.code)
		}
	}
	c.leave()
}

func TestOrderOfTheConversation(t *testing.T) {
	frame := func(bodies ...string) string {
		var b strings.Builder
		for _, body := range bodies {
			_ = writeFrame(&b, []byte(body))
		}
		return b.String()
	}
	initialize, shutdown, exit := `{"id":1,"method":"initialize"}`, `{"id":2,"method":"shutdown"}`, `{"method":"exit"}`
	for _, c := range []struct {
		name, in, says, fails string
	}{
		{"as it should be", frame(initialize, shutdown, exit), "utf-16", ""},
		{"nothing at all", "", "", ""},
		{"a request before initialize", frame(shutdown), "`initialize` comes first", ""},
		{"an end without shutdown", frame(initialize), "utf-16", "without a shutdown"},
		{"a request behind shutdown", frame(initialize, shutdown, shutdown, exit), "nothing can be asked", ""},
		{"a header without length", "Content-Type: x\r\n\r\n", "", "without Content-Length"},
		{"a negative length", "Content-Length: -1\r\n\r\n", "", "says no length"},
		{"a header without end", strings.Repeat("x", 5000), "", "a header of more than"},
		{"no header", "{}\n\n", "", "has no colon"},
		{"a message cut off", "Content-Length: 10\r\n\r\n{}", "", "unexpected EOF"},
		{"a message too large", fmt.Sprintf("Content-Length: %d\r\n\r\n%s", mostBytes+1, strings.Repeat(" ", mostBytes+1)) + frame(initialize, shutdown, exit), "more than 16 MiB", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			err := Serve(strings.NewReader(c.in), &out, Options{})
			if !strings.Contains(out.String(), c.says) {
				t.Errorf("it says %s, not %s", out.String(), c.says)
			}
			if fmt.Sprint(err) != "<nil>" && (c.fails == "" || !strings.Contains(err.Error(), c.fails)) || err == nil && c.fails != "" {
				t.Errorf("it ends with %v, not %q", err, c.fails)
			}
		})
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }

func TestClientThatDoesNotRead(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	go func() { _ = writeFrame(w, []byte(`{"id":1,"method":"initialize"}`)) }()
	if err := Serve(r, closed{}, Options{}); err == nil || err.Error() != "nobody reads" {
		t.Errorf("it ends with %v", err)
	}
}

// FuzzServe holds that no messages whatever bring the server down.
func FuzzServe(f *testing.F) {
	f.Add(`{"id":1,"method":"initialize"}`, `{"id":2,"method":"textDocument/documentSymbol","params":{"textDocument":{"uri":"file:///a"}}}`)
	f.Add("[1]", `{"method":"textDocument/didChange","params":{"textDocument":{"uri":"a"},"contentChanges":[{"text":"x"}]}}`)
	for method := range requests {
		f.Add(`{"id":1,"method":"initialize"}`, `{"id":1,"method":"`+method+`","params":{"textDocument":{"uri":"a"},"position":{"line":-1,"character":99}}}`)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var in, out bytes.Buffer
		for _, body := range []string{
			first, `{"id":0,"method":"initialize"}`,
			`{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"a","text":"diagram A(x[m]) { x >> relu }"}}}`, second,
		} {
			_ = writeFrame(&in, []byte(body))
		}
		_ = Serve(&in, &out, Options{})
		if strings.Contains(out.String(), "a fault of ours") {
			t.Errorf("%s", out.String())
		}
	})
}
