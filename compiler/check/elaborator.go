package check

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// elaborator makes one diagram out of statements.
type elaborator struct {
	*report
	from    int // how many diagnostics there were before
	program *Program
	unit    *unit
	job     *job
	d       *diagram.Diagram
	decl    *declared // whose body it is, or nil
	scope   *scope
	labels  map[string]labelled    // axes of the ports
	groups  map[string]shape.Shape // what `p..` stands for
	store   *store                 // of the weights of the boxes
	taken   map[string]int         // names of boxes, and kinds counted
	memory  map[string]*slot       // what `save` has put away
	states  map[string]*diagram.State
	origins map[*diagram.Wire]map[string]source.Span // where sizes of axes were said
	rule    *ruleSite                                // in the program of a learning rule, or nil
	claims  *claims                                  // of a test, or nil

	each    shape.Shape      // axes at whose places every box has weights of its own
	rank    *shape.Size      // of what is learned beside each linear map, which is frozen; nil: none
	reverse *diagram.Diagram // what the declaration sends back, or nil

	mayRemember bool // something carries states on
	isFrozen    bool // learning leaves the weights that are made here as they are
}

// labelled is an axis that a name stands for.
type labelled struct {
	size   shape.Size
	origin source.Span
}

// elaborator starts a diagram of its own.
func (p *Program) elaborator(r *report, u *unit) *elaborator {
	return &elaborator{
		report: r, from: len(r.said), program: p, unit: u, job: newJob(), d: &diagram.Diagram{}, scope: newScope(nil),
		labels: map[string]labelled{}, groups: map[string]shape.Shape{}, store: newStore(), taken: map[string]int{},
		memory: map[string]*slot{}, states: map[string]*diagram.State{}, origins: map[*diagram.Wire]map[string]source.Span{},
	}
}

// inside starts the body of a box, as part of the same job.
func (e *elaborator) inside(u *unit, s *store) *elaborator {
	inner := e.program.elaborator(&report{}, u)
	inner.job, inner.store, inner.mayRemember = e.job, s, e.mayRemember
	inner.rank, inner.isFrozen = e.rank, e.isFrozen
	return inner
}

// insideOf starts the body of a box whose names and labels are those around it.
func (e *elaborator) insideOf(s *store) *elaborator {
	inner := e.inside(e.unit, s)
	inner.report, inner.from, inner.decl, inner.rule = e.report, len(e.said), e.decl, e.rule
	inner.labels, inner.groups, inner.memory, inner.origins, inner.each = e.labels, e.groups, e.memory, e.origins, e.each
	return inner
}

// add puts a box into the diagram; its wires get the places of sizes from those
// it reads, axis by axis.
func (e *elaborator) add(b *diagram.Box) {
	e.d.Add(b)
	for _, out := range b.Out {
		if out.Span.IsZero() {
			out.Span = b.Span
		}
		for _, a := range out.Type.Axes {
			for _, in := range b.In {
				if from, ok := e.origin(in, a); ok {
					e.setOrigin(out, a.Label, from)
					break
				}
			}
		}
	}
}

// origin is where the size of an axis of a wire was said.
func (e *elaborator) origin(w *diagram.Wire, a shape.Axis) (source.Span, bool) {
	if i := w.Type.Axes.Index(a.Label); i < 0 || !w.Type.Axes[i].Size.Equal(a.Size) {
		return source.Span{}, false
	}
	from, ok := e.origins[w][a.Label]
	return from, ok
}

func (e *elaborator) setOrigin(w *diagram.Wire, label string, from source.Span) {
	if from.IsZero() {
		return
	}
	if e.origins[w] == nil {
		e.origins[w] = map[string]source.Span{}
	}
	if _, known := e.origins[w][label]; !known {
		e.origins[w][label] = from
	}
}

// settledAxes gives the axes of a wire with sizes as far as they are settled.
func (e *elaborator) settledAxes(w *diagram.Wire) shape.Shape {
	axes := make(shape.Shape, len(w.Type.Axes))
	for i, a := range w.Type.Axes {
		axes[i] = shape.Axis{Label: a.Label, Size: e.job.unifier.Resolve(a.Size)}
	}
	return axes
}

// typeOf writes a wire's type for a message.
func (e *elaborator) typeOf(w *diagram.Wire) string {
	t := shape.Type{Axes: e.settledAxes(w)}
	if w.Type.IsPlace() {
		t.In = &shape.Axis{Label: w.Type.In.Label, Size: e.job.unifier.Resolve(w.Type.In.Size)}
	}
	return closed(t.String())
}

// openLetter is a letter that waits to be settled, perhaps as the size of an axis.
// Those of the data have no prime.
var openLetter = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:([\pL_][\pL\d_']*):)?\?([\pL_][\pL\d_]*)('*)`)
})

// closed writes open letters as `?`, and those that the data decide by their names.
func closed(text string) string {
	if !strings.Contains(text, "?") {
		return text
	}
	return openLetter().ReplaceAllStringFunc(text, func(found string) string {
		m := openLetter().FindStringSubmatch(found)
		label, letter, isOpen := m[1], m[2], m[3] != ""
		switch {
		case isOpen && label == "":
			return "?"
		case isOpen:
			return label + ":?"
		case label == "" || label == letter:
			return letter
		}
		return label + ":" + letter
	})
}

// open is a size that something further on must settle.
func (e *elaborator) open(label string, span source.Span) shape.Size {
	s := e.job.unifier.Open(strings.TrimRight(label, "'"))
	e.job.opened[s.Letters()[0]] = opening{label, span}
	return s
}

// boxName is a name for a box that no other has in this diagram: the bound one,
// or its kind and number.
func (e *elaborator) boxName(at use, kind string) string {
	switch {
	case at.store != nil && at.store.name != "":
		return at.store.name
	case at.store == nil && at.isSole:
		return ""
	}
	name := at.name
	if name == "" {
		name = e.numbered(kind)
	} else if n := e.taken[name]; n > 0 {
		e.taken[name]++
		name += "." + strconv.Itoa(n)
	} else {
		e.taken[name] = 1
	}
	if at.store != nil {
		at.store.name = name
	}
	return name
}

func (e *elaborator) numbered(kind string) string {
	n := e.taken["."+kind]
	e.taken["."+kind]++
	return kind + "." + strconv.Itoa(n)
}

// storeOf is where a box of that name keeps its weights.
func (e *elaborator) storeOf(at use, name string) *store {
	if at.store != nil {
		return at.store
	}
	return e.store.within(name)
}

// part is the store of the next part of this diagram whose boxes have weights of
// their own: a box that is bound, a loop, a repetition. It hangs on their order alone,
// so that another use of the same box finds the same.
func (e *elaborator) part(what string) *store {
	what += " "
	key := what + strconv.Itoa(e.taken[what])
	e.taken[what]++
	if e.store.inner[key] == nil {
		e.store.inner[key] = newStore()
	}
	return e.store.inner[key]
}

// Segment writes a diagram's name as a segment of paths: SelfAttention is
// self_attention.
func Segment(name string) string {
	var b strings.Builder
	isLower := false
	for _, r := range name {
		if unicode.IsUpper(r) && isLower {
			b.WriteByte('_')
		}
		isLower = unicode.IsLower(r) || unicode.IsDigit(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// isParameter reports whether a name is a static parameter of the diagram.
func (e *elaborator) isParameter(name string) bool {
	if e.decl == nil || e.decl.signature == nil {
		return false
	}
	return e.decl.signature.parameter(name) != nil
}
