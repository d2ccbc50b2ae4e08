package grammar

import (
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar/source"
)

// words are what participle's names for parts of the grammar mean to an author.
var words = map[string]string{
	"Expr": "an expression", "Sum": "an expression", "Bound": "a number or a name", "Cond": "a condition",
	"Word": "a name", "Name": "a name", "Def": "a name", "Text": "a text in quotes", "<ident>": "a name",
	"<string>": "a text in quotes", "<number>": "a number", "<end>": "the end of the line",
	"Block": "`{`", "RuleBlock": "`{`", "Ports": "`(`", "Box": "axes in brackets", "Type": "axes in brackets",
	"Args": "`[`", "Param": "a parameter", "Port": "a port", "Kind": "a name", "Use": "a rule", "Length": "a number",
}

// inWords says what participle expected: its first symbol, for the rest follows
// from it.
func inWords(expected string) string {
	first := strings.TrimLeft(expected, "(")
	if strings.HasPrefix(first, `"`) {
		if end := strings.IndexByte(first[1:], '"'); end >= 0 {
			first = "`" + first[1:1+end] + "`"
		}
	} else {
		first, _, _ = strings.Cut(first, " ")
		first = words[strings.TrimRight(first, "?*+)")]
	}
	switch {
	case first == "`=`" && strings.Contains(expected, "| Block"):
		return "`{` or `=`"
	case first == "`like`":
		return "`like` or `=`"
	}
	return first
}

// unreadable tells of a declaration that cannot be read at all.
func (t *translator) unreadable() (source.Diagnostic, bool) {
	if first := t.at(0); !isDeclaring(first) {
		return t.badDeclaration(first), true
	}
	return t.deepNesting()
}

func (t *translator) badDeclaration(first lexer.Token) source.Diagnostic {
	d := source.Diagnostic{Code: BadDeclaration, Span: t.span(first)}
	d.Message = fmt.Sprintf("expected a declaration, found %s", t.describe(0))
	switch near := nearestDeclaration(first.Value); {
	case first.Type == StrayToken:
		return t.badToken(first)
	case strings.Contains(")]}", first.Value):
		d.Message = fmt.Sprintf("`%s` closes nothing", first.Value)
	case first.Type == KeywordToken && declares[first.Value]:
		d.Message = fmt.Sprintf("`%s` stands in column %d: declarations begin in column 1", first.Value, first.Pos.Column)
	case near != "":
		d.Help = []string{fmt.Sprintf("did you mean `%s`?", near)}
	case first.Pos.Column > 1:
		d.Help = []string{"no block is open here; is a `}` above one too many?"}
	default:
		d.Help = []string{"a file is made of import, axis, const, diagram, rule, train, figure and test, each from column 1 on"}
	}
	return d
}

func nearestDeclaration(word string) string {
	return source.Nearest(word, strings.Fields("import axis const diagram rule train figure test"))
}

// deepNesting tells of brackets and of chains of `else if` that nest too deep,
// before anything that calls itself for each of them reads them.
func (t *translator) deepNesting() (source.Diagnostic, bool) {
	levels := []int{0} // for each open bracket, how deep it is inside
	for i, token := range t.tokens {
		top := &levels[len(levels)-1]
		switch {
		case token.Type == KeywordToken && token.Value == "else":
			*top++
		case token.Type != MarkToken && token.Type != TouchToken:
			continue
		case strings.Contains("([{", token.Value):
			levels = append(levels, *top+1)
		case strings.Contains(")]}", token.Value) && len(levels) > 1:
			levels = levels[:len(levels)-1]
		}
		if levels[len(levels)-1] > Deepest {
			return t.tooDeep(i), true
		}
	}
	return source.Diagnostic{}, false
}

func (t *translator) tooDeep(i int) source.Diagnostic {
	return source.Diagnostic{
		Code:    DeepNesting,
		Span:    t.span(t.at(i)),
		Message: fmt.Sprintf("more than %d levels are nested here", Deepest),
		Help:    []string{"give parts of it names of their own"},
	}
}

// translate says in the author's terms that a token does not fit.
func (t *translator) translate(m misfit) source.Diagnostic {
	switch {
	case m.token.Type == StrayToken:
		return t.badToken(m.token)
	case m.want == wantLess:
		return t.tooDeep(m.index)
	case m.want == wantComma:
		return t.missingComma(m)
	}
	for _, slip := range []func(misfit) (source.Diagnostic, bool){
		t.missingEnd, t.badKind, t.badEquals, t.looseBracket, t.strayBracket, t.missingExpr,
	} {
		if d, ok := slip(m); ok {
			return d
		}
	}
	return t.badStatement(m)
}

func (t *translator) badToken(token lexer.Token) source.Diagnostic {
	d := source.Diagnostic{Code: BadToken, Span: t.span(token)}
	switch {
	case len(token.Value) > 1 && strings.HasPrefix(token.Value, `"`) && strings.HasSuffix(token.Value, `"`):
		d.Code, d.Message = BadString, "the text has an escape that is none"
		d.Help = []string{`a backslash is written \\`}
	case strings.HasPrefix(token.Value, `"`):
		d.Code, d.Message = BadString, "the text is not closed in its line"
		d.Help = []string{"put `\"` behind it"}
	default:
		d.Message = fmt.Sprintf("`%s` is no part of the language", token.Value)
		if mend, ok := strangers[token.Value]; ok {
			d.Help = []string{mend}
		}
	}
	return d
}

// strangers are characters of other languages, and what is written here.
var strangers = map[string]string{
	"&": "write `and`", "|": "write `or`, or `>>` to let data flow", "!": "write `not`", "'": "texts stand in double quotes",
	"%": "remainders are not part of sizes", "→": "write `->`", "×": "write `*`", "−": "write `-`", "≤": "write `<=`", "≥": "write `>=`",
}

func (t *translator) missingComma(m misfit) source.Diagnostic {
	return source.Diagnostic{
		Code:    MissingComma,
		Span:    t.span(m.token),
		Message: fmt.Sprintf("a comma is missing before %s", t.describe(m.index)),
		Help:    []string{"items are parted by spaces only where they are `name`, `name:size` or `name=(…)`"},
	}
}

// missingEnd tells of a bracket that is open where a line or the declaration
// ends.
func (t *translator) missingEnd(m misfit) (source.Diagnostic, bool) {
	opener := t.open(m.index, "([")
	if m.token.Type == lexer.EOF {
		opener = t.open(m.index, "([{")
	} else if m.token.Type != EndToken && !(m.token.Type == MarkToken && strings.Contains(")]{}", m.token.Value)) {
		return source.Diagnostic{}, false
	}
	if opener < 0 || m.want == "an expression" {
		return source.Diagnostic{}, false
	}
	bracket := t.at(opener)
	d := source.Diagnostic{
		Code:    MissingEnd,
		Span:    t.span(m.token),
		Message: fmt.Sprintf("`%s` is not closed%s", bracket.Value, t.where()),
		Label:   fmt.Sprintf("`%s` is missing", closing[bracket.Value]),
		Notes:   []source.Note{{Span: t.span(bracket), Message: "opened here"}},
	}
	if t.lastOf(m) > m.index {
		d.Message = fmt.Sprintf("`%s` is not closed where its line ends%s", bracket.Value, t.where())
		d.Label = ""
		d.Help = []string{"a line goes on behind `,`, `->` or an operator, in brackets too"}
	}
	return d, true
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}"}

// badKind tells of a parameter's kind that is none.
func (t *translator) badKind(m misfit) (source.Diagnostic, bool) {
	if m.token.Type != MarkToken || m.token.Value != ":" || t.brace(m.index) >= 0 || t.open(m.index, "[") < 0 {
		return source.Diagnostic{}, false
	}
	return source.Diagnostic{
		Code:    BadHeader,
		Span:    t.span(t.at(m.index + 1)),
		Message: fmt.Sprintf("expected the kind of a parameter, found %s%s", t.describe(m.index+1), t.where()),
		Help:    []string{"a kind is a word: number, string, diagram; a default stands behind `=`"},
	}, true
}

// badEquals tells of `=` for `==`, and the other way round.
func (t *translator) badEquals(m misfit) (source.Diagnostic, bool) {
	d := source.Diagnostic{Code: BadEquals, Span: t.span(m.token)}
	switch {
	case m.token.Type != MarkToken:
		return d, false
	case m.token.Value == "==":
		d.Message = "`==` compares, and nothing is compared here"
		d.Help = []string{"write `=` to define a name or set an argument"}
	case m.token.Value == "=" && t.inCondition(m.index):
		d.Message = "`=` defines, and a condition compares"
		d.Help = []string{"write `==`"}
	default:
		return d, false
	}
	return d, true
}

// inCondition reports whether `if` or `where` stands before the i-th token in
// its statement or brackets.
func (t *translator) inCondition(i int) bool {
	for i--; i >= 0; i-- {
		token := t.at(i)
		if token.Type == EndToken || token.Type == MarkToken && token.Value == "{" {
			return false
		}
		if token.Type == KeywordToken && (token.Value == "if" || token.Value == "where") {
			return true
		}
	}
	return false
}

// looseBracket tells of a `[` that stands apart from a name, in a line that has
// nothing else to do with it.
func (t *translator) looseBracket(m misfit) (source.Diagnostic, bool) {
	before := t.at(m.index - 1)
	if m.token.Type != MarkToken || m.token.Value != "[" || !configurable(before) {
		return source.Diagnostic{}, false
	}
	return source.Diagnostic{
		Code:    LooseBracket,
		Span:    t.span(m.token),
		Message: fmt.Sprintf("`[` stands apart from `%s`", before.Value),
		Help: []string{
			fmt.Sprintf("brackets that configure a box or index a wire touch it: `%s[`", before.Value),
			"a rearrangement box has `>>` before it",
		},
	}, true
}

// strayBracket tells of a closing bracket that closes nothing.
func (t *translator) strayBracket(m misfit) (source.Diagnostic, bool) {
	if m.token.Type != MarkToken || !strings.Contains(")]}", m.token.Value) || t.open(m.index, "([{") >= 0 && m.token.Value != "}" {
		return source.Diagnostic{}, false
	}
	if t.open(m.index, "{([") >= 0 {
		return source.Diagnostic{}, false
	}
	return source.Diagnostic{
		Code:    BadStatement,
		Span:    t.span(m.token),
		Message: fmt.Sprintf("`%s` closes nothing%s", m.token.Value, t.where()),
	}, true
}

// missingExpr tells that no expression stands where one must.
func (t *translator) missingExpr(m misfit) (source.Diagnostic, bool) {
	if !strings.HasPrefix(m.want, "an expression") {
		return source.Diagnostic{}, false
	}
	d := source.Diagnostic{
		Code:    BadExpression,
		Span:    t.span(m.token),
		Message: fmt.Sprintf("expected an expression, found %s%s", t.describe(m.index), t.where()),
	}
	if before := t.at(m.index - 1); before.Type == MarkToken && !strings.Contains("([", before.Value) {
		d.Message = fmt.Sprintf("expected an expression behind `%s`, found %s%s", before.Value, t.describe(m.index), t.where())
	}
	return d, true
}

// badStatement tells of all other misfits: in a statement, or before the body.
func (t *translator) badStatement(m misfit) source.Diagnostic {
	d := source.Diagnostic{Code: BadStatement, Span: t.span(m.token)}
	if t.brace(m.index) < 0 {
		d.Code = BadHeader
	}
	want := m.want
	if opener := t.open(m.index, "(["); opener >= 0 && strings.Contains(want, closing[t.at(opener).Value]) {
		d.Notes = []source.Note{{Span: t.span(t.at(opener)), Message: "opened here"}}
	}
	switch {
	case want == "" || want == "`}`":
		want = "a statement"
	case want == "the end of the line" && startsExpr(m.token):
		d.Help = []string{"data flows through `>>`, and a comma parts the wires of a tuple"}
	}
	d.Message = fmt.Sprintf("expected %s, found %s%s", want, t.describe(m.index), t.where())
	if m.token.Type == KeywordToken && strings.Contains(want, "name") {
		d.Help = []string{fmt.Sprintf("`%s` is a word of the language and cannot be a name", m.token.Value)}
	}
	return d
}

// describe names the i-th token as an author would.
func (t *translator) describe(i int) string {
	token := t.at(i)
	switch {
	case token.Type == lexer.EOF:
		return "the end of the declaration"
	case token.Type == EndToken && token.Value == "" && t.at(i+1).Value == "}" && t.at(i+1).Pos.Line == token.Pos.Line:
		return "`}`"
	case token.Type == EndToken && token.Value == "":
		return "the end of the line"
	}
	return "`" + token.Value + "`"
}

// where says in which declaration something is.
func (t *translator) where() string {
	first, name := t.at(0), t.at(1)
	switch name.Type {
	case IdentToken:
		return fmt.Sprintf(" in %s `%s`", first.Value, name.Value)
	case StringToken:
		return fmt.Sprintf(" in %s %s", first.Value, name.Value)
	}
	return " in this " + first.Value
}
