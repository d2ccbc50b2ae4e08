package typeset

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// node is a piece of a formula: text of one style, a group, or a decoration of
// its parts.
type node struct {
	kind  nodeKind
	text  string  // of a run
	face  letters // of a run
	parts []node  // of a row; the body of the others is parts[0]
	super *node
	sub   *node
}

type nodeKind int

const (
	run nodeKind = iota
	row
	bar     // a line above parts[0]
	hat     // a hat above parts[0]
	scripts // parts[0] with super and sub
)

// letters is how letters of a formula are cut.
type letters int

const (
	slanted letters = iota // one letter, one variable
	italic                 // a word
	upright
	bold
	sans
	sansBold
)

// parser reads the TeX subset. It takes everything: what it does not know it
// shows as it is written.
type parser struct {
	rest string
	face letters
}

func (p *parser) row(until rune) node {
	r := node{kind: row}
	for p.rest != "" {
		if c, _ := utf8.DecodeRuneInString(p.rest); c == until {
			break
		}
		r.parts = append(r.parts, p.scripted())
	}
	return r
}

// scripted reads one atom and what stands above and below its right side.
func (p *parser) scripted() node {
	n := node{kind: scripts, parts: []node{p.atom()}}
	for {
		switch {
		case strings.HasPrefix(p.rest, "'"):
			primes := len(p.rest) - len(strings.TrimLeft(p.rest, "'"))
			p.rest = p.rest[primes:]
			// The font's prime is raised already, so it belongs to the body.
			n.parts[0] = *join(&n.parts[0], node{kind: run, text: strings.Repeat("′", primes), face: p.face})
		case strings.HasPrefix(p.rest, "^"):
			p.rest = p.rest[1:]
			n.super = join(n.super, p.atom())
		case strings.HasPrefix(p.rest, "_"):
			p.rest = p.rest[1:]
			n.sub = join(n.sub, p.atom())
		default:
			if n.super == nil && n.sub == nil {
				return n.parts[0]
			}
			return n
		}
	}
}

func join(a *node, b node) *node {
	if a == nil {
		return &b
	}
	return &node{kind: row, parts: []node{*a, b}}
}

// atom reads one symbol, command or group.
func (p *parser) atom() node {
	if p.rest == "" {
		return node{kind: row}
	}
	r, n := utf8.DecodeRuneInString(p.rest)
	switch r {
	case '{':
		p.rest = p.rest[1:]
		return p.group()
	case '\\':
		return p.command()
	}
	p.rest = p.rest[n:]
	return node{kind: run, text: string(r), face: p.face}
}

func (p *parser) group() node {
	g := p.row('}')
	p.rest = strings.TrimPrefix(p.rest, "}")
	return g
}

func (p *parser) command() node {
	name := commandName(p.rest[1:])
	if name == "" { // a sign by itself, as in \_
		_, n := utf8.DecodeRuneInString(p.rest[1:])
		text := p.rest[1 : 1+n]
		p.rest = p.rest[1+n:]
		return node{kind: run, text: text, face: p.face}
	}
	p.rest = strings.TrimLeft(p.rest[1+len(name):], " ")
	switch name {
	case "bar", "overline":
		return node{kind: bar, parts: []node{p.atom()}}
	case "hat":
		return node{kind: hat, parts: []node{p.atom()}}
	}
	if face, ok := faceCommands[name]; ok {
		return p.within(face)
	}
	if symbol, ok := symbols[name]; ok {
		return node{kind: run, text: symbol, face: p.face}
	}
	return node{kind: run, text: `\` + name, face: upright}
}

// within reads the next atom in another cut.
func (p *parser) within(face letters) node {
	before := p.face
	p.face = face
	n := p.atom()
	p.face = before
	return n
}

func commandName(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) || r > unicode.MaxASCII })
	if end < 0 {
		return s
	}
	return s[:end]
}

var faceCommands = map[string]letters{
	"mathbf": bold, "mathrm": upright, "mathit": italic, "mathsf": sans, "text": upright,
}
