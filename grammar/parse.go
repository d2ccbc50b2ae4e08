// Package grammar turns the text of a program into its syntax tree. In goes a
// source.File, out come a Program, whose every node knows its place, and
// diagnostics. It knows no names, axes or sizes: what a program means is the
// checker's business.
//
// The grammar is LL(1) in participle's sense and stands in grammar.ebnf beside
// this file. Declarations and statements are read by participle from the tags
// of the tree's own structs, expressions by precedence (see read.go), after
// V. R. Pratt, Top down operator precedence, 1973.
package grammar

import (
	"errors"
	"strings"
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar/source"
)

// root is what participle parses: one declaration.
type root struct {
	Decl Decl `parser:"@@ End"`
}

// parser is built on first use, so that commands that parse nothing do not wait
// for it.
var parser = sync.OnceValue(buildParser)

func buildParser() *participle.Parser[root] {
	return participle.MustBuild[root](
		participle.Lexer(definition{}),
		participle.UseLookahead(1),
		participle.ParseTypeWith(parseExpr),
		participle.ParseTypeWith(parseSum),
		participle.ParseTypeWith(parseBound),
		participle.ParseTypeWith(parseCond),
		participle.Union[Decl](&Import{}, &Axis{}, &Const{}, &Diagram{}, &Rule{}, &Train{}, &Figure{}, &Test{}),
		// The commonest first: no expression begins with a keyword of the others.
		participle.Union[Stmt](&plain{}, &For{}, &If{}, &Save{}, &State{}, &Kept{}, &Expect{}),
		participle.Union[RuleStmt](&AtBox{}, &Phase{}, &Settle{}, &Fixed{}, &Trace{}, &Aux{}, &Change{}, &SendNothing{}, &RuleOptimizer{},
			&plain{}, &For{}, &If{}, &Save{}, &State{}, &Kept{}, &Expect{}),
		participle.Union[Entry](&Data{}, &Model{}, &RuleUse{}, &Group{}, &Stage{}, &Let{}, &Setting{}),
	)
}

// Parse reads a program. What could be read is in the tree even where there are
// diagnostics, which come in the order of the text; declarations that have any
// are named in the program's Broken.
func Parse(file *source.File) (*Program, []source.Diagnostic) {
	program := &Program{File: file, Broken: map[string]bool{}}
	if d, bad := badText(file); bad {
		return program, []source.Diagnostic{d}
	}
	tokens := Scan(file)
	program.Doc = docOnTop(tokens)
	var said []source.Diagnostic
	lost := false // the piece before could not be read, and may have left its lines behind
	for _, piece := range pieces(tokens) {
		if lost && piece.isLeftover() {
			continue
		}
		decl, faults := parsePiece(file, piece)
		said = append(said, faults...)
		if len(faults) > 0 && len(piece.tokens) > 1 {
			program.Broken[piece.tokens[1].Value] = true
		}
		if lost = decl == nil; !lost {
			decl.document(piece.doc)
			program.Decls = append(program.Decls, decl)
		}
	}
	return program, source.InOrder(said)
}

// mostFaults is how many errors are told of one declaration.
const mostFaults = 20

// parsePiece reads one declaration. A statement that does not parse is told and
// taken out, and the rest is read again, so that one run tells of all.
func parsePiece(file *source.File, p piece) (Decl, []source.Diagnostic) {
	t := translator{file: file, tokens: p.tokens}
	if d, bad := t.unreadable(); bad {
		return nil, []source.Diagnostic{d}
	}
	var said []source.Diagnostic
	for len(said) < mostFaults {
		decl, err := parseTokens(t.tokens)
		if err == nil {
			finish(decl, file)
			return decl, append(said, misplaced(decl)...)
		}
		at := t.locate(err)
		said = append(said, t.translate(at))
		if !t.repair(at) {
			return nil, said
		}
	}
	return nil, said
}

func parseTokens(tokens []lexer.Token) (Decl, error) {
	peeking, err := lexer.Upgrade(&stream{tokens})
	if err != nil {
		return nil, err
	}
	parsed, err := parser().ParseFromLexer(peeking)
	if err != nil {
		return nil, err
	}
	return parsed.Decl, nil
}

// wanted is the token and the want of an error of participle's or of a reader.
func wanted(err error) (lexer.Token, string) {
	var f *fault
	if errors.As(err, &f) {
		return f.token, f.want
	}
	var u *participle.UnexpectedTokenError
	if errors.As(err, &u) {
		_, want, _ := strings.Cut(u.Message(), "(expected ")
		return u.Unexpected, inWords(strings.TrimSuffix(want, ")"))
	}
	return lexer.Token{}, ""
}
