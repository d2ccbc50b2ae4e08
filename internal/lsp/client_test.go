package lsp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// client is a scripted editor.
type client struct {
	t      *testing.T
	in     io.WriteCloser
	out    *bufio.Reader
	ended  chan error
	asked  int
	folder string

	draw  func(*check.Program, string, string) ([]byte, error)
	prove func(*check.Program, string) ([]source.Diagnostic, error)
}

// connect starts a server and greets it.
func connect(t *testing.T) *client { return connectWith(&client{t: t, folder: t.TempDir()}) }

func connectWith(c *client) *client {
	toServer, in := io.Pipe()
	out, fromServer := io.Pipe()
	c.in, c.out, c.ended = in, bufio.NewReader(out), make(chan error, 1)
	go func() {
		c.ended <- Serve(toServer, fromServer, Options{Version: "test", Cache: filepath.Join(c.folder, "cache"), Draw: c.draw, Test: c.prove})
		fromServer.Close()
		toServer.Close()
	}()
	c.ask("initialize", map[string]any{}, nil)
	c.tell("initialized", map[string]any{})
	return c
}

// leave ends the conversation as the protocol wants it.
func (c *client) leave() {
	c.t.Helper()
	c.ask("shutdown", nil, nil)
	c.tell("exit", nil)
	if err := <-c.ended; err != nil {
		c.t.Errorf("the server ended with %v", err)
	}
}

func (c *client) put(body string) {
	c.t.Helper()
	if err := writeFrame(c.in, []byte(body)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) tell(method string, params any) {
	c.t.Helper()
	body, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
	c.put(string(body))
}

// heard is a message of the server.
type heard struct {
	ID     json.RawMessage
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *failure
}

func (c *client) hear() heard {
	c.t.Helper()
	timer := time.AfterFunc(time.Minute, func() { c.in.Close() })
	defer timer.Stop()
	body, err := readFrame(c.out)
	if err != nil {
		c.t.Fatal(err)
	}
	var h heard
	if err := json.Unmarshal(body, &h); err != nil {
		c.t.Fatalf("%s: %v", body, err)
	}
	return h
}

// try asks and gives the answer or the refusal; diagnostics that come before are passed over.
func (c *client) try(method string, params any) heard {
	c.t.Helper()
	c.asked++
	body, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.asked, "method": method, "params": params})
	c.put(string(body))
	for {
		if h := c.hear(); h.Method == "" {
			if string(h.ID) != fmt.Sprint(c.asked) {
				c.t.Fatalf("an answer to %s, not %d", h.ID, c.asked)
			}
			return h
		}
	}
}

func (c *client) ask(method string, params, result any) {
	c.t.Helper()
	h := c.try(method, params)
	if h.Error != nil {
		c.t.Fatalf("%s: %v", method, h.Error)
	}
	if result != nil {
		if err := json.Unmarshal(h.Result, result); err != nil {
			c.t.Fatalf("%s: %s: %v", method, h.Result, err)
		}
	}
}

// published hears until the diagnostics of a document come.
func (c *client) published(uri string) published {
	c.t.Helper()
	for {
		h := c.hear()
		var p published
		if h.Method == "textDocument/publishDiagnostics" && json.Unmarshal(h.Params, &p) == nil && p.URI == uri {
			return p
		}
	}
}

// open shows the server a program under a name in the client's folder.
func (c *client) open(name, text string) (uri string) {
	c.t.Helper()
	uri = uriOf(filepath.Join(c.folder, name))
	c.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "ncd", "version": 1, "text": text}})
	return uri
}

func (c *client) change(uri string, version int, text string) {
	c.t.Helper()
	c.tell("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uri, "version": version},
		"contentChanges": []any{map[string]any{"text": text}},
	})
}

func of(uri string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": uri}}
}

// at is parameters for the place in a text where a `|` stands before the words.
func at(uri, text, words string) map[string]any {
	before, after, found := strings.Cut(words, "|")
	i := strings.Index(text, before+after)
	if !found || i < 0 {
		panic("no " + words)
	}
	p := of(uri)
	p["position"] = newLines(text).position(i + len(before))
	return p
}

func (c *client) write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.folder, name), []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// libraryText is a file of the standard library.
func libraryText(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(stdlib.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
