// Package complete writes a train block with every default filled in: what the
// author left to the language stands there as if it had been written.
//
// In goes the block's syntax tree with the parameters that each name has, and the
// settings that hold; out comes its text. It takes defaults as they are written
// where they are declared.
package complete

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
)

// Settings are those of a block that are numbers, as they hold. Of Epochs and Steps
// one is 0.
type Settings struct {
	Batch, Epochs, Steps int
	Seed                 uint64
}

// Role is what a name is where it stands: `linear` is a schedule in one place and a
// box in another. Roles of the library are called as the file is that they stand in.
type Role string

// The roles that names of a train block have.
const (
	Source    Role = "source" // of data
	Program   Role = "programs"
	Optimizer Role = "optimizers"
	Filter    Role = "filters"
	Schedule  Role = "schedules"
	Rule      Role = "rules"
)

// Parameters hands out what that which has a name and a role takes, or nothing.
type Parameters func(role Role, name string) []doc.Parameter

// Block is the text of a train block with its defaults. A block that leaves its rule
// out learns by backprop.
func Block(t *grammar.Train, hold Settings, known Parameters) string {
	c := &completion{known: known}
	for _, entry := range t.Entries {
		c.entry(entry)
	}
	c.settings(t, hold)
	return c.apply(t.Span())
}

// completion collects what is to be written where.
type completion struct {
	known Parameters
	edits []edit
}

// edit puts a text in the place of a stretch of another.
type edit struct {
	start, end int
	text       string
}

// entry fills in what the brackets of an entry leave out.
func (c *completion) entry(x grammar.Entry) {
	switch x := x.(type) {
	case *grammar.Setting:
		if x.Key.Text == "optimizer" {
			c.flow(x.Value, Optimizer, Filter)
		}
	case *grammar.RuleUse:
		for _, use := range x.Uses {
			c.expression(use.Rule, Rule)
		}
	case *grammar.Data:
		c.flow(x.From, Source, Program)
	case *grammar.Stage:
		for _, inner := range x.Entries {
			c.entry(inner)
		}
	}
}

// flow fills in a chain, whose first step has another role than those behind it.
func (c *completion) flow(x grammar.Expr, first, behind Role) {
	chain, isFlow := x.(*grammar.Flow)
	if !isFlow {
		c.expression(x, first)
		return
	}
	c.expression(chain.Steps[0], first)
	for _, step := range chain.Steps[1:] {
		c.expression(step, behind)
	}
}

// expression fills in the brackets of what has a role, and of the schedules within
// them.
func (c *completion) expression(x grammar.Expr, role Role) {
	outermost := x
	if apply, ok := x.(*grammar.Apply); ok {
		outermost = apply.Fn
	}
	known := func(name *grammar.Name) []doc.Parameter {
		if grammar.Expr(name) == outermost {
			return c.known(role, name.Text)
		}
		return c.known(Schedule, name.Text)
	}
	configured := map[*grammar.Name]bool{}
	grammar.Walk(x, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Apply:
			if name, ok := n.Fn.(*grammar.Name); ok {
				configured[name] = true
				end := n.Span().End - 1
				c.insert(end, ", ", left(known(name), n.Args), "")
			}
		case *grammar.Item:
			if name := n.Name(); name != nil && n.Value != nil {
				configured[name] = true // of an argument
			}
		case *grammar.Name:
			if !configured[n] {
				c.insert(n.Span().End, "[", left(known(n), nil), "]")
			}
		}
		return true
	})
}

// left are the parameters with defaults that brackets leave out.
func left(params []doc.Parameter, args []*grammar.Arg) []doc.Parameter {
	given := map[string]bool{}
	settable := slices.DeleteFunc(slices.Clone(params), func(p doc.Parameter) bool { return p.Kind == "axes" })
	for i, arg := range args {
		if len(arg.Items) == 1 && arg.Items[0].Value != nil {
			given[arg.Items[0].Name().Text] = true
		} else if i < len(settable) {
			given[settable[i].Name] = true
		}
	}
	return slices.DeleteFunc(settable, func(p doc.Parameter) bool { return given[p.Name] || p.Default == "" })
}

func (c *completion) insert(at int, before string, params []doc.Parameter, after string) {
	if len(params) == 0 {
		return
	}
	words := make([]string, len(params))
	for i, p := range params {
		words[i] = p.Name + " = " + p.Default
	}
	c.edits = append(c.edits, edit{at, at, before + strings.Join(words, ", ") + after})
}

// settings writes the settings that hold, in the place of those that stand there or
// at the end.
func (c *completion) settings(t *grammar.Train, hold Settings) {
	lines := []string{fmt.Sprint("batch ", hold.Batch), fmt.Sprint("epochs ", hold.Epochs), fmt.Sprint("seed ", hold.Seed)}
	if hold.Steps > 0 {
		lines[1] = fmt.Sprint("steps ", hold.Steps)
	}
	hasRule, hasStages := false, false
	for _, entry := range t.Entries {
		switch x := entry.(type) {
		case *grammar.RuleUse:
			hasRule = true
		case *grammar.Stage:
			hasStages = true
		case *grammar.Setting:
			if i := settingOf(lines, x.Key.Text); i >= 0 {
				c.edits = append(c.edits, edit{x.Span().Start, x.Span().End, lines[i]})
				lines = slices.Delete(lines, i, i+1)
			}
		}
	}
	if i := settingOf(lines, "epochs"); i >= 0 && hasStages {
		lines = slices.Delete(lines, i, i+1) // each stage says it
	}
	if !hasRule {
		lines = append([]string{"rule backprop"}, lines...)
	}
	end := t.Span().End - 1
	for _, line := range lines {
		c.edits = append(c.edits, edit{end, end, "    " + line + "\n"})
	}
}

// settingOf finds the line of a key; epochs and steps are one setting.
func settingOf(lines []string, key string) int {
	if key == "steps" {
		key = "epochs"
	}
	return slices.IndexFunc(lines, func(line string) bool {
		word, _, _ := strings.Cut(line, " ")
		return word == key || key == "epochs" && word == "steps"
	})
}

// apply is the text of a stretch with all edits done.
func (c *completion) apply(span source.Span) string {
	slices.SortStableFunc(c.edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var b strings.Builder
	at := span.Start
	for _, e := range c.edits {
		b.WriteString(span.File.Text[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(span.File.Text[at:span.End])
	return b.String() + "\n"
}
