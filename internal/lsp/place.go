package lsp

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar"
	"ncd/grammar/source"
)

// writing is where in a program something is being written, by the tokens before: the
// program need not parse.
type writing struct {
	declaration string   // the keyword that the declaration begins with, or ""
	line        string   // the first word of the line
	hasEqual    bool     // `=` stands before in the line
	box         string   // what the innermost `[` that is open configures, or ""
	isInside    bool     // some `[` is open
	argument    int      // how many commas stand before in it
	given       string   // the name that the argument begins with, where `=` follows it
	words       []string // the names of the declaration so far
}

func writingAt(file *source.File, offset int) writing {
	var w writing
	var open []writing // the brackets that are open, with what held outside
	var before lexer.Token
	for _, t := range grammar.Scan(file) {
		if t.Type == grammar.CommentToken {
			continue
		}
		if t.EOF() || t.Pos.Offset >= offset || t.Pos.Offset+len(t.Value) >= offset && t.Type == grammar.IdentToken {
			break
		}
		switch {
		case t.Type == grammar.EndToken:
			w.line, w.hasEqual = "", false
			continue
		case t.Type == grammar.KeywordToken && t.Pos.Column == 1:
			w, open = writing{declaration: t.Value}, nil
		case t.Type == grammar.TouchToken, t.Value == "[" && t.Type == grammar.MarkToken:
			open = append(open, w)
			w.isInside, w.argument, w.given, w.box = true, 0, "", ""
			if t.Type == grammar.TouchToken {
				w.box = before.Value
			}
		case t.Type == grammar.MarkToken:
			open = w.mark(t, before, open)
		}
		w.word(t)
		before = t
	}
	return w
}

// mark takes a mark into account, and gives the brackets that are still open.
func (w *writing) mark(t, before lexer.Token, open []writing) []writing {
	switch {
	case t.Value == "]" && len(open) > 0:
		outside := open[len(open)-1]
		w.isInside, w.box, w.argument, w.given = outside.isInside, outside.box, outside.argument, outside.given
		return open[:len(open)-1]
	case t.Value == ",":
		w.argument++
		w.given = ""
	case t.Value == "=" && w.isInside:
		w.given = before.Value
	case t.Value == "=":
		w.hasEqual = true
	case t.Value == "{" || t.Value == "}":
		w.line, w.hasEqual = "", false
	}
	return open
}

// word takes a name or the first word of a line into account.
func (w *writing) word(t lexer.Token) {
	if t.Type != grammar.IdentToken && t.Type != grammar.KeywordToken {
		return
	}
	if w.line == "" {
		w.line = t.Value
	}
	if t.Type == grammar.IdentToken && !slices.Contains(w.words, t.Value) {
		w.words = append(w.words, t.Value)
	}
}

// isSource reports whether data sources stand here, or their options.
func (w *writing) isSource() bool {
	return w.declaration == "train" && w.line == "data" && w.hasEqual
}

// isRule reports whether learning rules stand here.
func (w *writing) isRule() bool { return w.declaration == "train" && w.line == "rule" && !w.isInside }
