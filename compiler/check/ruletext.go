package check

import (
	"slices"

	"ncd/grammar"
)

// output is the box of an `at` that stands for the layer whose output the losses read.
const output = "output"

// ruleLine is a statement of a rule that holds for a layer.
type ruleLine struct {
	stmt     grammar.Stmt
	atOutput bool // said `at output`
}

// atNames are what an `at` block calls the layer's weights, input and output. Without
// one that holds for the layer x and y are the layer's own.
type atNames struct {
	weights       map[string]string
	input, output string
	atBox         bool
}

func (n *atNames) weight(name string) string {
	if known, ok := n.weights[name]; ok {
		return known
	}
	return name
}

// read finds the statements of the rule that hold for the layer: what is said for its
// kind of box comes in the place of the `at`, and of an `if` the branch that is chosen.
func (in *instance) read(e *elaborator) {
	in.names = &atNames{weights: map[string]string{"w": "weight", "b": "bias"}, input: "x", output: "y"}
	for _, s := range in.decl.rule.Body.Stmts {
		in.lines = append(in.lines, in.holding(e, s, false)...)
	}
	in.separate()
}

// holding lists what of a statement holds for the layer.
func (in *instance) holding(e *elaborator, s grammar.Stmt, atOutput bool) []ruleLine {
	var inner []grammar.Stmt
	switch s := s.(type) {
	case *grammar.AtBox:
		if !in.isAt(s) {
			return nil
		}
		in.named(s)
		atOutput = atOutput || s.Box.Text == output
		for _, stmt := range s.Body.Stmts {
			inner = append(inner, stmt)
		}
	case *grammar.If:
		inner = in.chosen(e, s)
	default:
		return []ruleLine{{s, atOutput}}
	}
	var lines []ruleLine
	for _, stmt := range inner {
		lines = append(lines, in.holding(e, stmt, atOutput)...)
	}
	return lines
}

// chosen is the branch of an `if` that its condition chooses for the layer.
func (in *instance) chosen(e *elaborator, s *grammar.If) []grammar.Stmt {
	holds, ok := e.reader().condition(s.Cond)
	switch {
	case !ok:
		return nil
	case holds:
		return s.Then.Stmts
	case s.Else == nil:
		return nil
	case s.Else.If != nil:
		return []grammar.Stmt{s.Else.If}
	}
	return s.Else.Block.Stmts
}

// isAt reports whether an `at` speaks of the layer. An affine box is a linear one with
// a bias, and a convolution one whose input is taken by windows.
func (in *instance) isAt(s *grammar.AtBox) bool {
	kinds := in.layer.Kinds
	switch {
	case len(s.Ports.List) == 0 || len(kinds) == 0:
		return false
	case s.Box.Text == output:
		return in.layer.IsOutput
	}
	return slices.Contains(kinds, s.Box.Text) || kinds[0] == "affine" && s.Box.Text == "linear"
}

// named takes the names of an `at`: weights first, the input last.
func (in *instance) named(s *grammar.AtBox) {
	ports := s.Ports.List
	n := in.names
	n.input, n.output, n.atBox = ports[len(ports)-1].Name.Text, s.Out.Name.Text, true
	for i, role := range []string{"weight", "bias"} {
		if i < len(ports)-1 {
			n.weights[ports[i].Name.Text] = role
		}
	}
}

// isSaid reports whether an assignment is one of the things that a rule says, and no
// name for what follows.
func (r *ruleSite) isSaid(s *grammar.Assign) bool {
	if _, isIn := s.Targets[0].(*grammar.At); isIn {
		return true
	}
	name := targetName(s.Targets[0])
	switch name {
	case "signal", "send", "objective", "gradient":
		return true
	}
	return r.isPhase && (name == r.settling() || r.dataWire(name) != nil)
}

// settling is the name of the output that settles: that of the layer.
func (in *instance) settling() string {
	if in.names.atBox {
		return "y"
	}
	return in.names.output
}
