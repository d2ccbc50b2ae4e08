package grammar

// Word is a plain name: of a diagram, a port, a slot.
type Word struct {
	place
	Text string `parser:"@Ident"`
}

// Block is statements in braces, in order.
type Block struct {
	place
	Stmts []Stmt `parser:"'{' (@@ End)* '}'"`
}

// Stmt is a statement. In a diagram it is one of *For, *If, *Save, *State,
// *Kept, *Expect, *Assign and *Result; in a rule it may also be *AtBox, *Phase,
// *Settle, *Fixed, *Trace, *Aux, *Change, *SendNothing and *RuleOptimizer.
type Stmt interface {
	Node
	isStmt()
}

// For repeats a block: `for i in 1..4 { … }`, and backwards with Down.
type For struct {
	place
	Var  *Word  `parser:"'for' @@"`
	Down bool   `parser:"('in' | @'down')"`
	From Bound  `parser:"@@"`
	To   Sum    `parser:"'..' @@"`
	Body *Block `parser:"@@"`
}

// If chooses by a static condition.
type If struct {
	place
	Cond Cond   `parser:"'if' @@"`
	Then *Block `parser:"@@"`
	Else *Else  `parser:"('else' @@)?"`
}

// Else is what an *If does otherwise: one of If and Block, the other is nil.
type Else struct {
	place
	If    *If    `parser:"  @@"`
	Block *Block `parser:"| @@"`
}

// Save puts a wire into memory: `save C[i] = a`. Index is nil without brackets.
type Save struct {
	place
	Slot  *Word `parser:"'save' @@"`
	Index *Args `parser:"@@?"`
	Value Expr  `parser:"'=' @@"`
}

// State says where a state port begins: `state v[n] = expression`.
type State struct {
	place
	Name  *Word `parser:"'state' @@"`
	Axes  *Args `parser:"@@?"`
	Value Expr  `parser:"'=' @@"`
}

// Kept is a value kept from step to step of training: `kept v[c] = 0`.
type Kept struct {
	place
	Def *Def `parser:"'kept' @@"`
}

// Def is a name, with or without axes, and what it is.
type Def struct {
	place
	Name  *Word `parser:"@@"`
	Axes  *Args `parser:"@@?"`
	Value Expr  `parser:"'=' @@"`
}

// Target is the name with its axes, as the left side of an index equation.
func (d *Def) Target() *Apply {
	at := place{span: d.Name.span}
	target := &Apply{place: at, Fn: &Name{place: at, Text: d.Name.Text}}
	if d.Axes != nil {
		target.Args = d.Axes.List
	}
	return target
}

// Expect is a claim of a test: `expect error Code { … }`, `expect w : [y:3]` or
// `expect w ~ 1 within 1e-6`.
type Expect struct {
	place
	Error  *Word  `parser:"'expect' (('error' @@"`
	Body   *Block `parser:"@@)"`
	Value  Expr   `parser:"| (@@"`
	Type   *Box   `parser:"((':' @@)"`
	Near   Expr   `parser:"| ('~' @@"`
	Within Sum    `parser:"('within' @@)?))))"`
}

// Assign defines names, or says an index equation. A target is a *Name, or an
// *Apply of one with the axes in its brackets.
type Assign struct {
	place
	Targets []Expr
	Value   Expr
}

// Result is an expression that stands alone: what a diagram hands out. It has
// more than one of Values where commas part them.
type Result struct {
	place
	Values []Expr
}

// plain is an *Assign or a *Result before the `=` has told which.
type plain struct {
	place
	Exprs []Expr `parser:"@@ (',' @@)*"`
	Value Expr   `parser:"('=' @@)?"`
}

func (*For) isStmt()    {}
func (*If) isStmt()     {}
func (*Save) isStmt()   {}
func (*State) isStmt()  {}
func (*Kept) isStmt()   {}
func (*Expect) isStmt() {}
func (*Assign) isStmt() {}
func (*Result) isStmt() {}
func (*plain) isStmt()  {}
