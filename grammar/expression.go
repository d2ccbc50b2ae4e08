package grammar

// Expr is an expression. It is one of *Number, *Text, *Name, *Load, *Tuple,
// *Merge, *Box, *Binary, *Negate, *Power, *Flow, *Apply, *Select and *At.
type Expr interface {
	Node
	isExpr()
}

// Sum is an expression without a bare `>>`, as sizes are.
type Sum interface{ Expr }

// Bound is one end of a range: a number, a name, or a sum in parentheses.
type Bound interface{ Expr }

// Number is a number as it is written: `3`, `0.1`, `1e-3`.
type Number struct {
	place
	Text string
}

// Text is a text in quotes; Value is what it means.
type Text struct {
	place
	Value string `parser:"@String"`
}

// Name is a name in an expression. Many says that `..` follows: any number of
// axes.
type Name struct {
	place
	Text string `parser:"@Ident"`
	Many bool   `parser:"@'..'?"`
}

// Load takes a wire out of memory: `load C[i]`. Index is nil without brackets.
type Load struct {
	place
	Slot  *Word
	Index []*Arg
}

// Tuple is wires or boxes side by side: `(a, b)`, or none: `()`.
type Tuple struct {
	place
	Parts []Expr
}

// Merge is several axes read as one: `(row col)`.
type Merge struct {
	place
	Items []*Item
}

// Box is brackets that stand apart, a rearrangement: `[y h k]`, `[s -> t]`.
type Box struct {
	place
	Args []*Arg
}

// Binary is arithmetic place by place; Op is one of + - * /.
type Binary struct {
	place
	Op          string
	Left, Right Expr
}

// Negate is `-a`.
type Negate struct {
	place
	Of Expr
}

// Power is `a^b`: of a number a power, of a box its repetition.
type Power struct {
	place
	Base, Exponent Expr
}

// Flow is what flows from left to right: `a >> f >> g`, of two steps or more.
type Flow struct {
	place
	Steps []Expr
}

// Apply is a box with its brackets: `linear[m -> h k]`, or a wire with its
// axes: `Q[y k h]`.
type Apply struct {
	place
	Fn   Expr
	Args []*Arg
}

// Select is a part of something: `a.0` by Index, `net.stem` by Name, which is
// nil where a number stands.
type Select struct {
	place
	From  Expr
	Index int
	Name  *Word
}

// At is a value in a phase of a learning rule: `y@real`.
type At struct {
	place
	Of    Expr
	Phase *Word
}

func (*Number) isExpr() {}
func (*Text) isExpr()   {}
func (*Name) isExpr()   {}
func (*Load) isExpr()   {}
func (*Tuple) isExpr()  {}
func (*Merge) isExpr()  {}
func (*Box) isExpr()    {}
func (*Binary) isExpr() {}
func (*Negate) isExpr() {}
func (*Power) isExpr()  {}
func (*Flow) isExpr()   {}
func (*Apply) isExpr()  {}
func (*Select) isExpr() {}
func (*At) isExpr()     {}

// Args is the brackets that touch a declared name: `C[i]`, `image[row col]`.
type Args struct {
	place
	List []*Arg
}

// Arg is what stands between two commas of brackets: items, with an arrow
// between what comes in and what goes out, and a condition.
type Arg struct {
	place
	Items []*Item
	Arrow bool // `->` is there
	To    []*Item
	Where Cond // nil if none
}

// Item is one thing in brackets or parentheses: `x`, `c:64`, `p=(row col)`,
// `size = 3`, `2*q + u`.
type Item struct {
	place
	Expr  Expr
	Size  Expr // behind `:`, nil if none
	Value Expr // behind `=`, nil if none

	Grouped bool // Value is in parentheses, as in `p=(row)`
}

// Name is the item's name where it begins with one, and otherwise nil.
func (i *Item) Name() *Name {
	name, _ := i.Expr.(*Name)
	return name
}

// IsPlain reports whether the item is an expression and nothing more.
func (i *Item) IsPlain() bool { return i.Size == nil && i.Value == nil }

// Plain is the argument's expression where it is one item and nothing more, and
// otherwise nil.
func (a *Arg) Plain() Expr {
	if len(a.Items) != 1 || a.Arrow || a.Where != nil || !a.Items[0].IsPlain() {
		return nil
	}
	return a.Items[0].Expr
}

// Cond is a condition on static values or on index letters. It is one of
// *Compare, *Logic, *Not and *Fact.
type Cond interface {
	Node
	isCond()
}

// Compare is two values compared; Op is one of <= >= == != < >.
type Compare struct {
	place
	Op          string
	Left, Right Expr
}

// Logic is two conditions joined; Op is `and` or `or`.
type Logic struct {
	place
	Op          string
	Left, Right Cond
}

// Not is a condition denied.
type Not struct {
	place
	Of Cond
}

// Fact is a value that is itself true or false: `training`.
type Fact struct {
	place
	Of Expr
}

func (*Compare) isCond() {}
func (*Logic) isCond()   {}
func (*Not) isCond()     {}
func (*Fact) isCond()    {}
