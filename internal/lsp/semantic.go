package lsp

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar"
	"ncd/internal/lsp/resolve"
)

// The kinds of token that are told, of those that the protocol names. The extension for
// VS Code says which scope of the TextMate grammar each has.
var tokenTypes = []string{
	"comment", "string", "number", "keyword", "operator", "namespace", "function", "method", "type", "typeParameter",
	"parameter", "variable", "property", "enumMember", "event",
}

// tokenModifiers are bits, the first the lowest.
var tokenModifiers = []string{"declaration", "readonly", "defaultLibrary"}

const (
	isDeclaration = 1 << iota
	isReadonly
	isDefaultLibrary
)

// token is a part of the text with its kind.
type token struct {
	start, end int
	kind       string
	modifiers  int
}

// semanticTokens is all tokens of a document: five numbers each, as the protocol counts.
type semanticTokens struct {
	Data []int `json:"data"`
}

func (d *document) tokens(identified) (semanticTokens, error) {
	return d.encoded(d.coloured(0, len(d.file.Text))), nil
}

func (d *document) tokensWithin(p ranged) (semanticTokens, error) {
	return d.encoded(d.coloured(d.lines.offset(p.Range.Start), d.lines.offset(p.Range.End))), nil
}

// wordsBetween are words that are none of the language's own and yet stand between
// names: what is no mention and is one of these is a keyword.
var wordsBetween = wordSet(`data model loss report optimizer batch epochs steps seed group freeze stage
	at phase settle fixed like trace aux change send nothing over error within
	width height depth theme sizes view title caption mode`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// coloured are the tokens that touch a part of the text: names by what they stand for,
// and what lies between by its form.
func (d *document) coloured(from, to int) []token {
	var list []token
	for _, m := range d.alone().Mentions() {
		if m.Span.End > from && m.Span.Start < to {
			list = append(list, tokenOf(m))
		}
	}
	named := len(list)
	for _, t := range grammar.Scan(d.file) {
		start, end := t.Pos.Offset, t.Pos.Offset+len(t.Value)
		if end <= from || start >= to || start == end {
			continue
		}
		_, isNamed := slices.BinarySearchFunc(list[:named], start, func(t token, at int) int { return t.start - at })
		if kind := kindOfToken(t); kind != "" && !isNamed {
			list = append(list, token{start, end, kind, 0})
		}
	}
	slices.SortFunc(list, func(a, b token) int { return a.start - b.start })
	return list
}

// kindOfToken is how a token is coloured that stands for nothing.
func kindOfToken(t lexer.Token) string {
	switch t.Type {
	case grammar.CommentToken:
		return "comment"
	case grammar.StringToken:
		return "string"
	case grammar.NumberToken:
		return "number"
	case grammar.KeywordToken:
		return "keyword"
	case grammar.MarkToken:
		if !strings.Contains("()[]{},:", t.Value) {
			return "operator"
		}
	case grammar.IdentToken:
		if wordsBetween[t.Value] {
			return "keyword"
		}
	}
	return ""
}

// tokenOf is how a name is coloured.
func tokenOf(m resolve.Mention) token {
	t := token{m.Span.Start, m.Span.End, "variable", 0}
	if m.Defines {
		t.modifiers |= isDeclaration
	}
	if isOfLibrary(m.Symbol) || m.Space == resolve.Primitive || m.Space == resolve.Given {
		t.modifiers |= isDefaultLibrary
	}
	switch m.Space {
	case resolve.Declared:
		t.kind = kindOfDeclared(m.Decl)
		if _, isConst := m.Decl.(*grammar.Const); isConst {
			t.modifiers |= isReadonly
		}
	case resolve.Primitive:
		t.kind = "function"
		if !m.IsWord {
			t.kind = "property"
		}
	case resolve.Axis:
		t.kind = "typeParameter"
		if m.Decl != m.Within {
			t.kind = "property"
		}
	case resolve.Slot:
		t.kind = "property"
	case resolve.Phase, resolve.Stage:
		t.kind = "event"
	case resolve.Word:
		t.kind = "enumMember"
	}
	return t
}

func kindOfDeclared(decl grammar.Decl) string {
	switch decl.(type) {
	case *grammar.Import:
		return "namespace"
	case *grammar.Diagram:
		return "function"
	case *grammar.Rule:
		return "method"
	case *grammar.Axis:
		return "type"
	}
	return "variable"
}

// encoded are tokens as the protocol wants them: where each begins from the one before,
// its length in UTF-16 code units, its kind and its modifiers.
func (d *document) encoded(list []token) semanticTokens {
	data := make([]int, 0, 5*len(list))
	var last position
	for _, t := range list {
		at := d.lines.extent(t.start, t.end)
		column := at.Start.Character
		if at.Start.Line == last.Line {
			column -= last.Character
		}
		data = append(data, at.Start.Line-last.Line, column, at.End.Character-at.Start.Character, slices.Index(tokenTypes, t.kind), t.modifiers)
		last = at.Start
	}
	return semanticTokens{data}
}
