package circuit

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/typeset"
)

// flattener turns a diagram with its hierarchy into one list of steps: the
// boxes as they are written, those of composite boxes that are shown open in
// their place behind the edges of a fence.
type flattener struct {
	cost    *Cost
	depth   int // composite boxes this deep are shown closed; negative: none
	steps   []*step
	values  []*value
	lifts   int // lifted axes so far
	turned  map[int]bool
	copies  int                             // so far
	written map[*diagram.Box][]*diagram.Box // of a box that is redrawn, those it stands for
	titles  []string                        // of fences, in the order in which they are met
}

// motifOf is the number of a title among those of the figure.
func (f *flattener) motifOf(title string) int {
	at := slices.Index(f.titles, title)
	if at < 0 {
		at, f.titles = len(f.titles), append(f.titles, title)
	}
	return at
}

// value is what a wire carries inside one body: strands for its readers, or a
// number or places that are written where they are used.
type value struct {
	constant *diagram.Box // the box of a number, or of places
	made     *strand
	readers  []reader

	piece *diagram.Box // puts an array in its place of a longer one
	of    *value       // what it puts there
}

// scope is the values of one body by wire.
type scope map[*diagram.Wire]*value

// flatten lists the steps of a diagram, and the strands it begins with. Copies
// whose number is in turned lie the other way up.
func flatten(d *diagram.Diagram, depth int, cost *Cost, turned map[int]bool) ([]*step, []*strand, error) {
	f := &flattener{depth: depth, cost: cost, turned: turned, written: map[*diagram.Box][]*diagram.Box{}}
	values := scope{}
	var inputs []*strand
	for _, w := range boundary(d.In, d.States, func(s *diagram.State) *diagram.Wire { return s.In }) {
		s := &strand{wire: w, axes: grouped(axesOf(w), d.Groups)}
		inputs = append(inputs, s)
		values[w] = f.value(s)
	}
	if err := f.body(d, values, nil); err != nil {
		return nil, nil, err
	}
	end := &step{glyph: crossing{}, ordered: true}
	for _, w := range boundary(d.Out, d.States, func(s *diagram.State) *diagram.Wire { return s.Out }) {
		if err := f.read(values, w, end, len(end.in)); err != nil {
			return nil, nil, err
		}
		end.out = append(end.out, &strand{wire: w, nameBehind: nameBehind(d, w)})
	}
	f.steps = append(f.steps, end)
	f.markShared()
	f.share()
	for i, s := range end.in {
		s.nameBehind = end.out[i].nameBehind
	}
	return f.steps, inputs, nil
}

// boundary is a diagram's wires at one side, its states below them.
func boundary(wires []*diagram.Wire, states []*diagram.State, of func(*diagram.State) *diagram.Wire) []*diagram.Wire {
	all := slices.Clone(wires)
	for _, s := range states {
		if w := of(s); !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// nameBehind is what is written behind a wire that leaves the figure, as a formula:
// the state that it carries on, or what it is the gradient by or the change of.
func nameBehind(d *diagram.Diagram, w *diagram.Wire) string {
	if of, ok := strings.CutPrefix(w.Name, "grad/"); ok {
		return `\partial ` + typeset.Name(of)
	}
	if of, ok := strings.CutPrefix(w.Name, "change/"); ok {
		return `\Delta ` + typeset.Name(of)
	}
	for _, s := range d.States {
		if s.Out == w && !slices.Contains(d.Out, w) {
			return typeset.Name(s.Path)
		}
	}
	return ""
}

func (f *flattener) value(s *strand) *value {
	v := &value{made: s}
	f.values = append(f.values, v)
	return v
}

func (f *flattener) body(d *diagram.Diagram, values scope, fences []*fence) error {
	for _, b := range f.asDrawn(d, fences) {
		if err := f.box(b, values, fences); err != nil {
			return err
		}
	}
	return nil
}

func (f *flattener) box(b *diagram.Box, known scope, fences []*fence) error {
	values := known
	if isNumber(b) || isPlaces(b) {
		values[b.Out[0]] = &value{constant: b}
		return nil
	}
	if isPiece(b) {
		values[b.Out[0]] = &value{piece: b, of: values[b.In[0]]}
		return nil
	}
	if body := openBody(b); body != nil && f.opens(b, fences) {
		return f.composite(b, body, values, fences)
	}
	s := &step{box: b, fences: fences, constants: map[int]*diagram.Number{}}
	for port, w := range b.In {
		if s.writes(port, values[w]) {
			continue
		}
		s.ports = append(s.ports, port)
	}
	s.glyph, s.ordered = glyphOf(s)
	if pieces, along := piecesOf(b, values); pieces != nil {
		s.glyph, s.ordered = &join{bar: &along}, true
		values = pieces
	}
	for _, port := range s.ports {
		if err := f.read(values, b.In[port], s, len(s.in)); err != nil {
			return err
		}
	}
	s.cost = f.costOf(b)
	f.add(s)
	for _, w := range b.Out {
		out := &strand{wire: w, fences: fences}
		s.out = append(s.out, out)
		known[w] = f.value(out)
	}
	return nil
}

// costOf is what a box of the figure costs, in all the turns of its loop.
func (f *flattener) costOf(b *diagram.Box) float64 {
	if f.cost == nil {
		return 0
	}
	sum := 0.0
	for _, of := range f.standsFor(b) {
		sum += f.cost.costOf(of)
	}
	return sum
}

// opens reports whether a composite box is shown open: a loop always, others down
// to the depth that is asked for, or as far as their author wrote them.
func (f *flattener) opens(b *diagram.Box, fences []*fence) bool {
	if _, loop := b.Op.(diagram.Repeat); loop {
		return true
	}
	if f.depth < 0 {
		return !isFolded(b)
	}
	level := 0
	for _, around := range fences {
		if around.loop() == nil {
			level++
		}
	}
	return level < f.depth
}

// writes reports whether a step writes what comes to a port rather than draws a
// wire: a number, or the places that a mask compares.
func (s *step) writes(port int, v *value) bool {
	if v == nil || v.constant == nil {
		return false
	}
	switch op := v.constant.Op.(type) {
	case diagram.Constant:
		s.constants[port] = &op.Value
		return true
	case diagram.Places:
		m, isMap := s.box.Op.(diagram.Map)
		if isMap {
			_, isMap = maskOf(m, s.box.In)
		}
		return isMap
	}
	return false
}

func isPlaces(b *diagram.Box) bool {
	_, ok := b.Op.(diagram.Places)
	return ok
}

// isNumber reports whether a box makes a lone number.
func isNumber(b *diagram.Box) bool {
	_, ok := b.Op.(diagram.Constant)
	return ok && len(b.Out) == 1 && len(b.Out[0].Type.Axes) == 0
}

// openBody is what is shown inside a composite box: for a loop, one turn. What a box
// of the flat form would send back is not inside it.
func openBody(b *diagram.Box) *diagram.Diagram {
	switch b.Op.(type) {
	case diagram.Lens, diagram.Undo:
		return nil
	}
	if bodies := diagram.Bodies(b.Op); len(bodies) > 0 {
		return bodies[0]
	}
	return nil
}

// read makes a step a reader of a wire.
func (f *flattener) read(values scope, w *diagram.Wire, s *step, slot int) error {
	v, err := f.drawn(values[w], w, s.fences)
	if err != nil {
		return err
	}
	s.in = append(s.in, nil)
	v.readers = append(v.readers, reader{s, slot})
	return nil
}

// drawn is a value as one with a strand: a number that a step cannot write, and
// a piece that is not concatenated, get steps of their own.
func (f *flattener) drawn(v *value, w *diagram.Wire, fences []*fence) (*value, error) {
	switch {
	case v == nil:
		return nil, fmt.Errorf("wire %q of a figure is read before it is made", w.Name)
	case v.constant != nil:
		made := &strand{wire: w, fences: fences}
		f.add(&step{box: v.constant, fences: fences, glyph: origin{}, out: []*strand{made}})
		return f.value(made), nil
	case v.piece != nil && v.made == nil:
		made := &strand{wire: w, fences: fences}
		s := &step{box: v.piece, fences: fences, glyph: closedBox{}, ports: []int{0}, out: []*strand{made}}
		if err := f.read(scope{v.piece.In[0]: v.of}, v.piece.In[0], s, 0); err != nil {
			return nil, err
		}
		f.add(s)
		v.made = made
		f.values = append(f.values, v)
	}
	return v, nil
}

func (f *flattener) add(s *step) {
	for _, fence := range s.fences {
		fence.waiting++
	}
	f.steps = append(f.steps, s)
}

// composite puts a body in the place of its box, between two gates.
func (f *flattener) composite(b *diagram.Box, body *diagram.Diagram, values scope, fences []*fence) error {
	f.standIn(b)
	around := &fence{box: b, title: titleOf(b, body), path: pathOf(fences, b), depth: len(fences), left: -1}
	if _, loop := b.Op.(diagram.Repeat); !loop {
		around.motif = f.motifOf(around.title)
	}
	inside := append(slices.Clone(fences), around)
	in := &step{box: b, gate: around, enters: true, fences: fences, ordered: true}
	entry := &gate{box: b, body: body, firstLift: f.lifts + 1}
	f.lifts += entry.over()
	around.along = f.lifts
	in.glyph = entryGate{entry}
	inner := scope{}
	for port, w := range b.In {
		if v := values[w]; v != nil && v.constant != nil {
			inner[body.In[port]] = v
			continue
		}
		in.ports = append(in.ports, port)
		if err := f.read(values, w, in, len(in.in)); err != nil {
			return err
		}
		s := &strand{wire: body.In[port], fences: inside}
		in.out = append(in.out, s)
		inner[body.In[port]] = f.value(s)
	}
	f.states(body, in, inner, around)
	f.add(in)
	if err := f.body(body, inner, inside); err != nil {
		return err
	}
	return f.leave(b, body, values, inner, around, entry, fences)
}

func (f *flattener) leave(b *diagram.Box, body *diagram.Diagram, values, inner scope, around *fence, entry *gate, fences []*fence) error {
	out := &step{box: b, gate: around, fences: fences, glyph: exitGate{entry}}
	for port, w := range body.Out {
		out.ports = append(out.ports, port)
		if err := f.read(inner, w, out, len(out.in)); err != nil {
			return err
		}
		s := &strand{wire: b.Out[port], fences: fences}
		out.out = append(out.out, s)
		values[b.Out[port]] = f.value(s)
	}
	if err := f.carried(body, out, inner, around); err != nil {
		return err
	}
	f.add(out)
	return nil
}
