package check

import (
	"slices"

	"ncd/grammar"
	"ncd/grammar/source"
)

// signature is what a diagram or a primitive box says of itself before its body.
type signature struct {
	params  []*parameter
	ports   []*port
	states  []*port   // the `state` ports, which nothing flows into
	results []*result // nil: not said

	takesMany bool // more may stand behind the last parameter
	takesMore bool // names that are no parameters may stand in the brackets
}

// parameter is a static parameter, or a list of axes with its arrow.
type parameter struct {
	name   string
	kind   string // "size", "number", "string", "bool", "diagram", "word", "axes", "arrow"
	from   []*grammar.Name
	to     []*grammar.Name
	isOne  bool         // of a list of axes: it is one axis, which must be said
	preset grammar.Expr // its default, or nil
	span   source.Span
}

// port is one wire that flows in.
type port struct {
	name string
	axes []*axisSpec
	in   string // axis along which it holds places, or ""
	span source.Span
}

// axisSpec is an axis of a port or result: a name, any number of them (`p..`), and
// perhaps a size.
type axisSpec struct {
	name string
	many bool
	size grammar.Expr
	span source.Span
}

// result is one wire that flows out.
type result struct {
	axes []*axisSpec
	in   string
	span source.Span
}

// parameter finds a parameter by name, or nil.
func (s *signature) parameter(name string) *parameter {
	i := slices.IndexFunc(s.params, func(p *parameter) bool { return p.name == name && !p.isAxes() })
	if i < 0 {
		return nil
	}
	return s.params[i]
}

// port finds a port by name, or nil.
func (s *signature) port(name string) *port {
	i := slices.IndexFunc(s.ports, func(p *port) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return s.ports[i]
}

func (p *parameter) isAxes() bool { return p.kind == "axes" || p.kind == "arrow" }

// said is the size that ports say of an axis for all that name it, as `x[p:8]` does
// for `q[] in p`: one that does not hang on the axis itself, as that of `x[p:p/2]`
// does. It is nil where none says one, where they differ, or where a port has the axis
// without a size, which is that of the label then.
func (s *signature) said(name string) *axisSpec {
	var found *axisSpec
	for _, p := range slices.Concat(s.ports, s.states) {
		for _, a := range p.axes {
			if a.name != name || a.many {
				continue
			}
			if a.size == nil || mentions(a.size, name) {
				return nil
			}
			if found != nil && found.size.Span().Text() != a.size.Span().Text() {
				return nil
			}
			found = a
		}
	}
	return found
}

// mentions reports whether a name stands in an expression.
func mentions(x grammar.Expr, name string) bool {
	found := false
	grammar.Walk(x, func(n grammar.Node) bool {
		if n, ok := n.(*grammar.Name); ok && n.Text == name {
			found = true
		}
		return !found
	})
	return found
}

// isPortAxis reports whether some port has an axis of that name.
func (s *signature) isPortAxis(name string) bool {
	return slices.Contains(s.portAxes(), name)
}

// isStateAxis reports whether some state has an axis of that name.
func (s *signature) isStateAxis(name string) bool {
	return slices.ContainsFunc(s.states, func(p *port) bool {
		return slices.ContainsFunc(p.axes, func(a *axisSpec) bool { return a.name == name && !a.many })
	})
}

// portAxes lists the axis names of the ports.
func (s *signature) portAxes() []string {
	var names []string
	for _, p := range s.ports {
		for _, a := range p.axes {
			if !a.many && !slices.Contains(names, a.name) {
				names = append(names, a.name)
			}
		}
		if p.in != "" && !slices.Contains(names, p.in) {
			names = append(names, p.in)
		}
	}
	return names
}

// names lists what may be set by name in brackets.
func (s *signature) names() []string {
	var names []string
	for _, p := range s.params {
		if !p.isAxes() {
			names = append(names, p.name)
		}
	}
	return append(names, s.portAxes()...)
}

// signatureOf reads a diagram's header, and tells what is wrong with it.
func (r *report) signatureOf(d *grammar.Diagram) *signature {
	s := &signature{params: r.parameters(d.Params)}
	taken := map[string]source.Span{}
	for _, p := range s.params {
		if !p.isAxes() {
			r.distinct(taken, p.name, p.span, "parameter")
		}
	}
	if d.Ports != nil {
		for _, p := range d.Ports.List {
			if p.State {
				s.states = append(s.states, r.portOf(p))
			} else {
				s.ports = append(s.ports, r.portOf(p))
			}
			r.distinct(taken, p.Name.Text, p.Name.Span(), "port")
		}
	}
	if d.Result != nil {
		s.results = r.resultsOf(d.Result)
	}
	return s
}

func (r *report) distinct(taken map[string]source.Span, name string, span source.Span, what string) {
	if first, isTaken := taken[name]; isTaken {
		d := r.fault(DeclaredTwice, span, "%s `%s` is declared twice", what, name)
		d.Notes = []source.Note{{Span: first, Message: "first declared here"}}
		return
	}
	taken[name] = span
}

func (r *report) parameters(list []*grammar.Param) []*parameter {
	var params []*parameter
	for _, p := range list {
		r.holdList(p)
		switch {
		case p.Kind != nil && p.Kind.Text == "axis":
			params = append(params, r.oneAxis(p)...)
		case p.Arrow:
			params = append(params, &parameter{kind: "arrow", name: arrowName(p), from: p.Names, to: p.To, span: p.Span()})
		case slices.ContainsFunc(p.Names, func(n *grammar.Name) bool { return n.Many }):
			params = append(params, &parameter{kind: "axes", name: p.Names[0].Text, from: p.Names, span: p.Span()})
		case len(p.Names) > 1 && p.Default == nil && p.Kind == nil:
			params = append(params, &parameter{kind: "axes", name: p.Names[0].Text, from: p.Names, span: p.Span()})
		default:
			for _, name := range p.Names {
				params = append(params, &parameter{name: name.Text, kind: r.parameterKind(p), preset: p.Default, span: name.Span()})
			}
		}
	}
	return params
}

// oneAxis is a parameter `c: axis`: a list of axes with just one.
func (r *report) oneAxis(p *grammar.Param) []*parameter {
	if p.Default != nil || p.Arrow || len(p.Names) != 1 || p.Names[0].Many {
		r.fault(BadAxes, p.Span(), "`c: axis` is one axis, without a default, and `%s` is not", p.Span().Text())
		return nil
	}
	return []*parameter{{kind: "axes", name: p.Names[0].Text, from: p.Names, isOne: true, span: p.Span()}}
}

// holdList holds that a list of axes is one `p..`, or names without `..`.
func (r *report) holdList(p *grammar.Param) {
	for _, names := range [][]*grammar.Name{p.Names, p.To} {
		if len(names) > 1 && slices.ContainsFunc(names, func(n *grammar.Name) bool { return n.Many }) {
			r.fault(BadAxes, p.Span(), "a list of axes is one `p..`, or names without `..`, not `%s`", p.Span().Text())
		}
	}
}

func arrowName(p *grammar.Param) string {
	if len(p.Names) > 0 {
		return p.Names[0].Text
	}
	return ""
}

// parameterKind is the kind a parameter says it has, or that of its default.
func (r *report) parameterKind(p *grammar.Param) string {
	if p.Kind != nil {
		kinds := []string{"size", "number", "string", "bool", "diagram", "word", "axis"}
		if slices.Contains(kinds, p.Kind.Text) {
			return p.Kind.Text
		}
		r.fault(ParameterKind, p.Kind.Span(), "a parameter is one of %s, not `%s`%s", quoted(kinds), p.Kind.Text, meant(p.Kind.Text, kinds))
		return "size"
	}
	switch x := p.Default.(type) {
	case nil:
		return "size"
	case *grammar.Text:
		return "string"
	case *grammar.Flow, *grammar.Tuple, *grammar.Box:
		return "diagram"
	case *grammar.Apply:
		if _, isCounting := countingWord(x); isCounting {
			return "word"
		}
		if !isStaticFunction(x) {
			return "diagram"
		}
	case *grammar.Name:
		return "" // settled where names are known
	}
	if hasFraction(p.Default) {
		return "number"
	}
	return "size"
}

// hasFraction reports whether a number that is no whole one stands in an expression.
func hasFraction(x grammar.Expr) bool {
	found := false
	grammar.Walk(x, func(n grammar.Node) bool {
		if n, ok := n.(*grammar.Number); ok {
			s := literal(n.Text).(static)
			found = found || !s.isSize
		}
		return true
	})
	return found
}

func (r *report) portOf(p *grammar.Port) *port {
	made := &port{name: p.Name.Text, in: wordText(p.In), span: p.Span()}
	if p.Axes != nil {
		made.axes = r.axisSpecs(p.Axes.List)
		r.axesDistinct(made.axes)
	}
	return made
}

func (r *report) resultsOf(t *grammar.Type) []*result {
	if t.Axes != nil {
		made := &result{axes: r.axisSpecs(t.Axes.Args), in: wordText(t.In), span: t.Span()}
		r.axesDistinct(made.axes)
		return []*result{made}
	}
	results := []*result{}
	for _, part := range t.Parts {
		results = append(results, r.resultsOf(part)...)
	}
	return results
}

// axisSpecs reads the axes in the brackets of a type.
func (r *report) axisSpecs(args []*grammar.Arg) []*axisSpec {
	var axes []*axisSpec
	for _, a := range args {
		if a.Arrow || a.Where != nil {
			r.fault(BadAxes, a.Span(), "the axes of a wire are a list: `[row col c:3]`")
			continue
		}
		for _, item := range a.Items {
			name := item.Name()
			if name == nil || item.Value != nil {
				r.fault(BadAxes, item.Span(), "the axes of a wire are names, with a size behind `:` perhaps, not `%s`", item.Span().Text())
				continue
			}
			axes = append(axes, &axisSpec{name.Text, name.Many, item.Size, item.Span()})
		}
	}
	return axes
}

func (r *report) axesDistinct(axes []*axisSpec) {
	for i, a := range axes {
		first := slices.IndexFunc(axes, func(b *axisSpec) bool { return b.name == a.name })
		if first < i {
			d := r.fault(AxisTwice, a.span, "axis `%s` twice on one wire", a.name)
			d.Notes = []source.Note{{Span: axes[first].span, Message: "first here"}}
			d.Help = []string{"call one of them `" + a.name + "'`: a primed name is another axis of the same size"}
		}
	}
}
