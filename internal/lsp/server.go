// Package lsp is the language server: it speaks the Language Server Protocol 3.17
// (Microsoft, 2022) about programs that are open in an editor.
//
// In go messages of a client, out come answers, and diagnostics as soon as nothing
// more waits to be read. Documents are held whole as the client last sent them; a
// program is checked anew when it is asked about after a change. It writes nothing but
// copies of the standard library's sources, for editors to show, into a folder that it
// is given. How programs run and are drawn it is told by who starts it.
package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"ncd/compiler/check"
	"ncd/grammar/source"
)

// Options is what a server is started with.
type Options struct {
	Version string // of the command, which is told to clients
	Cache   string // folder for copies of the library's sources; "": none are shown

	// Draw draws a figure, a diagram or the model of a train block as SVG, in a theme or
	// in that of the figure (""). Test runs a test and tells which claims do not hold.
	// Both may be called at any time; nil: the client is not offered it.
	Draw func(p *check.Program, name, theme string) (svg []byte, err error)
	Test func(p *check.Program, name string) ([]source.Diagnostic, error)
}

// Serve answers one client until it says exit or its messages end. It errs where they
// cannot be read any further, and where the client exits without a shutdown before.
func Serve(in io.Reader, out io.Writer, o Options) error {
	s := &server{options: o, out: out, documents: map[string]*document{}, parsed: map[string]parsed{}, calledOff: map[string]bool{}}
	defer s.end()
	return s.run(receive(in))
}

// server is one conversation.
type server struct {
	options   Options
	out       io.Writer
	documents map[string]*document // open ones, by URI
	parsed    map[string]parsed    // files of the disk, by path
	roots     []string             // folders that the client works in

	looked     *workspace // of lookedFrom; nil since something changed
	lookedFrom *document
	waiting    []received      // messages that have been read and not taken
	calledOff  map[string]bool // requests among them, by their IDs
	running    sync.Map        // what calls off a request that takes its time, by its ID

	writing sync.Mutex // guards out, written and isDone against answers that come later
	written error      // the first failure to write

	isInitialized, isShutDown, isOver bool
	isDone                            bool // nothing is written any more
}

// received is a message, or why there is none.
type received struct {
	body []byte
	err  error
}

// receive reads ahead, so that it is known whether more is waiting.
func receive(in io.Reader) <-chan received {
	messages := make(chan received, 64)
	go func() {
		defer close(messages)
		r := bufio.NewReader(in)
		for {
			body, err := readFrame(r)
			messages <- received{body, err}
			if err != nil && !errors.Is(err, errTooLarge) {
				return
			}
		}
	}()
	return messages
}

func (s *server) run(messages <-chan received) error {
	for !s.isOver && !s.hasFailed() {
		next, ok := s.next(messages)
		switch {
		case !ok || errors.Is(next.err, io.EOF):
			s.isOver = true
		case errors.Is(next.err, errTooLarge):
			s.refuse(nobody, &failure{invalidRequest, next.err.Error()})
		case next.err != nil:
			return fmt.Errorf("the client's messages cannot be read: %w", next.err)
		default:
			s.take(next.body)
		}
	}
	if !s.hasFailed() && s.isInitialized && !s.isShutDown {
		return errors.New("the client went without a shutdown")
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.written
}

// hasFailed reports whether nobody reads any more.
func (s *server) hasFailed() bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.written != nil
}

// next is the message that waits; while none does, what has changed is checked.
func (s *server) next(messages <-chan received) (received, bool) {
	for {
		s.readAhead(messages)
		if len(s.waiting) > 0 {
			next := s.waiting[0]
			s.waiting = s.waiting[1:]
			return next, true
		}
		if !s.publishOne() {
			next, ok := <-messages
			if !ok || !s.callOff(next) {
				return next, ok
			}
		}
	}
}

// readAhead takes what has come, so that a request can be called off before it is
// answered.
func (s *server) readAhead(messages <-chan received) {
	for len(s.waiting) < mostWaiting {
		select {
		case next, ok := <-messages:
			if !ok {
				next.err = io.EOF
			}
			if !s.callOff(next) {
				s.waiting = append(s.waiting, next)
			}
			if !ok {
				return
			}
		default:
			return
		}
	}
}

// mostWaiting is how many messages are read ahead.
const mostWaiting = 64

// callOff hears that a request is not wanted any more, and reports whether the message
// says so.
func (s *server) callOff(r received) bool {
	var m struct {
		Method string
		Params struct{ ID json.RawMessage }
	}
	if r.err != nil || !bytes.Contains(r.body, []byte("$/cancelRequest")) || json.Unmarshal(r.body, &m) != nil || m.Method != "$/cancelRequest" {
		return false
	}
	id := string(m.Params.ID)
	if cancel, isRunning := s.running.Load(id); isRunning {
		cancel.(context.CancelFunc)()
		return true
	}
	for _, w := range s.waiting {
		var waiting message
		if json.Unmarshal(w.body, &waiting) == nil && waiting.ID != nil && string(*waiting.ID) == id {
			s.calledOff[id] = true
		}
	}
	return true
}

// take answers one message.
func (s *server) take(body []byte) {
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		code := parseError
		if json.Valid(body) {
			code = invalidRequest
		}
		s.refuse(nobody, &failure{code, "this is no message of JSON-RPC: " + err.Error()})
		return
	}
	switch {
	case m.Method == "" && m.ID == nil:
		s.refuse(nobody, &failure{invalidRequest, "a message without a method"})
	case m.Method == "": // a response, and nothing was asked
	case m.ID == nil:
		s.notice(m)
	default:
		s.answer(m)
	}
}

// answer answers a request.
func (s *server) answer(m message) {
	if s.calledOff[string(*m.ID)] {
		delete(s.calledOff, string(*m.ID))
		s.refuse(*m.ID, errCancelled)
		return
	}
	result, err := guarded(m.Method, func() (any, error) { return s.result(m) })
	if answer, takesTime := result.(later); takesTime && err == nil {
		s.await(m, answer)
		return
	}
	s.reply(*m.ID, result, err)
}

func (s *server) reply(id json.RawMessage, result any, err error) {
	var known *failure
	switch {
	case err == nil:
		s.send(response{"2.0", id, result})
	case errors.As(err, &known):
		s.refuse(id, known)
	default:
		s.refuse(id, &failure{requestFailed, err.Error()})
	}
}

// guarded tells a fault of ours, which does not end the conversation.
func guarded(method string, answer func() (any, error)) (result any, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = &failure{internalError, fmt.Sprintf("a fault of ours in %s: %v", method, broken)}
		}
	}()
	return answer()
}

// result calls what answers a request.
func (s *server) result(m message) (any, error) {
	answer, known := requests[m.Method]
	switch {
	case !known:
		return nil, &failure{noSuchMethod, "there is no request `" + m.Method + "`"}
	case m.Method == "initialize":
		s.isInitialized = true
	case !s.isInitialized:
		return nil, &failure{notInitialized, "`initialize` comes first"}
	case s.isShutDown:
		return nil, &failure{invalidRequest, "nothing can be asked behind `shutdown`"}
	}
	return answer(s, m.Params)
}

// notice hears a notification. One that is not understood is passed over, as the
// protocol wants it.
func (s *server) notice(m message) {
	if m.Method == "exit" {
		s.isOver = true
		return
	}
	if hear, known := notifications[m.Method]; known && s.isInitialized {
		hear(s, m.Params)
	}
}

// requests are what a client may ask.
var requests map[string]func(*server, json.RawMessage) (any, error)

// notifications are what a client may tell.
var notifications = map[string]func(*server, json.RawMessage){
	"textDocument/didOpen":   (*server).didOpen,
	"textDocument/didChange": (*server).didChange,
	"textDocument/didSave":   (*server).didSave,
	"textDocument/didClose":  (*server).didClose,
}

func init() { // what initialize tells hangs on the table itself
	requests = map[string]func(*server, json.RawMessage) (any, error){
		"initialize":                        (*server).initialize,
		"shutdown":                          (*server).shutdown,
		"textDocument/formatting":           onDocument((*document).formatting),
		"textDocument/documentSymbol":       onDocument((*document).symbols),
		"textDocument/hover":                onDocument((*document).hover),
		"textDocument/definition":           onDocument((*document).definition),
		"textDocument/references":           onDocument((*document).references),
		"textDocument/documentHighlight":    onDocument((*document).highlights),
		"textDocument/semanticTokens/full":  onDocument((*document).tokens),
		"textDocument/semanticTokens/range": onDocument((*document).tokensWithin),
		"textDocument/prepareRename":        onDocument((*document).prepareRename),
		"textDocument/signatureHelp":        onDocument((*document).signature),
		"textDocument/codeLens":             onDocument((*document).lenses),
		"workspace/executeCommand":          (*server).execute,
		"textDocument/rename":               onDocument((*document).rename),
		"textDocument/completion":           onDocument((*document).completion),
		"textDocument/codeAction":           onDocument((*document).actions),
		"textDocument/inlayHint":            onDocument((*document).hints),
	}
}

// onDocument answers a request about a document by what it knows of itself.
func onDocument[P about, R any](answer func(*document, P) (R, error)) func(*server, json.RawMessage) (any, error) {
	return func(s *server, params json.RawMessage) (any, error) {
		var p P
		if err := json.Unmarshal(params, &p); err != nil {
			return nil, &failure{invalidParams, err.Error()}
		}
		d := s.documents[p.uri()]
		if d == nil {
			return nil, &failure{invalidParams, "the document " + p.uri() + " is not open"}
		}
		return answer(d, p)
	}
}

func (s *server) shutdown(json.RawMessage) (any, error) {
	s.isShutDown = true
	return nil, nil
}

func (s *server) refuse(id json.RawMessage, why *failure) { s.send(refusal{"2.0", id, why}) }

// end lets answers that are still to come fall.
func (s *server) end() {
	s.running.Range(func(_, cancel any) bool {
		cancel.(context.CancelFunc)()
		return true
	})
	s.writing.Lock()
	defer s.writing.Unlock()
	s.isDone = true
}

func (s *server) send(m any) {
	body, err := json.Marshal(m)
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.isDone {
		return
	}
	if err == nil {
		err = writeFrame(s.out, body)
	}
	if err != nil && s.written == nil {
		s.written = err
	}
}

// publishOne checks one document that has changed and tells what is wrong in it; it
// reports whether there was one.
func (s *server) publishOne() bool {
	uris := make([]string, 0, len(s.documents))
	for uri, d := range s.documents {
		if !d.isPublished {
			uris = append(uris, uri)
		}
	}
	if len(uris) == 0 {
		return false
	}
	d := s.documents[slices.Min(uris)]
	d.isPublished = true
	s.send(notification{"2.0", "textDocument/publishDiagnostics", published{d.uri, &d.version, d.diagnostics()}})
	return true
}
