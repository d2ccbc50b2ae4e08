package grammar

// Train is a training run: its entries in the order of the text.
type Train struct {
	place
	documented
	Name    *Word   `parser:"'train' @@?"`
	Entries []Entry `parser:"'{' (@@ End)* '}'"`
}

// Entry is a line of a train block: one of *Data, *Model, *RuleUse, *Group,
// *Stage, *Let and *Setting.
type Entry interface {
	Node
	isEntry()
}

// Data names what an example is made of, and where it comes from.
type Data struct {
	place
	Ports []*Port `parser:"'data' @@ (',' @@)*"`
	From  Expr    `parser:"'=' @@"`
}

// Model names a model.
type Model struct {
	place
	Def *Def `parser:"'model' @@"`
}

// RuleUse says which learning rules the models learn by.
type RuleUse struct {
	place
	Uses []*Use `parser:"'rule' @@ (',' @@)*"`
}

// Use is one rule, for a Part of the model or for all of it where Part is nil,
// with the diagram named by Over as the layer.
type Use struct {
	place
	Part Expr  `parser:"@@"`
	Rule Expr  `parser:"(':' @@)?"`
	Over *Word `parser:"('over' @@)?"`
}

// Group gives a part of a model its own options: `group net.stem: rate * 0.1`.
type Group struct {
	place
	Part   Expr `parser:"'group' @@"`
	Change Expr `parser:"':' @@"`
}

// Stage is entries that hold for one part of the run.
type Stage struct {
	place
	Name    *Word   `parser:"'stage' @@"`
	Entries []Entry `parser:"'{' (@@ End)* '}'"`
}

// Let names wires that all entries after it may use.
type Let struct {
	place
	Names []*Word `parser:"@@ (',' @@)*"`
	Value Expr    `parser:"'=' @@"`
}

// Setting is any other key with its value: `loss …`, `report …`, `optimizer …`,
// `batch 128`. Name is what stands before an `=`, and nil where there is none.
type Setting struct {
	place
	Key   *Word `parser:"@@"`
	Name  Expr  `parser:"@@"`
	Value Expr  `parser:"('=' @@)?"`
}

func (*Data) isEntry()    {}
func (*Model) isEntry()   {}
func (*RuleUse) isEntry() {}
func (*Group) isEntry()   {}
func (*Stage) isEntry()   {}
func (*Let) isEntry()     {}
func (*Setting) isEntry() {}
