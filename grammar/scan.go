package grammar

import (
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar/source"
)

// The kinds of token. A Touch is a `[` that touches the name or closing bracket
// before it, and so configures it; an End ends a statement, and its Value is
// `;` only where the author wrote one. Comment tokens are left out of parsing.
const (
	IdentToken lexer.TokenType = -(iota + 2)
	KeywordToken
	NumberToken
	StringToken
	MarkToken
	TouchToken
	EndToken
	CommentToken
	StrayToken
)

var symbols = map[string]lexer.TokenType{
	"EOF": lexer.EOF, "Ident": IdentToken, "Keyword": KeywordToken, "Number": NumberToken, "String": StringToken,
	"Mark": MarkToken, "Touch": TouchToken, "End": EndToken, "Comment": CommentToken, "Stray": StrayToken,
}

const keywordList = `axis const import as diagram state kept for in down if else and or not
	save load where rule train figure test expect`

var keywords = setOf(keywordList)

// Keywords lists the words that cannot be names.
func Keywords() []string { return strings.Fields(keywordList) }

// A line that starts with one of opensLine, or follows one that ends with one of
// closesLine, goes on with the statement before it.
var (
	opensLine  = setOf(">> + * / , ) ] -> = else reverse")
	closesLine = setOf(">> + - * / , ( [ { -> = :")
)

// marks are tried in this order, so that the longer of two comes first.
var marks = strings.Fields(">> -> .. <= >= == != ( ) [ ] { } , : = + - * / ^ . @ ~ < >")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// Scan cuts a text into tokens: comments are kept, statement ends are put in,
// and the last token is an EOF. A token that is none of the language's is a StrayToken.
// Columns of positions count runes, as source.File's do.
func Scan(file *source.File) []lexer.Token {
	s := scanner{text: file.Text, at: lexer.Position{Filename: file.Name, Line: 1, Column: 1}}
	s.tokens = make([]lexer.Token, 0, len(file.Text)/3+4)
	for s.step() {
	}
	if s.last().Type != EndToken && len(s.tokens) > 0 {
		s.put(EndToken, "")
	}
	s.put(lexer.EOF, "")
	return s.tokens
}

// scanner walks over a text once.
type scanner struct {
	text    string
	at      lexer.Position
	tokens  []lexer.Token
	touches bool // nothing stands between the token before and this place
	newLine bool // no token of this line has been put yet
}

// step puts the next token and reports whether there was one.
func (s *scanner) step() bool {
	s.skipSpace()
	if s.at.Offset == len(s.text) {
		return false
	}
	rest := s.text[s.at.Offset:]
	if rest[0] == '#' {
		s.put(CommentToken, strings.TrimRight(rest[:lineLength(rest)], " \t\r"))
		return true
	}
	if rest[0] == ';' {
		s.putSemicolon()
		return true
	}
	kind, length := s.recognise(rest)
	s.endLine(rest[:length])
	s.put(kind, rest[:length])
	return true
}

// skipSpace moves to the next rune that is not white, noting line ends.
func (s *scanner) skipSpace() {
	for s.at.Offset < len(s.text) {
		switch s.text[s.at.Offset] {
		case '\n':
			s.newLine = true
		case ' ', '\t', '\r':
		default:
			return
		}
		s.advance(1)
		s.touches = false
	}
}

// recognise tells the kind of token a text starts with and its length in bytes.
func (s *scanner) recognise(rest string) (lexer.TokenType, int) {
	first, width := utf8.DecodeRuneInString(rest)
	switch {
	case first == '_' || unicode.IsLetter(first):
		length := wordLength(rest)
		if keywords[rest[:length]] && !s.namesOption(rest[length:]) {
			return KeywordToken, length
		}
		return IdentToken, length
	case isDigit(rest[0]) && s.last().Value == ".":
		return NumberToken, digitsLength(rest) // so that `a.0.1` selects twice
	case isDigit(rest[0]):
		return NumberToken, numberLength(rest)
	case first == '"':
		return stringLength(rest)
	case first == '[' && s.touches && configurable(s.last()):
		return TouchToken, 1
	}
	for _, mark := range marks {
		if strings.HasPrefix(rest, mark) {
			return MarkToken, len(mark)
		}
	}
	return StrayToken, width
}

// namesOption reports whether a word is the name of a static argument, which a
// reserved word may be too: `test = 0.2` in brackets, before what is given.
func (s *scanner) namesOption(behind string) bool {
	before := s.last()
	opens := before.Type == TouchToken || before.Type == MarkToken && before.Value == ","
	behind = strings.TrimLeft(behind, " \t")
	return opens && strings.HasPrefix(behind, "=") && !strings.HasPrefix(behind, "==")
}

// configurable reports whether brackets may touch a token.
func configurable(t lexer.Token) bool {
	return t.Type == IdentToken || t.Type == MarkToken && (t.Value == ")" || t.Value == "]")
}

// endLine puts an End before a token where the layout calls for one.
func (s *scanner) endLine(value string) {
	before := s.last()
	if before.Type == EndToken || before.Type == lexer.EOF || before.Value == "{" && before.Type == MarkToken {
		return
	}
	goesOn := opensLine[value] || before.Type == TouchToken || before.Type == MarkToken && closesLine[before.Value]
	if value == "}" || s.newLine && !goesOn {
		s.put(EndToken, "")
	}
}

// putSemicolon puts the End that the author wrote; one that ends nothing is
// kept as a comment is, for it does no harm.
func (s *scanner) putSemicolon() {
	before := s.last()
	if before.Type == EndToken || before.Type == lexer.EOF || before.Value == "{" {
		s.advance(1)
		return
	}
	s.put(EndToken, ";")
}

// put appends a token. An End of the layout has no text of its own and stands
// where the token before it ends.
func (s *scanner) put(kind lexer.TokenType, value string) {
	token := lexer.Token{Type: kind, Value: value, Pos: s.at}
	if kind == EndToken && value == "" {
		token.Pos = tokenEnd(s.last())
	}
	s.tokens = append(s.tokens, token)
	s.advance(len(value))
	s.touches = true
	if kind != CommentToken && value != "" {
		s.newLine = false
	}
}

func (s *scanner) advance(length int) {
	s.at.Advance(s.text[s.at.Offset : s.at.Offset+length])
}

// last is the token before, comments aside; an EOF if there is none.
func (s *scanner) last() lexer.Token {
	for i := len(s.tokens) - 1; i >= 0; i-- {
		if s.tokens[i].Type != CommentToken {
			return s.tokens[i]
		}
	}
	return lexer.EOFToken(lexer.Position{Filename: s.at.Filename, Line: 1, Column: 1})
}

// tokenEnd is the place just behind a token.
func tokenEnd(t lexer.Token) lexer.Position {
	end := t.Pos
	end.Advance(t.Value)
	return end
}

func lineLength(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i
	}
	return len(text)
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func digitsLength(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

// numberLength measures digits, a fraction and an exponent. A point that has no
// digit behind it belongs to what follows, as in `1..4`.
func numberLength(text string) int {
	n := digitsLength(text)
	if n < len(text) && text[n] == '.' {
		if fraction := digitsLength(text[n+1:]); fraction > 0 {
			n += 1 + fraction
		}
	}
	if n < len(text) && (text[n] == 'e' || text[n] == 'E') {
		sign := 1
		if n+1 < len(text) && (text[n+1] == '-' || text[n+1] == '+') {
			sign = 2
		}
		if exponent := digitsLength(text[n+sign:]); exponent > 0 {
			n += sign + exponent
		}
	}
	return n
}

// stringLength measures a string up to its closing quote. It is a StrayToken where its
// line does not close it, and where an escape is not one of Go's.
func stringLength(text string) (lexer.TokenType, int) {
	line := lineLength(text)
	for i := 1; i < line; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			if _, err := strconv.Unquote(text[:i+1]); err != nil {
				return StrayToken, i + 1
			}
			return StringToken, i + 1
		}
	}
	return StrayToken, len(strings.TrimRight(text[:line], " \t\r"))
}

func wordLength(text string) int {
	for i, r := range text {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && i > 0 {
			continue
		}
		for i < len(text) && text[i] == '\'' {
			i++
		}
		return i
	}
	return len(text)
}

// definition lets participle know the kinds of token. It is handed tokens that
// Scan has cut, and never a text.
type definition struct{}

func (definition) Symbols() map[string]lexer.TokenType { return symbols }

func (definition) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return &stream{tokens: Scan(&source.File{Name: name, Text: string(text)})}, nil
}

// stream hands out tokens that are cut already, comments left out.
type stream struct {
	tokens []lexer.Token
}

func (s *stream) Next() (lexer.Token, error) {
	for len(s.tokens) > 0 {
		token := s.tokens[0]
		s.tokens = s.tokens[1:]
		if token.Type != CommentToken {
			return token, nil
		}
	}
	return lexer.EOFToken(lexer.Position{}), nil
}
