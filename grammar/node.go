package grammar

import (
	"strconv"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar/source"
)

// Node is any part of the tree.
type Node interface {
	// Span is where the node is written.
	Span() source.Span
	locate(*source.File)
	eachChild(func(Node))
}

// place is where a node is written. Tokens is filled by participle and empty
// in a finished tree.
type place struct {
	Tokens []lexer.Token
	span   source.Span
}

func (p *place) Span() source.Span { return p.span }

func (p *place) locate(file *source.File) {
	if n := len(p.Tokens); n > 0 {
		last := p.Tokens[n-1]
		p.span.Start = p.Tokens[0].Pos.Offset
		p.span.End = min(last.Pos.Offset+len(last.Value), len(file.Text)) // a brace may have been put in behind the text
		p.Tokens = nil
	}
	p.span.File = file
}

// Walk calls visit for a node and, where visit says so, for all nodes within it,
// in the order of the text.
func Walk(n Node, visit func(Node) bool) {
	if visit(n) {
		n.eachChild(func(child Node) { Walk(child, visit) })
	}
}

// finish turns what participle has filled in into the tree as it is documented.
func finish(n Node, file *source.File) {
	n.locate(file)
	switch n := n.(type) {
	case *Block:
		settle(n.Stmts)
	case *RuleBlock:
		settle(n.Stmts)
	case *Use:
		if n.Rule == nil {
			n.Part, n.Rule = nil, n.Part
		}
	case *Setting:
		if n.Value == nil {
			n.Name, n.Value = nil, n.Name
		}
	case *Text:
		n.Value, _ = strconv.Unquote(n.Value) // Scan has let only good ones through
	}
	n.eachChild(func(child Node) { finish(child, file) })
}

// settle replaces each plain statement by what it turned out to be.
func settle[S Stmt](stmts []S) {
	for i, s := range stmts {
		if p, ok := any(s).(*plain); ok {
			stmts[i] = any(p.settled()).(S)
		}
	}
}

func (p *plain) settled() Stmt {
	if p.Value == nil {
		return &Result{p.place, p.Exprs}
	}
	return &Assign{p.place, p.Exprs, p.Value}
}

// one visits a child that may be missing.
func one[N interface {
	comparable
	Node
}](visit func(Node), child N) {
	var none N
	if child != none {
		visit(child)
	}
}

// all visits children in order.
func all[N Node](visit func(Node), children []N) {
	for _, child := range children {
		visit(child)
	}
}
