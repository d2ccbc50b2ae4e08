package grammar

import (
	"strings"

	"ncd/grammar/source"
)

// The codes of what this package says. Codes tells what each means.
const (
	BadText        source.Code = "BadText"
	BadToken       source.Code = "BadToken"
	BadString      source.Code = "BadString"
	BadDeclaration source.Code = "BadDeclaration"
	BadHeader      source.Code = "BadHeader"
	BadStatement   source.Code = "BadStatement"
	BadExpression  source.Code = "BadExpression"
	BadTarget      source.Code = "BadTarget"
	BadEquals      source.Code = "BadEquals"
	LooseBracket   source.Code = "LooseBracket"
	MissingComma   source.Code = "MissingComma"
	MissingEnd     source.Code = "MissingEnd"
	MissingFlow    source.Code = "MissingFlow"
	DeepNesting    source.Code = "DeepNesting"
)

// Codes explains every code of this package. Each example yields its code and
// nothing else.
func Codes() []source.Explanation {
	return []source.Explanation{
		{
			Code:    BadText,
			Meaning: "The file is not a text: it holds a NUL byte, or bytes that are not UTF-8.",
			Mend:    "Save it as UTF-8, or name the file you meant.",
			Example: "axis n = 3\x00",
		},
		{
			Code:    BadToken,
			Meaning: "A character that is no part of the language.",
			Mend:    "Write what the language has for it, or take it out.",
			Example: `axis n = 3 % 2
`,
		},
		{
			Code:    BadString,
			Meaning: "A text in quotes that its line does not close, or that has an escape Go has not.",
			Mend:    "Close it in its line; write a backslash as `\\`.",
			Example: `import "attention.ncd
`,
		},
		{
			Code:    BadDeclaration,
			Meaning: "Something outside of all declarations that begins none, or a declaration that does not begin in column 1.",
			Mend:    "Declarations are import, axis, const, diagram, rule, train, figure and test.",
			Example: `diagramm Id(x[m]) -> [m] { x }
`,
		},
		{
			Code:    BadHeader,
			Meaning: "The part of a declaration before its body does not say what it must.",
			Mend:    "Compare it with the same declaration in the manual.",
			Example: `diagram Id(x[m] -> [m] { x }
`,
		},
		{
			Code:    BadStatement,
			Meaning: "A line of a body does not say what it must.",
			Mend:    "Compare it with the same statement in the manual.",
			Example: `diagram Id(x[m]) -> [m] {
    save = x
    x
}
`,
		},
		{
			Code:    BadExpression,
			Meaning: "No expression stands where one must.",
			Mend:    "Write it, or take out the operator before it.",
			Example: `diagram Id(x[m]) -> [m] { x >> >> relu }
`,
		},
		{
			Code:    BadTarget,
			Meaning: "What stands left of `=` is neither a name nor a name with its axes.",
			Mend:    "Name the result, or write the indices of the axes: `S[y x] = …`.",
			Example: `diagram Id(x[m]) -> [m] {
    x + y = x
    y
}
`,
		},
		{
			Code:    BadEquals,
			Meaning: "`=` stands where values are compared, or `==` where a name is defined.",
			Mend:    "`==` compares, `=` defines and sets.",
			Example: `diagram Id[n = 1](x[m]) -> [m] {
    if n = 0 { x } else { x >> relu }
}
`,
		},
		{
			Code:    LooseBracket,
			Meaning: "`[` stands apart from the name that it configures.",
			Mend:    "Let it touch the name; a rearrangement box has `>>` before it.",
			Example: `diagram Id(x[m]) -> [n:3] { x >> linear [m -> n:3] }
`,
		},
		{
			Code:    MissingComma,
			Meaning: "No comma stands behind an item that is more than `name`, `name:size` or `name=(…)`.",
			Mend:    "Put it there.",
			Example: `diagram Down(x[p.. c]) -> [p.. c] { x >> conv[p.., c -> c, size = 3 stride = 1] }
`,
		},
		{
			Code:    MissingEnd,
			Meaning: "A bracket, parenthesis or brace is never closed, or not where its line ends.",
			Mend:    "Close it, or let the line end with a comma or an operator.",
			Example: `diagram Id(x[m]) -> [m] {
    y = x >> softmax[m
    y
}
`,
		},
		{
			Code:    MissingFlow,
			Meaning: "A line that looks like a box follows a value that nobody takes.",
			Mend:    "Begin it with `>>`.",
			Example: `diagram Id(x[m]) -> [m] {
    x >> relu
      softmax[m]
}
`,
		},
		{
			Code:    DeepNesting,
			Meaning: "Brackets, blocks, powers or operators nest deeper than anyone reads.",
			Mend:    "Give parts names of their own.",
			Example: "axis n = " + strings.Repeat("(", 300),
		},
	}
}
