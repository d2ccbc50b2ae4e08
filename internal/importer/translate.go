package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// examples is the label of the axis of examples.
const examples = "batch"

// translation is a graph, or a function at one of its uses, while it is written.
type translation struct {
	*common
	values  map[string]*value
	uses    map[string]int
	lines   []string
	learned []Weight
	named   int // how many wires have been named
	depth   int // of functions within functions
}

// common is what all diagrams of a program share.
type common struct {
	model       *onnx.Model
	isDropped   bool // the axis of examples is left out
	labels      map[string]int
	params      map[string]string // labels of open axes, by the model's names of their sizes
	axes        []string          // declarations of axes
	declared    map[string]bool   // axes that have one
	diagrams    []string          // in the order of the text
	known       map[string]string // name of a diagram by its text without its name
	taken       map[string]bool   // names of diagrams
	functionFor map[string]*onnx.Function
}

func newTranslation(m *onnx.Model, isDropped bool) *translation {
	c := &common{
		model: m, isDropped: isDropped, labels: map[string]int{}, params: map[string]string{}, declared: map[string]bool{},
		known: map[string]string{}, taken: map[string]bool{}, functionFor: map[string]*onnx.Function{},
	}
	for _, f := range m.Functions {
		c.functionFor[f.Domain+"."+f.Name] = f
	}
	return &translation{common: c, values: map[string]*value{}, uses: map[string]int{}}
}

// program writes the whole model.
func (t *translation) program(g *onnx.Graph) (*Program, error) {
	var results []string
	for _, v := range g.Outputs {
		if err := portType("result", v); err != nil {
			return nil, err
		}
		results = append(results, v.Name)
	}
	ports, err := t.enter(g)
	if err != nil {
		return nil, err
	}
	name := t.diagramName(titled(g.Name))
	doc := "# Imported from an ONNX model.\n"
	if t.model.ProducerName != "" {
		doc = "# Imported from an ONNX model of " + oneLine(t.model.ProducerName) + ".\n"
	}
	body, err := t.body(g.Nodes, results)
	if err != nil {
		return nil, err
	}
	ports, names := used(ports, body), []string(nil)
	for _, p := range ports {
		names = append(names, p.source)
	}
	t.diagrams = append(t.diagrams, doc+"diagram "+name+signature(ports)+body)
	text := strings.Join(t.diagrams, "\n")
	if len(t.axes) > 0 {
		text = strings.Join(t.axes, "\n") + "\n\n" + text
	}
	return &Program{Text: text, Name: name, Ports: names, Weights: t.learned}, nil
}

// numbered is the end of a name that tells it from others.
var numbered = regexp.MustCompile(`_\d+$`)

// titled is the name of a diagram: with a capital, as those of the library have none.
func titled(name string) string {
	name = numbered.ReplaceAllString(word(name), "")
	if name == "" {
		return "Model"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// used are the ports that a body reads: in the language one that is never read is an
// error.
func used(ports []*value, body string) []*value {
	read := map[string]bool{}
	for _, w := range strings.FieldsFunc(body, func(r rune) bool { return !isWordRune(r) }) {
		read[w] = true
	}
	return slices.DeleteFunc(slices.Clone(ports), func(p *value) bool { return !read[p.text] })
}

func isWordRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// enter makes values of the initializers and of the ports.
func (t *translation) enter(g *onnx.Graph) ([]*value, error) {
	for _, x := range g.Initializers {
		a, err := decoded(x)
		if err != nil {
			return nil, &Refused{Causes: []string{err.Error()}}
		}
		t.values[x.Name] = constant(a)
	}
	places := t.placePorts(g)
	var ports []*value
	for _, in := range g.Inputs {
		if t.values[in.Name] != nil {
			continue
		}
		if !in.HasShape {
			return nil, &Refused{Causes: []string{"the sizes of input `" + in.Name + "` are not known"}}
		}
		if err := portType("input", in); err != nil {
			return nil, err
		}
		v := &value{text: t.portName(in.Name, ports), source: in.Name, order: true, in: places[in.Name]}
		for i, d := range in.Dims {
			v.axes = append(v.axes, t.portAxis(in, i, d, v.axes, g))
		}
		t.values[in.Name] = v
		ports = append(ports, v)
	}
	return ports, nil
}

// portType refuses inputs and results whose numbers float32 does not hold.
func portType(kind string, in *onnx.Value) error {
	switch in.Type {
	case onnx.Float, onnx.Int64, onnx.Int32, onnx.Bool:
	default:
		return &Refused{Causes: []string{fmt.Sprintf("%s `%s` is of type %d, and numbers are float32 in the language", kind, in.Name, in.Type)}}
	}
	for _, d := range in.Dims {
		if d.Known && d.Size < 1 {
			return &Refused{Causes: []string{fmt.Sprintf("an axis of %s `%s` has no places", kind, in.Name)}}
		}
	}
	return nil
}

func (t *translation) portName(name string, ports []*value) string {
	name = word(name)
	if name == "" || reserved[name] {
		name = "x"
	}
	unique := name
	for n := 2; slices.ContainsFunc(ports, func(p *value) bool { return p.text == unique }); n++ {
		unique = name + strconv.Itoa(n)
	}
	return unique
}

// reserved are the words that the language keeps for itself.
var reserved = map[string]bool{
	"axis": true, "const": true, "import": true, "as": true, "diagram": true, "state": true, "kept": true, "for": true, "in": true,
	"down": true, "if": true, "else": true, "and": true, "or": true, "not": true, "save": true, "load": true, "where": true, "rule": true,
	"train": true, "figure": true, "test": true, "expect": true, "training": true, "reverse": true,
}

// portAxis names an axis of what comes in: by the name that the model has for its size,
// by its place in a picture, or else by a letter.
func (t *translation) portAxis(in *onnx.Value, i int, d onnx.Dim, before shape.Shape, g *onnx.Graph) shape.Axis {
	if t.isDropped && i == 0 {
		size := shape.Letter(examples)
		if d.Known {
			size = shape.Int(int(d.Size))
		}
		return shape.Axis{Label: examples, Size: size}
	}
	if label, isKnown := t.params[d.Param]; isKnown && d.Param != "" && before.Index(label) < 0 {
		return shape.Axis{Label: label, Size: shape.Letter(label)}
	}
	wish := documented(in, i)
	if wish == "" {
		wish = word(d.Param)
	}
	if wish == "" && isPicture(g, in.Name) {
		wish = pictureLabel(i, len(in.Dims))
	}
	if wish == "" {
		wish = string(rune('a' + min(i, 25)))
	}
	if wish == examples {
		wish = "n"
	}
	if reserved[wish] || before.Index(wish) >= 0 {
		wish = t.label(wish)
	}
	t.labels[wish]++
	if d.Known {
		return shape.Axis{Label: wish, Size: shape.Int(int(d.Size))}
	}
	t.params[d.Param] = wish
	return shape.Axis{Label: wish, Size: shape.Letter(wish)}
}

// documented is the label that an axis has in the type beside an input, as the exporter
// writes it: `[batch row:28 col:28]`.
func documented(in *onnx.Value, i int) string {
	text, _, isType := strings.Cut(strings.TrimPrefix(in.Doc, "["), "]")
	words := strings.Fields(text)
	if !isType || len(words) != len(in.Dims) {
		return ""
	}
	label, _, _ := strings.Cut(words[i], ":")
	if word(label) != strings.TrimRight(label, "'") {
		return ""
	}
	return label
}

// isPicture reports whether windows move over an input.
func isPicture(g *onnx.Graph, name string) bool {
	return slices.ContainsFunc(g.Nodes, func(n *onnx.Node) bool {
		return len(n.Inputs) > 0 && n.Inputs[0] == name && (n.Op == "Conv" || strings.HasSuffix(n.Op, "Pool"))
	})
}

func pictureLabel(i, rank int) string {
	switch {
	case i == 0:
		return "n"
	case i == 1:
		return "c"
	case rank == 3:
		return "t"
	case rank == 4:
		return []string{"row", "col"}[i-2]
	}
	return ""
}

// placePorts finds the inputs that are places: those that only look things up.
func (t *translation) placePorts(g *onnx.Graph) map[string]*shape.Axis {
	places := map[string]*shape.Axis{}
	for _, n := range g.Nodes {
		if n.Op != "Gather" || len(n.Inputs) < 2 || t.values[n.Inputs[0]] == nil {
			continue
		}
		table, axis := t.values[n.Inputs[0]].data, t.int(n, "axis", 0)
		isInput := slices.ContainsFunc(g.Inputs, func(v *onnx.Value) bool { return v.Name == n.Inputs[1] })
		if isInput && axis >= 0 && axis < len(table.dims) && places[n.Inputs[1]] == nil {
			a := shape.Axis{Label: t.label("vocab"), Size: shape.Int(table.dims[axis])}
			t.axes = append(t.axes, fmt.Sprintf("axis %s = %s", a.Label, a.Size))
			places[n.Inputs[1]] = &a
		}
	}
	return places
}

// label is a label that nothing has had yet.
func (t *translation) label(wish string) string {
	n := t.labels[wish]
	t.labels[wish]++
	if n == 0 && !reserved[wish] {
		return wish
	}
	unique := wish + strconv.Itoa(n+1)
	if t.labels[unique] > 0 {
		return t.label(wish)
	}
	t.labels[unique]++
	return unique
}

func (t *translation) diagramName(wish string) string {
	name := wish
	for n := 2; t.taken[name] || reserved[name]; n++ {
		name = wish + strconv.Itoa(n)
	}
	t.taken[name] = true
	return name
}

// signature writes the ports of a diagram.
func signature(ports []*value) string {
	words := make([]string, len(ports))
	for i, p := range ports {
		words[i] = p.text + typeText(p)
	}
	return "(" + strings.Join(words, ", ") + ")"
}

// typeText is the type of a value without the axis of examples.
func typeText(v *value) string {
	var words []string
	for _, a := range v.axes {
		if a.Label != examples {
			words = append(words, a.String())
		}
	}
	text := "[" + strings.Join(words, " ") + "]"
	if v.in != nil {
		text += " in " + v.in.Label
	}
	return text
}

// body translates nodes, and writes what the diagram results in and its statements.
func (t *translation) body(nodes []*onnx.Node, results []string) (string, error) {
	for _, n := range nodes {
		for _, in := range n.Inputs {
			t.uses[in]++
		}
	}
	for _, r := range results {
		t.uses[r]++
	}
	for _, n := range nodes {
		if err := t.node(n); err != nil {
			return "", err
		}
	}
	var types, words []string
	for _, r := range results {
		v := t.values[r]
		if v == nil {
			return "", &Refused{Causes: []string{"result `" + r + "` is made by no node"}}
		}
		v = t.wire(v)
		if v.text == "" {
			return "", &Refused{Causes: []string{"result `" + r + "` is a list of sizes, or nothing"}}
		}
		types, words = append(types, typeText(v)), append(words, v.text)
		t.learned = append(t.learned, v.learned...)
	}
	result, last := types[0], words[0]
	if len(results) > 1 {
		result, last = "("+strings.Join(types, ", ")+")", "("+strings.Join(words, ", ")+")"
	}
	return " -> " + result + " {\n" + strings.Join(append(t.lines, "    "+broken(last)), "\n") + "\n}\n", nil
}

// broken breaks a long flow before its arrows.
func broken(flow string) string {
	const widest = 110
	steps := strings.Split(flow, " >> ")
	text, width := steps[0], len(steps[0])
	for _, s := range steps[1:] {
		if width+len(s) > widest {
			text, width = text+"\n          >> "+s, len(s)
			continue
		}
		text, width = text+" >> "+s, width+len(s)+4
	}
	return text
}

// node translates one node.
func (t *translation) node(n *onnx.Node) error {
	if f := t.functionFor[n.Domain+"."+n.Op]; f != nil {
		return t.call(n, f)
	}
	for i, in := range n.Inputs {
		if in != "" && t.values[in] == nil {
			return refuse(n, "its input %d, `%s`, is made by no node before it", i, in)
		}
	}
	op := operators[n.Op]
	if len(n.Inputs) < op.least || len(n.Outputs) == 0 {
		return refuse(n, "it has %d inputs and %d outputs", len(n.Inputs), len(n.Outputs))
	}
	for i := range op.least {
		if n.Inputs[i] == "" {
			return refuse(n, "its input %d is left out", i)
		}
	}
	return op.write(t, n)
}

// in is an input, or nil where it is left out.
func (t *translation) in(n *onnx.Node, i int) *value {
	if i >= len(n.Inputs) || n.Inputs[i] == "" {
		return nil
	}
	return t.values[n.Inputs[i]]
}

// set gives an output its value: under a name of its own where it is read more than
// once.
func (t *translation) set(n *onnx.Node, i int, v *value) {
	if i >= len(n.Outputs) || n.Outputs[i] == "" {
		return
	}
	if t.uses[n.Outputs[i]] != 1 && !v.isConstant() && v.isFlow {
		v = t.name(v)
	}
	t.values[n.Outputs[i]] = v
}

// name writes a statement that gives a flow a name.
func (t *translation) name(v *value) *value {
	if !v.isFlow {
		return v
	}
	t.named++
	name := "h" + strconv.Itoa(t.named)
	t.lines = append(t.lines, "    "+name+" = "+broken(v.text))
	t.learned = append(t.learned, v.learned...)
	made := *v
	made.text, made.isFlow, made.learned = name, false, nil
	return &made
}

// wire is a value as words: constants with axes become learned wires.
func (t *translation) wire(v *value) *value {
	if list, ok := v.ints(); ok && !v.isConstant() {
		v = constant(&array{dims: []int{len(list)}, values: widened(list), isWhole: true})
		if v.rank() == 0 {
			v.data.dims = nil
		}
	}
	if !v.isConstant() || len(v.data.values) == 0 {
		return v
	}
	if x, ok := v.scalar(); ok && len(v.data.dims) == 0 {
		return &value{text: v.data.literal(x), order: true}
	}
	made := &value{isFlow: true, order: true, learned: []Weight{v.data.weight()}}
	for i, n := range v.data.dims {
		made.axes = append(made.axes, shape.Axis{Label: t.label(string(rune('a' + min(i, 25)))), Size: shape.Int(n)})
	}
	made.text = "learned" + typeText(made)
	return t.name(made)
}

// then sends a value through a box.
func then(v *value, box string, learned ...Weight) *value {
	return &value{text: v.text + " >> " + box, isFlow: true, axes: v.axes, in: v.in, learned: append(slices.Clone(v.learned), learned...)}
}

// call writes a function as a diagram, once for all uses that come out alike.
func (t *translation) call(n *onnx.Node, f *onnx.Function) error {
	if t.depth > 16 {
		return refuse(n, "functions lie more than 16 deep in one another")
	}
	if len(n.Attributes) > 0 && len(f.Attributes) > 0 {
		return refuse(n, "functions with attributes are not known")
	}
	inner := &translation{common: t.common, values: map[string]*value{}, uses: map[string]int{}, depth: t.depth + 1}
	labels := t.labels
	t.common.labels = map[string]int{}
	var ports, args []*value
	for i, name := range f.Inputs {
		v := t.in(n, i)
		if v == nil || v.isConstant() || v.sizes != nil {
			inner.values[name] = v
			continue
		}
		arg := t.name(v)
		port := *arg
		port.text, port.order = inner.portName("x", ports), true
		for _, a := range port.axes {
			t.labels[a.Label]++
		}
		inner.values[name] = &port
		ports, args = append(ports, &port), append(args, arg)
	}
	body, err := inner.body(f.Nodes, f.Outputs)
	t.common.labels = labels
	if err != nil {
		return err
	}
	text := signature(ports) + body
	name, isKnown := t.known[text]
	if !isKnown {
		name = t.diagramName(titled(f.Name))
		t.known[text] = name
		t.diagrams = append(t.diagrams, "diagram "+name+text)
	}
	return t.use(n, f, inner, name, args)
}

// use writes the use of a diagram that stands for a function.
func (t *translation) use(n *onnx.Node, f *onnx.Function, inner *translation, name string, args []*value) error {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = a.text
	}
	flow := strings.Join(words, ", ")
	if len(args) != 1 {
		flow = "(" + flow + ")"
	}
	if len(args) == 0 {
		return refuse(n, "a function of nothing")
	}
	made := &value{text: flow + " >> " + name, isFlow: true, learned: inner.learned}
	if len(f.Outputs) == 1 {
		result := inner.values[f.Outputs[0]]
		made.axes, made.in, made.order = t.wire(result).axes, result.in, true
		t.set(n, 0, made)
		return nil
	}
	var names []string
	for i := range f.Outputs {
		t.named++
		result := *inner.values[f.Outputs[i]]
		result.text, result.isFlow, result.learned, result.order = "h"+strconv.Itoa(t.named), false, nil, true
		names = append(names, result.text)
		t.set(n, i, &result)
	}
	t.lines = append(t.lines, "    "+strings.Join(names, ", ")+" = "+broken(made.text))
	t.learned = append(t.learned, made.learned...)
	return nil
}
