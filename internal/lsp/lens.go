package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"maps"

	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// The commands that lenses stand for. Both are given the URI of a document and a name
// in it; render may be given a theme as well.
const (
	commandRender = "ncd.render"
	commandTest   = "ncd.test"
)

type lens struct {
	Range   extent  `json:"range"`
	Command command `json:"command"`
}

type command struct {
	Title     string `json:"title"`
	Command   string `json:"command"`
	Arguments []any  `json:"arguments"`
}

// lenses offer to draw each diagram, model and figure that has a name, and to run each
// test.
func (d *document) lenses(identified) ([]lens, error) {
	list := []lens{}
	isOffered := map[string]bool{commandRender: d.server.options.Draw != nil, commandTest: d.server.options.Test != nil}
	add := func(decl grammar.Decl, title, does, name string) {
		if !isOffered[does] {
			return
		}
		_, at, _ := headOf(decl)
		list = append(list, lens{d.extent(at), command{title, does, []any{d.uri, name}}})
	}
	for _, decl := range d.analyse().tree.Decls {
		switch x := decl.(type) {
		case *grammar.Diagram:
			add(decl, "Draw", commandRender, x.Name.Text)
		case *grammar.Train:
			if x.Name != nil {
				add(decl, "Draw the model", commandRender, x.Name.Text)
			}
		case *grammar.Figure:
			if x.Name != nil {
				add(decl, "Draw the figure", commandRender, x.Name.Text)
			}
		case *grammar.Test:
			add(decl, "Run the test", commandTest, x.Name.Value)
		}
	}
	return list, nil
}

// drawn is what ncd.render answers.
type drawn struct {
	Name string `json:"name"`
	SVG  string `json:"svg"`
}

// proven is what ncd.test answers.
type proven struct {
	Name  string   `json:"name"`
	OK    bool     `json:"ok"`
	Unmet []string `json:"unmet"` // each claim that does not hold, with its place
}

// execute runs a command, while other requests are answered.
func (s *server) execute(params json.RawMessage) (any, error) {
	var p struct {
		Command   string            `json:"command"`
		Arguments []json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, &failure{invalidParams, err.Error()}
	}
	words := make([]string, 3)
	for i, argument := range p.Arguments[:min(len(p.Arguments), len(words))] {
		if err := json.Unmarshal(argument, &words[i]); err != nil {
			return nil, &failure{invalidParams, err.Error()}
		}
	}
	d := s.documents[words[0]]
	if d == nil {
		return nil, &failure{invalidParams, "the document " + words[0] + " is not open"}
	}
	switch {
	case p.Command == commandRender && s.options.Draw != nil:
		return d.draw(words[1], words[2]), nil
	case p.Command == commandTest && s.options.Test != nil:
		return d.prove(words[1]), nil
	}
	return nil, &failure{invalidParams, "there is no command `" + p.Command + "`"}
}

// draw draws a diagram, figure or model of the document as it is now.
func (d *document) draw(name, theme string) later {
	again := d.checkedAgain()
	return func(context.Context) (any, error) {
		svg, err := d.server.options.Draw(again(), name, theme)
		if err != nil {
			return nil, err
		}
		return drawn{name, string(svg)}, nil
	}
}

// prove runs a test of the document as it is now, and has the editor show what came of it.
func (d *document) prove(name string) later {
	again := d.checkedAgain()
	return func(context.Context) (any, error) {
		said, err := d.server.options.Test(again(), name)
		if err != nil {
			return nil, err
		}
		p := proven{Name: name, OK: len(said) == 0, Unmet: []string{}}
		kind, text := messageInformation, "The test `"+name+"` holds"
		for _, unmet := range said {
			p.Unmet = append(p.Unmet, unmet.Text(false))
			kind, text = messageError, "The test `"+name+"` does not hold: "+said[0].Message
		}
		d.server.send(notification{"2.0", "window/showMessage", shown{kind, text}})
		return p, nil
	}
}

// The protocol's kinds of message to the user.
const (
	messageError       = 1
	messageInformation = 3
)

type shown struct {
	Type    int    `json:"type"`
	Message string `json:"message"`
}

// checkedAgain is the document's program, checked anew for one who uses it at the same
// time as the server.
func (d *document) checkedAgain() func() *check.Program {
	o := check.Options{Library: stdlib.Files}
	if path := pathOf(d.uri); path != "" {
		o.Sources, o.Folder = d.server.sourcesWith(path, maps.Clone(d.server.texts()))
	}
	file := &source.File{Name: d.file.Name, Text: d.file.Text}
	return func() *check.Program {
		program, _ := check.Check(file, o)
		return program
	}
}

// later is an answer that takes its time: it is given when it is there, and others
// before. It may be called off.
type later func(context.Context) (any, error)

// await gives the answer to a request when it is there.
func (s *server) await(m message, answer later) {
	ctx, cancel := context.WithCancel(context.Background())
	s.running.Store(string(*m.ID), cancel)
	go func() {
		defer cancel()
		result, err := guarded(m.Method, func() (any, error) { return answer(ctx) })
		s.running.Delete(string(*m.ID))
		if errors.Is(ctx.Err(), context.Canceled) {
			err = errCancelled
		}
		s.reply(*m.ID, result, err)
	}()
}
