// Package check turns a program's syntax tree into diagrams: it resolves names
// (the file's, then the library's), evaluates static parameters, unifies sizes
// along wires, and makes every lifting explicit as a weave (Abbott and Zardini,
// "Weaves, Wires, and Morphisms", arXiv:2604.07242).
//
// In goes a source.File with the file systems its imports and the standard
// library are found in; out come verified diagrams that keep their hierarchy, and
// the diagnostics of all that is wrong. It is the only package of the compiler
// that sees syntax, and it knows neither what a diagram is used for nor how it is
// drawn.
//
// Every diagram is elaborated anew for each call, with the caller's sizes, by the
// code that checks its declaration with letters.
package check

import (
	"io/fs"
	"path"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// Options is what a program is checked with.
type Options struct {
	Sources  fs.FS             // where imported files are found; nil: there are none
	Folder   string            // where the file lies in Sources, whose root is ""
	Library  fs.FS             // the standard library's sources; nil: there is none
	Set      map[string]string // values of consts, of static parameters, and of letters of port axes
	Rule     string            // a learning rule in place of the train block's own: `dfa[scale = 0.1]`
	Training bool              // the value of the static condition `training`
	Limits   Limits            // none: DefaultLimits
}

// Program is a file whose declarations have been checked. It may be used by one
// goroutine at a time.
type Program struct {
	options Options
	main    *unit
	library *unit
	files   map[place]*unit  // that have been read whole
	shelves map[string]*unit // parts of the library, by file
	report  report
	set     map[string]grammar.Expr // Options.Set, read
}

// Check reads a file and elaborates each of its declarations once, with letters
// for sizes that nothing says. It returns what can be used of the program
// together with all diagnostics, in the order of the text.
func Check(file *source.File, o Options) (*Program, []source.Diagnostic) {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	p := &Program{options: o, files: map[place]*unit{}, shelves: map[string]*unit{}}
	p.library = p.readLibrary()
	p.main = p.read(file, place{false, path.Join(o.Folder, path.Base(file.Name))}, nil)
	p.readSet()
	for _, d := range p.main.ordered {
		p.ensure(d)
	}
	p.holdScans()
	p.checkSet()
	return p, p.report.inOrder()
}

// ensure checks a declaration by itself, once.
func (p *Program) ensure(d *declared) {
	if d.checked {
		return
	}
	d.checked = true
	before := len(p.report.said)
	if d.unit.broken[d.name] {
		p.partly(d)
		return
	}
	switch {
	case d.diagram != nil:
		p.checkDiagram(d)
	case d.rule != nil:
		p.checkRule(d)
	case d.train != nil:
		p.checkTrain(d)
	case d.test != nil:
		p.checkTest(d)
	case d.figure != nil:
		p.figure(&p.report, d)
	case d.value != nil:
		p.checkValue(d)
	}
	if p.report.hasErrors(before) {
		d.broken = true
	}
}

// partly notes what is left of a declaration that does not parse whole: others may
// rely on its signature, and nothing more is told of it.
func (p *Program) partly(d *declared) {
	d.broken = true
	if d.diagram == nil {
		return
	}
	r := &report{}
	s := r.signatureOf(d.diagram)
	if !r.hasErrors(0) {
		p.elaborator(r, d.unit).settleKinds(s)
		d.signature = s
	}
}

// checkValue evaluates a const or the size of an axis.
func (p *Program) checkValue(d *declared) {
	e := p.elaborator(&report{}, d.unit)
	e.report = &p.report
	if d.kind == "axis" {
		e.sizeAt(d.value)
		return
	}
	e.static(d.value)
}

// Diagrams lists the diagrams of the file in the order of the text.
func (p *Program) Diagrams() []string {
	return p.main.list("diagram")
}

// Trains lists the train blocks of the file in the order of the text; one
// without a name is "".
func (p *Program) Trains() []string {
	return p.main.list("train")
}

// job is what the elaborations of one diagram with all it calls share.
type job struct {
	unifier   shape.Unifier
	opened    map[string]opening // open letters
	depth     int                // calls inside calls
	calls     int                // so far
	turns     int                // of loops, so far
	isStuck   bool               // calls had no end
	relations []*relation        // between the weights of boxes
	failed    bool               // some part of the diagram is missing

	uses map[*diagram.Box]*configured // what stands in the text for the box of a call
}

// opening is where a size was left open, and of what.
type opening struct {
	label string
	span  source.Span
}

func newJob() *job { return &job{opened: map[string]opening{}, uses: map[*diagram.Box]*configured{}} }
