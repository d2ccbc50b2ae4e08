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
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar/source"
)

// text is the root that participle parses: one declaration.
type text struct {
	Decl Decl `parser:"@@ End"`
}

// parser is built on first use, so that commands that parse nothing do not wait
// for it.
var parser = sync.OnceValue(buildParser)

func buildParser() *participle.Parser[text] {
	return participle.MustBuild[text](
		participle.Lexer(definition{}),
		participle.UseLookahead(1),
		participle.ParseTypeWith(parseExpr),
		participle.ParseTypeWith(parseSum),
		participle.ParseTypeWith(parseBound),
		participle.ParseTypeWith(parseCond),
		participle.Union[Decl](&Import{}, &Axis{}, &Const{}, &Diagram{}, &Rule{}, &Train{}, &Figure{}, &Test{}),
		participle.Union[Stmt](&For{}, &If{}, &Save{}, &State{}, &Kept{}, &Expect{}, &plain{}),
		participle.Union[RuleStmt](&AtBox{}, &Phase{}, &Settle{}, &Fixed{}, &Trace{}, &Aux{}, &Change{}, &SendNothing{},
			&For{}, &If{}, &Save{}, &State{}, &Kept{}, &Expect{}, &plain{}),
		participle.Union[Entry](&Data{}, &Model{}, &RuleUse{}, &Group{}, &Stage{}, &Let{}, &Setting{}),
	)
}

// Parse reads a program. What could be read is in the tree even where there are
// diagnostics; declarations with errors are named in its Broken.
func Parse(file *source.File) (*Program, []source.Diagnostic) {
	program := &Program{File: file, Broken: map[string]bool{}}
	var said []source.Diagnostic
	for _, piece := range pieces(Scan(file)) {
		if len(piece) == 0 || !isDeclaring(piece[0]) {
			continue
		}
		decl, faults := parseDecl(file, piece)
		said = append(said, faults...)
		if decl != nil {
			program.Decls = append(program.Decls, decl)
		}
	}
	return program, said
}

func parseDecl(file *source.File, tokens []lexer.Token) (Decl, []source.Diagnostic) {
	peeking, _ := lexer.Upgrade(&stream{tokens})
	root, err := parser().ParseFromLexer(peeking)
	if err != nil {
		return nil, []source.Diagnostic{{Code: "BadSyntax", Message: err.Error(), Span: source.Span{File: file}}}
	}
	finish(root.Decl, file)
	return root.Decl, nil
}

var declares = setOf("import axis const diagram rule train figure test")

// pieces cuts a file's tokens at each declaration keyword in column 1. The
// comments before the first one are a piece of their own.
func pieces(tokens []lexer.Token) [][]lexer.Token {
	var all [][]lexer.Token
	start := 0
	for i, t := range tokens {
		if isDeclaring(t) {
			if i > start {
				all = append(all, tokens[start:i])
			}
			start = i
		}
	}
	return append(all, tokens[start:])
}

func isDeclaring(t lexer.Token) bool {
	return t.Type == KeywordToken && t.Pos.Column == 1 && declares[t.Value]
}
