package grammar

// Rule is a learning rule.
type Rule struct {
	place
	documented
	Name   *Word      `parser:"'rule' @@"`
	Params []*Param   `parser:"(('[' | Touch) @@ (',' @@)* ']')?"`
	Over   *Word      `parser:"('over' @@)?"`
	Body   *RuleBlock `parser:"@@"`
}

// RuleBlock is the statements of a rule in braces.
type RuleBlock struct {
	place
	Stmts []RuleStmt `parser:"'{' (@@ End)* '}'"`
}

// RuleStmt is a Stmt that may stand in a rule.
type RuleStmt interface{ Stmt }

// AtBox says the rule for one kind of box: `at linear(w, x) -> y { … }`.
type AtBox struct {
	place
	Box   *Word      `parser:"'at' @@"`
	Ports *Ports     `parser:"@@"`
	Out   *Port      `parser:"'->' @@"`
	Body  *RuleBlock `parser:"@@"`
}

// Phase runs the model again: `phase real { … }`.
type Phase struct {
	place
	Name *Word      `parser:"'phase' @@"`
	Body *RuleBlock `parser:"@@"`
}

// Settle relaxes values for a number of steps.
type Settle struct {
	place
	Steps Bound  `parser:"'settle' @@"`
	Body  *Block `parser:"@@"`
}

// Fixed is an array that is drawn once and never changes: `fixed B like w`.
type Fixed struct {
	place
	Name  *Word `parser:"'fixed' @@"`
	Axes  *Args `parser:"@@?"`
	Like  *Word `parser:"(('like' @@)"`
	Value Expr  `parser:"| ('=' @@))"`
}

// Trace is a value traced along a scanned axis.
type Trace struct {
	place
	Def *Def `parser:"'trace' @@"`
}

// Aux is a small network of the layer's own that learns with it.
type Aux struct {
	place
	Def *Def `parser:"'aux' @@"`
}

// Change is how much each weight wants to move.
type Change struct {
	place
	Def *Def `parser:"'change' @@"`
}

// RuleOptimizer is what changes the weights where a train block does not say it:
// `optimizer sgd[rate = 0.1]`.
type RuleOptimizer struct {
	place
	Value Expr `parser:"'optimizer' @@"`
}

// SendNothing stops what is sent on.
type SendNothing struct {
	place
	Nothing bool `parser:"'send' @'nothing'"`
}

func (*AtBox) isStmt()         {}
func (*Phase) isStmt()         {}
func (*Settle) isStmt()        {}
func (*Fixed) isStmt()         {}
func (*Trace) isStmt()         {}
func (*Aux) isStmt()           {}
func (*Change) isStmt()        {}
func (*SendNothing) isStmt()   {}
func (*RuleOptimizer) isStmt() {}
