package python

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/internal/export"
)

// Manner is how a dialect brings lines together: PyTorch to modules, JAX to
// functions.
type Manner interface {
	// Weight is the expression of an array by its path within a unit.
	Weight(path string) string
	// Call writes the line that applies a part. Outs are the names of its results, and
	// types what stands behind the line.
	Call(u *Unit, part *Part, args, outs []string, types string)
	// State is the expression of a state, which begins at start.
	State(u *Unit, s *diagram.State, start string) string
	// Kept writes the line that keeps a state, given what it becomes.
	Kept(u *Unit, s *diagram.State, becomes string)
	// Begin and Cut write the lines before the turns of a scan, and those that send
	// nothing back to the turn before.
	Begin(u *Unit, part *Part)
	Cut(u *Unit, part *Part)
	// Turn begins the loop over the turns of a repetition and is the part in a turn.
	Turn(u *Unit, turns []*Part) *Part
	// Backed writes the results of a unit that sends back what a program of its own
	// says.
	Backed(u *Unit, reverse *Reverse)
	// Finish makes the template of a unit, whose lines are written.
	Finish(u *Unit) *Template
}

// File is a file while its units are written.
type File struct {
	Dialect *Dialect
	Manner  Manner
	Refused *export.Refusal
	Used    map[string]bool
	claims  map[*diagram.Weight]string // complete paths
	locals  map[string]bool            // names within functions
}

// NewFile is a file without units.
func NewFile(d *Dialect, m Manner) *File {
	return &File{d, m, &export.Refusal{}, map[string]bool{}, map[*diagram.Weight]string{}, map[string]bool{}}
}

// Unit is a diagram while it becomes a class or a function.
type Unit struct {
	File *File
	*Lines
	Diagram  *diagram.Diagram
	Path     string // complete, of where it is used
	Ports    []string
	Borrowed []*diagram.Weight // of other units, that it is handed
	Parts    []*Part
	Results  []string
	States   []*diagram.State // that change

	Template *Template
	borrows  bool // every weight
	reverse  *diagram.Diagram
	within   *diagram.Box

	Reverse *Reverse // what it sends back by a program, set by the Manner
}

// Part is a use of a diagram in another.
type Part struct {
	*Unit
	Name   string // path within the unit that uses it
	Index  int    // among the templates' children
	IsTurn bool   // it is what a loop applies, turn by turn
}

// IsStateful reports whether a unit carries something from one use to the next.
func (u *Unit) IsStateful() bool {
	return len(u.States) > 0 || slices.ContainsFunc(u.Parts, func(p *Part) bool { return p.isCarried() })
}

// isCarried reports whether a part's states are its user's too: those of a scan's body
// are not.
func (p *Part) isCarried() bool { return p.IsStateful() && !p.IsScanned() }

// IsScanned reports whether a unit is the body of a scan.
func (u *Unit) IsScanned() bool {
	if u.within == nil {
		return false
	}
	_, isScan := u.within.Op.(diagram.Scan)
	return isScan
}

// Owns reports whether a weight is an array of the unit's own.
func (u *Unit) Owns(w *diagram.Weight) bool {
	return !u.borrows && u.File.claims[w] == joinedPath(u.Path, w.Path)
}

// Parameters are the names of what a unit takes: its ports, and weights of others.
func (u *Unit) Parameters() []string {
	names := slices.Clone(u.Ports)
	for _, w := range u.Borrowed {
		names = append(names, BorrowedName(w))
	}
	return names
}

// Root writes the diagram that is exported and all in it.
func (f *File) Root(d *diagram.Diagram) *Template {
	f.holdNumbers(d, d)
	if len(f.Refused.Said) > 0 {
		return nil
	}
	return f.unit(d, "", false, nil, nil).Template
}

// holdNumbers refuses sizes that are letters still.
func (f *File) holdNumbers(root, d *diagram.Diagram) {
	hold := func(axes shape.Shape) {
		for _, a := range axes {
			if letters := a.Size.Letters(); len(letters) > 0 {
				f.Refused.Refuse(root.Span, export.SizeUnknown, fmt.Sprintf("nothing says how large `%s` is in diagram `%s`", strings.Join(letters, "`, `"), root.Name),
					"say it: --set "+strings.Join(letters, "=N --set ")+"=N")
			}
		}
	}
	for _, b := range d.Boxes {
		hold(b.Weave.Degree)
		hold(b.Weave.Own)
		for _, body := range diagram.Bodies(b.Op) {
			f.holdNumbers(root, body)
		}
	}
	for _, w := range d.In {
		hold(w.Type.Axes)
	}
}

func (f *File) unit(d *diagram.Diagram, path string, borrows bool, reverse *diagram.Diagram, within *diagram.Box) *Unit {
	u := &Unit{File: f, Lines: NewLines(f.Dialect, f.Used, f.Refused), Diagram: d, Path: path, borrows: borrows, reverse: reverse, within: within}
	u.IsLifted, u.Hole, u.Locals = true, Hole, f.locals
	for _, w := range d.Weights {
		if _, isClaimed := f.claims[w]; !isClaimed && !borrows {
			f.claims[w] = joinedPath(path, w.Path)
		}
	}
	for _, w := range d.In {
		name := u.nameFor(w, "x")
		u.Ports = append(u.Ports, name)
		u.Bind(w, name, true)
	}
	u.Indent = "    "
	u.boxes()
	for _, w := range d.Out {
		u.Results = append(u.Results, u.Value(w))
	}
	u.states()
	if reverse != nil {
		f.Manner.Backed(u, u.reversed())
	}
	u.Template = f.Manner.Finish(u)
	for _, p := range u.Parts {
		u.Template.Children = append(u.Template.Children, p.Template)
	}
	return u
}

func joinedPath(path, rest string) string {
	if path == "" || rest == "" {
		return path + rest
	}
	return path + "." + rest
}

// boxes writes the boxes in their order; those that read a state which starts at what
// others make wait for these.
func (u *Unit) boxes() {
	waiting := u.Diagram.Boxes
	isBound := func(w *diagram.Wire) bool { _, ok := u.values[w]; return ok }
	for first := true; first || len(waiting) > 0; first = false {
		for _, s := range u.Diagram.States {
			if !isBound(s.In) && (s.Start == nil || s.Kept || isBound(s.Start)) {
				u.bindState(s)
			}
		}
		var later []*diagram.Box
		for _, b := range waiting {
			if slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return !isBound(w) }) {
				later = append(later, b)
				continue
			}
			u.box(b)
		}
		if len(later) == len(waiting) && !first {
			panic("python: a state starts at what hangs on it")
		}
		waiting = later
	}
}

func (u *Unit) bindState(s *diagram.State) {
	if s.Kept {
		text := u.File.Manner.Weight(s.Path)
		if s.Out != s.In {
			text = u.File.Manner.State(u, s, "")
		}
		name := u.nameFor(s.In, "kept")
		u.Put("%s = %s  # %s", name, text, s.In.Type)
		u.Bind(s.In, name, s.Out != s.In)
		return
	}
	start := ""
	if s.Start != nil {
		start = u.Value(s.Start)
	} else {
		indices := make([]string, len(s.In.Type.Axes))
		for i, a := range s.In.Type.Axes {
			indices[i] = u.size(a.Label, a.Size.MustInt())
		}
		list := strings.Join(indices, ", ")
		if len(indices) == 1 {
			list += ","
		}
		start = fmt.Sprintf(u.Dialect.filled, list, Literal(s.Init))
	}
	name := u.nameFor(s.In, "state")
	u.Put("%s = %s  # %s", name, u.File.Manner.State(u, s, start), s.In.Type)
	u.Bind(s.In, name, true)
	if s.Shares != nil {
		u.Refused.Refuse(s.Span, export.NotExportable, "a state `"+s.Path+"` goes on from an earlier use of its box")
	}
}

// states carries on what has changed.
func (u *Unit) states() {
	for _, s := range u.Diagram.States {
		if s.Kept && s.Out == s.In {
			continue
		}
		u.States = append(u.States, s)
		u.File.Manner.Kept(u, s, u.Value(s.Out))
	}
}

func (u *Unit) box(b *diagram.Box) {
	switch op := b.Op.(type) {
	case diagram.Composite:
		u.composite(b, op)
	case diagram.Repeat:
		u.repeat(b, op)
	case diagram.Scan:
		u.scan(b, op)
	default:
		u.Lines.Box(b, u.weight, u.random)
	}
}

// weight is the expression of a weight: the unit's own or one of its parts', or one
// that it is handed.
func (u *Unit) weight(w *diagram.Weight) string {
	path, isClaimed := u.File.claims[w]
	if !isClaimed {
		path = joinedPath(u.Path, w.Path)
		u.File.claims[w] = path
	}
	if u.Path == "" {
		return u.File.Manner.Weight(path)
	}
	if inside, isInside := strings.CutPrefix(path, u.Path+"."); isInside && !u.borrows {
		return u.File.Manner.Weight(inside)
	}
	if !slices.Contains(u.Borrowed, w) {
		u.Borrowed = append(u.Borrowed, w)
	}
	return BorrowedName(w)
}

// BorrowedName is the parameter that hands a weight to a unit that has it not itself.
func BorrowedName(w *diagram.Weight) string { return "shared_" + Identifier(w.Path) }

// random is a draw of the library's own generator.
func (u *Unit) random(b *diagram.Box) string {
	op := b.Op.(diagram.Random)
	if op.Fixed || u.Dialect.Module != "torch" {
		u.Refused.Refuse(b.Span, export.NotExportable, "a draw `"+op.Distribution+"` that is to be the same in every run, or without a key to draw by")
	}
	like := ""
	for i, w := range u.Diagram.In {
		like += fmt.Sprintf(", (%s, %d)", u.Ports[i], len(w.Type.Axes))
	}
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	return fmt.Sprintf("%s(%q, %s, (%s)%s)", u.use("drawn"), op.Distribution, Literal(op.Scale), u.sizesOf(b.Weave, order), like)
}

// boundary are the indices of a body's wire, behind those that it is lifted over.
func boundary(b *diagram.Box, degree []int, axes shape.Shape) []int {
	order := slices.Clone(degree)
	for _, a := range axes {
		order = append(order, len(b.Weave.Degree)+slices.IndexFunc(b.Weave.Own, a.Equal))
	}
	return order
}

// part is the use of a body at a path. One that was used there before is used again;
// where it has other sizes now, its weights are handed to another.
func (u *Unit) part(d *diagram.Diagram, name string, reverse *diagram.Diagram, b *diagram.Box) *Part {
	if inner := soleBody(d); inner != nil && reverse == nil {
		d, reverse = inner.Body, inner.Reverse
	}
	if strings.HasSuffix(name, ".") || name == "" {
		u.Refused.Refuse(b.Span, export.NotExportable, "a box without a name of its own around another that has weights")
	}
	path := joinedPath(u.Path, name)
	made := u.File.unit(d, path, u.borrows, reverse, b)
	i := slices.IndexFunc(u.Parts, func(p *Part) bool { return p.Name == name })
	if i >= 0 && u.Parts[i].Template.isLike(made.Template) {
		return u.Parts[i]
	}
	if i >= 0 {
		name += "_again"
		made = u.File.unit(d, joinedPath(u.Path, name), true, reverse, b)
	}
	p := &Part{Unit: made, Name: name, Index: len(u.Parts)}
	u.Parts = append(u.Parts, p)
	return p
}

// soleBody is the only box of a body, a composite without a name that has just the
// body's boundary: it stands for the body.
func soleBody(d *diagram.Diagram) *diagram.Composite {
	if len(d.Boxes) != 1 || d.Boxes[0].Name != "" || len(d.States) > 0 {
		return nil
	}
	b := d.Boxes[0]
	op, isComposite := b.Op.(diagram.Composite)
	if !isComposite || len(b.Weave.Degree) > 0 || !slices.Equal(b.In, d.In) || !slices.Equal(b.Out, d.Out) {
		return nil
	}
	for i, w := range slices.Concat(b.In, b.Out) {
		if !slices.EqualFunc(w.Type.Axes, slices.Concat(op.Body.In, op.Body.Out)[i].Type.Axes, sameSize) {
			return nil
		}
	}
	return &op
}

func sameSize(a, b shape.Axis) bool { return a.Size.Equal(b.Size) }

// isLike reports whether two templates become the same text with the same sizes.
func (t *Template) isLike(other *Template) bool {
	if t.Name != other.Name || t.Text != other.Text || len(t.Children) != len(other.Children) {
		return false
	}
	for i, child := range t.Children {
		if !child.isLike(other.Children[i]) {
			return false
		}
	}
	return true
}

// Lent are the weights that a part is handed, as arguments.
func (u *Unit) Lent(p *Part) []string {
	var args []string
	for _, w := range p.Borrowed {
		args = append(args, BorrowedName(w)+"="+u.weight(w))
	}
	return args
}

func (u *Unit) composite(b *diagram.Box, op diagram.Composite) {
	p := u.part(op.Body, b.Name, op.Reverse, b)
	args := make([]string, len(b.In))
	for i := range b.In {
		args[i] = u.Given(b, i, boundary(b, degreeIndices(b), op.Body.In[i].Type.Axes))
	}
	outs := u.outNames(b)
	u.File.Manner.Call(u, p, args, outs, u.typesMade(b, op.Body))
	u.receive(b, op.Body, outs)
}

// typesMade are the types of a box's results as its body hands them over: those of the
// box's wires, where they are laid along these as they are.
func (u *Unit) typesMade(b *diagram.Box, body *diagram.Diagram) string {
	words := make([]string, len(b.Out))
	for i, w := range b.Out {
		if words[i] = w.Type.String(); !isPlain(b, i, boundary(b, degreeIndices(b), body.Out[i].Type.Axes)) {
			words[i] = shape.Type{Axes: slices.Concat(b.Weave.Degree, body.Out[i].Type.Axes), In: w.Type.In}.String()
		}
	}
	return strings.Join(words, ", ")
}

// typesOf are the types of wires.
func typesOf(wires []*diagram.Wire) string {
	words := make([]string, len(wires))
	for i, w := range wires {
		words[i] = w.Type.String()
	}
	return strings.Join(words, ", ")
}

// outNames are names for what a part makes, before it is laid along the box's wires.
func (u *Unit) outNames(b *diagram.Box) []string {
	outs := make([]string, len(b.Out))
	for i, w := range b.Out {
		outs[i] = u.nameFor(w, FunctionName(b.Op.Kind()))
	}
	return outs
}

// receive binds the wires of a box to what its body has made.
func (u *Unit) receive(b *diagram.Box, body *diagram.Diagram, outs []string) {
	depends := dependence(body)
	for i, w := range b.Out {
		order := boundary(b, degreeIndices(b), body.Out[i].Type.Axes)
		text := outs[i]
		if lacking := u.lacking(b, depends[i]); lacking {
			text = fmt.Sprintf("%s(%s, %d, (%s))", u.use("widened"), text, len(body.Out[i].Type.Axes), u.sizesOf(b.Weave, degreeIndices(b)))
		}
		if text == outs[i] && isPlain(b, i, order) {
			u.Bind(w, text, true)
			continue
		}
		u.Indices(b, i, text, order, true)
	}
}

// isPlain reports whether a result has its axes where the body has them.
func isPlain(b *diagram.Box, out int, order []int) bool {
	port := b.Weave.Out[out]
	if len(port) != len(order) {
		return false
	}
	for i, a := range port {
		if index, ok := a.Sole(); !ok || index != order[i] {
			return false
		}
	}
	return true
}

// lacking reports whether a result may be without an axis that its box is lifted over,
// since none of the inputs it hangs on has it.
func (u *Unit) lacking(b *diagram.Box, depends map[int]bool) bool {
	for index := range b.Weave.Degree {
		isThere := false
		for i, port := range b.Weave.In {
			isThere = isThere || depends[i] && slices.ContainsFunc(port, func(a diagram.Affine) bool {
				return slices.ContainsFunc(a.Terms, func(t diagram.AffineTerm) bool { return t.Index == index })
			})
		}
		if !isThere {
			return true
		}
	}
	return false
}

// dependence are the inputs of a diagram that each of its results hangs on. A draw of
// chance hangs on all: it is one for each place of theirs.
func dependence(d *diagram.Diagram) []map[int]bool {
	of := map[*diagram.Wire]map[int]bool{}
	for i, w := range d.In {
		of[w] = map[int]bool{i: true}
	}
	for range 1 + len(d.States) {
		for _, b := range d.Boxes {
			all := map[int]bool{}
			for _, w := range b.In {
				for i := range of[w] {
					all[i] = true
				}
			}
			if hasChance(b) {
				for i := range d.In {
					all[i] = true
				}
			}
			for _, w := range b.Out {
				of[w] = all
			}
		}
		for _, s := range d.States {
			of[s.In] = of[s.Out]
		}
	}
	list := make([]map[int]bool, len(d.Out))
	for i, w := range d.Out {
		list[i] = of[w]
	}
	return list
}

func hasChance(b *diagram.Box) bool {
	if _, isRandom := b.Op.(diagram.Random); isRandom {
		return true
	}
	for _, body := range diagram.Bodies(b.Op) {
		if slices.ContainsFunc(body.Boxes, hasChance) {
			return true
		}
	}
	return false
}

// repeat writes a loop over the turns.
func (u *Unit) repeat(b *diagram.Box, op diagram.Repeat) {
	if len(op.Turns) == 0 {
		u.passOn(b)
		return
	}
	from, step := op.From.MustInt(), 1
	if op.Down {
		step = -1
	}
	var turns []*Part
	for i, body := range op.Turns {
		turns = append(turns, u.part(body, fmt.Sprintf("%s.%d", b.Name, from+step*i), nil, b))
	}
	first := op.Turns[0]
	args := make([]string, len(first.In))
	for i := range b.In {
		args[i] = u.Given(b, i, boundary(b, degreeIndices(b), first.In[i].Type.Axes))
		if i < len(b.Out) { // carried on
			name := u.nameFor(b.Out[i], cmp.Or(b.In[i].Name, "x"))
			u.Put("%s = %s  # %s", name, args[i], first.In[i].Type)
			args[i] = name
		}
	}
	if u.areAlike(op.Turns, turns) {
		p := u.File.Manner.Turn(u, turns)
		u.Indent += "    "
		u.turn(p, op.Turns[0], first, args)
		u.Indent = u.Indent[4:]
		u.finishTurns(b, first.In[:len(b.Out)], args)
		return
	}
	for i, p := range turns {
		into := op.Turns[min(i+1, len(turns)-1)]
		if i == len(turns)-1 {
			u.File.Manner.Call(u, p, args, args[:len(b.Out)], typesOf(op.Turns[i].Out))
		} else {
			u.turn(p, op.Turns[i], into, args)
		}
	}
	u.finishTurns(b, op.Turns[len(turns)-1].Out, args)
}

// turn applies a turn, and brings what it makes to the axes that the next one takes.
func (u *Unit) turn(p *Part, body, next *diagram.Diagram, args []string) {
	outs := args[:len(body.Out)]
	u.File.Manner.Call(u, p, args, outs, typesOf(body.Out))
	for i, w := range body.Out {
		to := next.In[i].Type.Axes
		if slices.Equal(w.Type.Axes.Labels(), to.Labels()) {
			continue
		}
		space := diagram.Weave{Own: w.Type.Axes}
		order := make([]int, len(to))
		for j, a := range to {
			order[j] = w.Type.Axes.Index(a.Label)
		}
		turned := u.einsum(space, []term{{value{text: outs[i], isLifted: true}, span(0, len(to))}}, order)
		u.Put("%s = %s  # %s", outs[i], turned.text, next.In[i].Type)
	}
}

func (u *Unit) finishTurns(b *diagram.Box, made []*diagram.Wire, names []string) {
	for i, w := range b.Out {
		order := boundary(b, degreeIndices(b), made[i].Type.Axes)
		if isPlain(b, i, order) {
			u.Bind(w, names[i], true)
		} else {
			u.Indices(b, i, names[i], order, true)
		}
	}
}

// areAlike reports whether the turns can be the turns of one loop.
func (u *Unit) areAlike(bodies []*diagram.Diagram, turns []*Part) bool {
	for i, body := range bodies {
		for j := range body.Out {
			if !slices.Equal(body.In[j].Type.Axes.Labels(), bodies[0].In[j].Type.Axes.Labels()) ||
				!slices.Equal(body.Out[j].Type.Axes.Labels(), bodies[0].Out[j].Type.Axes.Labels()) {
				return false
			}
		}
		if !slices.Equal(turns[i].Borrowed, turns[0].Borrowed) || turns[i].IsStateful() || !turns[i].Template.isAlike(turns[0].Template) {
			return false
		}
	}
	return true
}

// isAlike reports whether two templates become one text, of whatever sizes.
func (t *Template) isAlike(other *Template) bool {
	if t.Name != other.Name || withoutSizes(t.Text) != withoutSizes(other.Text) || len(t.Children) != len(other.Children) {
		return false
	}
	for i, child := range t.Children {
		if !child.isAlike(other.Children[i]) {
			return false
		}
	}
	return true
}

func withoutSizes(text string) string {
	var b strings.Builder
	for part, mark := range pieces(text) {
		if mark == 0 {
			part, _, _ = strings.Cut(part, "=")
		}
		b.WriteString(part)
	}
	return b.String()
}

// passOn hands the inputs of a loop without turns on.
func (u *Unit) passOn(b *diagram.Box) {
	for i := range b.Out {
		u.finish(b, i, u.read(b, i))
	}
}

// scan writes a loop over the places of an axis.
func (u *Unit) scan(b *diagram.Box, op diagram.Scan) {
	if op.Gradient.Policy == "random" {
		u.Refused.Refuse(b.Span, export.NotExportable, "a scan whose gradient follows turns that are drawn anew in each run")
	}
	p := u.part(op.Body, b.Name, nil, b)
	along := len(b.Weave.Degree)
	axis := b.Weave.Own[0]
	u.File.Manner.Begin(u, p)
	args := make([]string, len(b.In))
	turn := u.Lines.Name(axis.Label)
	for i := range b.In {
		args[i] = u.turnInput(b, op, i, turn)
	}
	outs := u.outNames(b)
	lists := make([]string, len(outs))
	for i, name := range outs {
		lists[i] = u.Lines.Name(name + "_turns")
		u.Put("%s = []", lists[i])
	}
	u.Put("for %s in range(%s):", turn, u.size(axis.Label, axis.Size.MustInt()))
	u.Indent += "    "
	u.cutTurns(p, op.Gradient, turn, axis)
	u.File.Manner.Call(u, p, args, outs, typesOf(op.Body.Out))
	for i, name := range outs {
		u.Put("%s.append(%s)", lists[i], name)
	}
	u.Indent = u.Indent[4:]
	depends := dependence(op.Body)
	for i, w := range op.Body.Out {
		order := boundary(b, append(degreeIndices(b), along), w.Type.Axes)
		text := fmt.Sprintf("%s(%s, %d)", u.use("stack"), lists[i], -1-len(w.Type.Axes))
		if u.lacking(b, depends[i]) {
			text = fmt.Sprintf("%s(%s, %d, (%s))", u.use("widened"), text, 1+len(w.Type.Axes), u.sizesOf(b.Weave, degreeIndices(b)))
		}
		u.Indices(b, i, text, order, true)
	}
}

// cutTurns writes what keeps the backward pass from following the loop.
func (u *Unit) cutTurns(p *Part, gradient diagram.Through, turn string, axis shape.Axis) {
	condition := ""
	switch gradient.Policy {
	case "local":
		condition = turn + " > 0"
	case "last":
		condition = fmt.Sprintf("%s == %s - %d", turn, u.size(axis.Label, axis.Size.MustInt()), gradient.Turns)
	default:
		return
	}
	u.Put("if %s:  # nothing is sent back to the turn before", condition)
	u.Indent += "    "
	u.File.Manner.Cut(u, p)
	u.Indent = u.Indent[4:]
}

// turnInput is an input of a scan in a turn: its place along the axis, or the whole
// where it has no such axis.
func (u *Unit) turnInput(b *diagram.Box, op diagram.Scan, port int, turn string) string {
	along := len(b.Weave.Degree)
	axes := op.Body.In[port].Type.Axes
	hasAxis := slices.ContainsFunc(b.Weave.In[port], func(a diagram.Affine) bool { index, ok := a.Sole(); return ok && index == along })
	if !hasAxis {
		return u.Given(b, port, boundary(b, degreeIndices(b), axes))
	}
	text := u.Given(b, port, boundary(b, append(degreeIndices(b), along), axes))
	if strings.ContainsAny(text, "( ") {
		name := u.nameFor(b.In[port], "x")
		u.Put("%s = %s", name, text)
		text = name
	}
	return text + "[..., " + turn + strings.Repeat(", :", len(axes)) + "]"
}

// Reverse is the program of what a unit sends back, as a function of its inputs, its
// results and what comes back to these.
type Reverse struct {
	Inputs, Results, Sent []string // names
	IsPlace               []bool   // of inputs: nothing goes back to them
	Text                  string   // its lines
	Back                  []string // what goes back to the inputs of numbers
}

// reversed writes the lines of the program that sends back.
func (u *Unit) reversed() *Reverse {
	flat := rewrite.Normalize(u.reverse)
	if len(flat.Weights) > 0 || len(flat.States) > 0 {
		u.Refused.Refuse(u.reverse.Span, export.NotExportable, "a `reverse` block of diagram `"+u.Diagram.Name+"` that has weights or states of its own")
	}
	l := NewLines(u.Dialect, u.Used, u.Refused)
	l.IsLifted, l.Hole, l.Indent = true, u.Hole, "        "
	r := &Reverse{}
	for i, w := range flat.In {
		name := l.nameFor(w, "x")
		l.Bind(w, name, true)
		switch n, m := len(u.Diagram.In), len(u.Diagram.Out); {
		case i < n:
			r.Inputs, r.IsPlace = append(r.Inputs, name), append(r.IsPlace, w.Type.IsPlace())
		case i < n+m:
			r.Results = append(r.Results, name)
		default:
			r.Sent = append(r.Sent, name)
		}
	}
	for _, b := range flat.Boxes {
		l.Box(b, func(*diagram.Weight) string { return "None" }, func(b *diagram.Box) string {
			u.Refused.Refuse(b.Span, export.NotExportable, "a draw of chance in a `reverse` block")
			return "None"
		})
	}
	for _, w := range flat.Out {
		r.Back = append(r.Back, l.Value(w))
	}
	r.Text = l.Text.String()
	return r
}
