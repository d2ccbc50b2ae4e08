package grammar

import "ncd/grammar/source"

// Program is a whole file. Doc is the comment it begins with, where that stands
// apart from the first declaration. Broken names the declarations that have
// errors, as far as their names could be read: some of their statements, or all
// of them, are missing from Decls.
type Program struct {
	File   *source.File
	Doc    string
	Decls  []Decl
	Broken map[string]bool
}

// Decl is a declaration: one of *Import, *Axis, *Const, *Diagram, *Rule,
// *Train, *Figure and *Test.
type Decl interface {
	Node
	// Doc is the text of the comment lines right above, without their `#`.
	Doc() string
	document(string)
}

// documented is what the comment above a declaration says.
type documented struct{ doc string }

func (d *documented) Doc() string       { return d.doc }
func (d *documented) document(s string) { d.doc = s }

// Import makes another file's declarations known: `import "f.ncd" as f`.
type Import struct {
	place
	documented
	Path *Text `parser:"'import' @@"`
	As   *Word `parser:"('as' @@)?"`
}

// Axis declares an axis and its size for the whole file.
type Axis struct {
	place
	documented
	Name *Word `parser:"'axis' @@"`
	Size Sum   `parser:"'=' @@"`
}

// Const names a static value.
type Const struct {
	place
	documented
	Name  *Word `parser:"'const' @@"`
	Value Sum   `parser:"'=' @@"`
}

// Diagram is a diagram. It has a Body, or an Expr where it is `= expression`.
// Ports is nil where no parentheses stand.
type Diagram struct {
	place
	documented
	Name    *Word    `parser:"'diagram' @@"`
	Title   *Text    `parser:"('as' @@)?"`
	Params  []*Param `parser:"(('[' | Touch) @@ (',' @@)* ']')?"`
	Ports   *Ports   `parser:"@@?"`
	Result  *Type    `parser:"('->' @@)?"`
	Expr    Expr     `parser:"(('=' @@)"`
	Body    *Block   `parser:"| @@)"`
	Reverse *Reverse `parser:"@@?"`
}

// Param is one or more static parameters with the same kind and default, or an
// axis parameter with its arrow: `p..`, `size = 3`, `norm: diagram`,
// `c.. -> d..`.
type Param struct {
	place
	Names   []*Name `parser:"(?= Ident | '->') @@*"`
	Arrow   bool    `parser:"(@'->'"`
	To      []*Name `parser:"@@*)?"`
	Kind    *Kind   `parser:"(':' @@)?"`
	Default Expr    `parser:"('=' @@)?"`
}

// Kind is what a static parameter is: number, string, diagram, …
type Kind struct {
	place
	Text string `parser:"@('diagram' | 'axis' | Ident)"`
}

// Ports is what flows into a diagram, in parentheses.
type Ports struct {
	place
	List []*Port `parser:"'(' (@@ (',' @@)*)? ')'"`
}

// Port is a wire that flows in: `state v[n]`, `tokens[seq] in vocab`. Axes is
// nil without brackets.
type Port struct {
	place
	State bool  `parser:"@'state'?"`
	Name  *Word `parser:"@@"`
	Axes  *Args `parser:"@@?"`
	In    *Word `parser:"('in' @@)?"`
}

// Type is the type of what flows out: Axes for one wire, or Parts for a tuple.
type Type struct {
	place
	Axes  *Box    `parser:"  (@@"`
	In    *Word   `parser:"('in' @@)?)"`
	Parts []*Type `parser:"| ('(' @@ (',' @@)* ')')"`
}

// Reverse is what a diagram sends back in place of the derivative.
type Reverse struct {
	place
	Ports *Ports `parser:"'reverse' @@"`
	Body  *Block `parser:"@@"`
}

// Figure states a figure by its keys.
type Figure struct {
	place
	documented
	Name *Word        `parser:"'figure' @@?"`
	Keys []*FigureKey `parser:"'{' (@@ End)* '}'"`
}

// FigureKey is one line of a figure: `diagram MultiHead`, `width 3.25in`. Of
// Number, Word and Text one stands.
type FigureKey struct {
	place
	Key    *Kind   `parser:"@@"`
	Number *Length `parser:"(@@"`
	Word   *Word   `parser:"| @@"`
	Text   *Text   `parser:"| @@)"`
}

// Length is a number with a unit, which is in, mm, cm, pt or nothing.
type Length struct {
	place
	Number string `parser:"@Number"`
	Unit   string `parser:"@('in' | 'mm' | 'cm' | 'pt')?"`
}

// Test is a named block of claims.
type Test struct {
	place
	documented
	Name *Text  `parser:"'test' @@"`
	Body *Block `parser:"@@"`
}
