package grammar

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"
	"golang.org/x/exp/ebnf"
	"golang.org/x/tools/txtar"

	"ncd/grammar/source"
)

func readGrammar(t *testing.T) ebnf.Grammar {
	file, err := os.Open("grammar.ebnf")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	g, err := ebnf.Parse("grammar.ebnf", file)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGrammarIsWellFormed(t *testing.T) {
	if err := ebnf.Verify(readGrammar(t), "Program"); err != nil {
		t.Error(err)
	}
}

// TestGrammarDerivesWhatParses compares the written grammar with the parser, in
// both directions, on every text of testdata.
func TestGrammarDerivesWhatParses(t *testing.T) {
	g := readGrammar(t)
	texts := map[string]string{}
	for _, pattern := range []string{"testdata/features/*.txtar", "testdata/wrong/*.txtar"} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = string(archive.Files[0].Data)
		}
	}
	names, _ := filepath.Glob("testdata/specimens/*.ncd")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	for name, text := range texts {
		_, said := Parse(&source.File{Name: name, Text: text})
		said = slices.DeleteFunc(said, beyondGrammar)
		if derives, parses := newRecogniser(g, text).derives(), len(said) == 0; derives != parses {
			t.Errorf("%s: the grammar derives it: %v, the parser reads it: %v", name, derives, parses)
		}
	}
}

// beyondGrammar reports whether a diagnostic is about one of the things that the
// productions do not say.
func beyondGrammar(d source.Diagnostic) bool {
	return d.Code == MissingComma || d.Code == BadTarget || d.Code == MissingFlow ||
		strings.HasPrefix(d.Message, "this value is left behind") ||
		strings.Contains(d.Message, "declarations begin in column 1")
}

// TestWhatTheGrammarDerivesParses makes programs by chance from the written
// grammar, and demands that the parser reads them.
func TestWhatTheGrammarDerivesParses(t *testing.T) {
	g := readGrammar(t)
	chance := rand.New(rand.NewPCG(1, 2))
	read := 0
	for read < 5000 {
		w := writer{grammar: g, chance: chance}
		w.write(g["Program"].Expr, 0)
		text := w.out.String()
		if w.apart {
			continue
		}
		read++
		_, said := Parse(&source.File{Name: "a.ncd", Text: text})
		if said = slices.DeleteFunc(said, beyondGrammar); len(said) > 0 {
			t.Fatalf("%s\n%s", text, said[0].Text(false))
		}
	}
}

// recogniser tells whether the grammar derives tokens: for each expression and
// place it finds all places where the expression may end.
type recogniser struct {
	grammar ebnf.Grammar
	tokens  []lexer.Token
	known   map[string]map[int][]int // by production and place
}

func newRecogniser(g ebnf.Grammar, text string) *recogniser {
	tokens := slices.DeleteFunc(Scan(&source.File{Text: text}), func(t lexer.Token) bool {
		return t.Type == CommentToken || t.Type == lexer.EOF
	})
	return &recogniser{g, tokens, map[string]map[int][]int{}}
}

func (r *recogniser) derives() bool {
	return slices.Contains(r.ends(r.grammar["Program"].Expr, 0), len(r.tokens))
}

func (r *recogniser) ends(e ebnf.Expression, at int) []int {
	switch e := e.(type) {
	case nil:
		return []int{at}
	case ebnf.Alternative:
		var ends []int
		for _, choice := range e {
			ends = append(ends, r.ends(choice, at)...)
		}
		return distinct(ends)
	case ebnf.Sequence:
		places := []int{at}
		for _, part := range e {
			places = r.endsFrom(part, places)
		}
		return places
	case *ebnf.Group:
		return r.ends(e.Body, at)
	case *ebnf.Option:
		return distinct(append(r.ends(e.Body, at), at))
	case *ebnf.Repetition:
		return r.endsRepeated(e.Body, at)
	case *ebnf.Token:
		return r.endOfToken(at, func(t lexer.Token) bool { return t.Type != StringToken && t.Value == e.String })
	case *ebnf.Name:
		return r.endsOfName(e.String, at)
	}
	panic("an expression of a kind that the grammar does not use")
}

func (r *recogniser) endsFrom(e ebnf.Expression, places []int) []int {
	var ends []int
	for _, at := range places {
		ends = append(ends, r.ends(e, at)...)
	}
	return distinct(ends)
}

func (r *recogniser) endsRepeated(e ebnf.Expression, at int) []int {
	all := []int{at}
	for last := []int{at}; len(last) > 0; {
		next := slices.DeleteFunc(r.endsFrom(e, last), func(end int) bool { return slices.Contains(all, end) })
		all = append(all, next...)
		last = next
	}
	return all
}

func (r *recogniser) endsOfName(name string, at int) []int {
	if unicode.IsLower([]rune(name)[0]) {
		return r.endOfToken(at, func(t lexer.Token) bool { return isTerminal(name, t) })
	}
	if ends, ok := r.known[name][at]; ok {
		return ends
	}
	if r.known[name] == nil {
		r.known[name] = map[int][]int{}
	}
	r.known[name][at] = r.ends(r.grammar[name].Expr, at)
	return r.known[name][at]
}

func (r *recogniser) endOfToken(at int, fits func(lexer.Token) bool) []int {
	if at < len(r.tokens) && fits(r.tokens[at]) {
		return []int{at + 1}
	}
	return nil
}

func isTerminal(name string, t lexer.Token) bool {
	switch name {
	case "ident":
		return t.Type == IdentToken
	case "number":
		return t.Type == NumberToken
	case "whole":
		return t.Type == NumberToken && !strings.ContainsAny(t.Value, ".eE")
	case "string":
		return t.Type == StringToken
	case "touch":
		return t.Type == TouchToken
	case "end":
		return t.Type == EndToken
	}
	return false
}

func distinct(places []int) []int {
	slices.Sort(places)
	return slices.Compact(places)
}

// writer makes a text by chance.
type writer struct {
	grammar ebnf.Grammar
	chance  *rand.Rand
	out     strings.Builder
	apart   bool // a touch was called for where there is nothing to touch
	braces  int  // open ones: only declarations stand in column 1
}

// deepEnough is where a writer turns to the shortest choices.
const deepEnough = 40

func (w *writer) write(e ebnf.Expression, depth int) {
	switch e := e.(type) {
	case ebnf.Alternative:
		w.write(w.choose(e, depth), depth+1)
	case ebnf.Sequence:
		for _, part := range e {
			w.write(part, depth+1)
		}
	case *ebnf.Group:
		w.write(e.Body, depth)
	case *ebnf.Option:
		if depth < deepEnough && w.chance.IntN(3) == 0 {
			w.write(e.Body, depth+1)
		}
	case *ebnf.Repetition:
		for depth < deepEnough && w.chance.IntN(5) < 2 {
			w.repeat(e.Body, depth+1)
		}
	case *ebnf.Token:
		w.word(e.String)
	case *ebnf.Name:
		w.name(e.String, depth)
	}
}

// repeat writes once more what a repetition repeats. An item behind another is a
// plain name, since it may not begin with a `-`.
func (w *writer) repeat(e ebnf.Expression, depth int) {
	if name, ok := e.(*ebnf.Name); ok && name.String == "Item" {
		e = &ebnf.Name{String: "ident"}
	}
	w.write(e, depth)
}

// choose takes any choice, and where it is deep one that ends soon.
func (w *writer) choose(choices ebnf.Alternative, depth int) ebnf.Expression {
	if depth >= deepEnough {
		for _, choice := range choices {
			if name, ok := choice.(*ebnf.Name); ok && unicode.IsLower([]rune(name.String)[0]) {
				return choice
			}
		}
	}
	return choices[w.chance.IntN(len(choices))]
}

var examples = map[string][]string{
	"ident":  {"x", "row", "α'", "data", "nothing", "s''", "over", "within", "at"},
	"number": {"0", "12", "0.5", "1e-3"},
	"whole":  {"0", "12"},
	"string": {`""`, `"a text"`},
}

func (w *writer) name(name string, depth int) {
	switch {
	case name == "touch":
		last, _ := utf8.DecodeLastRuneInString(w.out.String())
		w.apart = w.apart || !unicode.IsLetter(last) && !strings.ContainsRune("')]", last)
		w.out.WriteString("[")
	case name == "end":
		w.out.WriteString(";\n" + strings.Repeat(" ", w.braces))
	case examples[name] != nil:
		w.word(examples[name][w.chance.IntN(len(examples[name]))])
	default:
		w.write(w.grammar[name].Expr, depth+1)
	}
}

func (w *writer) word(text string) {
	switch text {
	case "{":
		w.braces++
	case "}":
		w.braces--
	}
	if w.out.Len() > 0 && !strings.HasSuffix(w.out.String(), "\n") {
		w.out.WriteByte(' ')
	}
	w.out.WriteString(text)
}
