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
	lines   []statement
	learned []Weight        // of what the diagram results in
	origin  map[string]site // of the labels of axes that its nodes make
	names   map[string]bool // of wires
	depth   int             // of functions within functions
}

// statement gives what is written a name.
type statement struct {
	names, text string // text is what stands behind the equals sign
	learned     []Weight
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

	node        *onnx.Node // that is written
	nth         int        // how many axes it has made
	agreed, met map[site]string
}

func newTranslation(m *onnx.Model, isDropped bool, agreed map[site]string) *translation {
	c := &common{
		model: m, isDropped: isDropped, labels: map[string]int{}, params: map[string]string{}, declared: map[string]bool{},
		known: map[string]string{}, taken: map[string]bool{}, functionFor: map[string]*onnx.Function{},
		agreed: agreed, met: map[site]string{},
	}
	for _, f := range m.Functions {
		c.functionFor[f.Domain+"."+f.Name] = f
	}
	return c.scope(0)
}

// scope is a diagram of the program that lies so deep in others.
func (c *common) scope(depth int) *translation {
	return &translation{common: c, values: map[string]*value{}, uses: map[string]int{}, depth: depth, origin: map[string]site{}, names: map[string]bool{}}
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
	return &Program{Text: text, Name: name, Ports: names, Weights: t.weights()}, nil
}

// numbered is the end of a name that tells it from others.
var numbered = regexp.MustCompile(`_\d+$`)

// titled is the name of a diagram: with a capital, as those of the library have none.
func titled(name string) string {
	name = numbered.ReplaceAllString(word(name), "")
	if name == "" || name == "main_graph" || name == "torch_jit" {
		return "Model"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// used are the ports that a body reads: in the language one that is never read is an
// error.
func used(ports []*value, body string) []*value {
	read := map[string]bool{}
	for _, w := range strings.FieldsFunc(body, isNoWordRune) {
		read[w] = true
	}
	return slices.DeleteFunc(slices.Clone(ports), func(p *value) bool { return !read[p.text] })
}

func isNoWordRune(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// enter makes values of the initializers and of the ports.
func (t *translation) enter(g *onnx.Graph) ([]*value, error) {
	for _, x := range g.Initializers {
		a, err := decoded(x)
		if err != nil {
			return nil, &Refused{Causes: []string{err.Error()}}
		}
		a.source = x.Name
		for i := range a.dims {
			a.labels = append(a.labels, documented(x.Doc, len(a.dims), i))
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
		wish := in.Name
		if isPicture(g, in.Name) && len(in.Dims) == 4 && meaningless.MatchString(wish) {
			wish = "image"
		}
		v := &value{text: t.portName(wish, ports), source: in.Name, order: true, in: places[in.Name]}
		for i, d := range in.Dims {
			v.axes = append(v.axes, t.portAxis(in, i, d, v.axes, g))
		}
		t.values[in.Name] = v
		ports = append(ports, v)
	}
	return ports, nil
}

// meaningless are names of inputs that say nothing.
var meaningless = regexp.MustCompile(`^(?i:inputs?|data|x)[._]?\d*$`)

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
	t.names[unique] = true
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
	wish := documented(in.Doc, len(in.Dims), i)
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
		if err := t.write(n); err != nil {
			return "", err
		}
	}
	var types, words []string
	var learned []Weight
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
		learned = append(learned, v.learned...)
	}
	t.learned = learned
	result, last := types[0], words[0]
	if len(results) > 1 {
		result, last = "("+strings.Join(types, ", ")+")", "("+strings.Join(words, ", ")+")"
	}
	return " -> " + result + " {\n" + t.statements(last) + "    " + broken(last) + "\n}\n", nil
}

// statements writes the statements whose names are read. last is what the diagram
// results in.
func (t *translation) statements(last string) string {
	read := map[string]bool{}
	var kept []statement
	t.read(read, last)
	for _, s := range slices.Backward(t.lines) {
		isRead := len(s.learned) > 0
		for _, name := range strings.FieldsFunc(s.names, isNoWordRune) {
			isRead = isRead || read[name]
		}
		if isRead {
			t.read(read, s.text)
			kept = append(kept, s)
		}
	}
	slices.Reverse(kept)
	t.lines = kept
	var text strings.Builder
	for _, s := range kept {
		fmt.Fprintf(&text, "    %s = %s\n", s.names, broken(s.text))
	}
	return text.String()
}

// read marks the names in words.
func (t *translation) read(marked map[string]bool, words string) {
	for _, w := range strings.FieldsFunc(words, isNoWordRune) {
		marked[w] = true
	}
}

// weights are those of a diagram that is written, in the order of its text.
func (t *translation) weights() []Weight {
	var list []Weight
	for _, s := range t.lines {
		list = append(list, s.learned...)
	}
	return append(list, t.learned...)
}

// boxes are those whose names a wire that stands before them would take.
var boxes = wordSet("linear affine bias gain learned conv depthwise_conv upconv maxpool meanpool window unwindow slice pad flip concat at " +
	"upsample spread sum mean max min product logsumexp argmax argmin cumsum sort top softmax logsoftmax layernorm rmsnorm standardize " +
	"exp log sqrt abs sign sin cos tanh sigmoid relu gelu silu softplus square reciprocal power clamp less greater equal select step erf " +
	"take put one_hot places each grouped_linear")

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

// wireName is a name for a wire: the one wished for where it is free.
func (t *translation) wireName(wish string) string {
	if wish == "" || t.names[wish] || reserved[wish] || boxes[wish] {
		for n := 1; ; n++ {
			if wish = "h" + strconv.Itoa(n); !t.names[wish] {
				break
			}
		}
	}
	t.names[wish] = true
	return wish
}

// adopt makes the labels that a function has made those of a site here, too.
func (t *translation) adopt(inner *translation, axes shape.Shape) {
	for _, a := range axes {
		if at, isMade := inner.origin[a.Label]; isMade {
			if _, isOurs := t.origin[a.Label]; !isOurs && t.labels[a.Label] == 0 {
				t.origin[a.Label] = at
			}
		}
	}
}

// broken breaks a long flow before those of its arrows that stand in no bracket.
func broken(flow string) string {
	const widest = 110
	var text strings.Builder
	width := 0
	for i, step := range steps(flow) {
		switch {
		case i > 0 && width+len(step) > widest:
			text.WriteString("\n          >> ")
			width = 0
		case i > 0:
			text.WriteString(" >> ")
		}
		text.WriteString(step)
		width += len(step) + 4
	}
	return text.String()
}

// steps parts a flow at its own arrows.
func steps(flow string) []string {
	var list []string
	depth, from := 0, 0
	for i, r := range flow {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '>':
			if depth == 0 && strings.HasPrefix(flow[i:], ">> ") && i > 0 {
				list, from = append(list, flow[from:i-1]), i+3
			}
		}
	}
	return append(list, flow[from:])
}

// write translates one node.
func (t *translation) write(n *onnx.Node) error {
	if f := t.functionFor[n.Domain+"."+n.Op]; f != nil {
		return t.call(n, f)
	}
	for i, in := range n.Inputs {
		if in != "" && t.values[in] == nil {
			return refuse(n, "its input %d, `%s`, is made by no node before it", i, in)
		}
	}
	t.node, t.nth = n, 0
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
	made := *v
	made.text, made.isFlow, made.learned = t.wireName(v.wish), false, nil
	t.lines = append(t.lines, statement{made.text, v.text, v.learned})
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
		made.axes = append(made.axes, shape.Axis{Label: t.fresh(label{v.data.label(i), letter(i)}, made.axes), Size: shape.Int(n)})
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
	inner := t.scope(t.depth + 1)
	labels := t.labels
	t.common.labels = map[string]int{}
	var ports, args []*value
	var before []Weight
	isSeveral := t.wires(n) != 1
	for i, name := range f.Inputs {
		v := t.in(n, i)
		if v == nil || v.isConstant() || v.sizes != nil {
			inner.values[name] = v
			continue
		}
		arg := v
		if isSeveral {
			arg = t.name(v)
		}
		before = append(before, arg.learned...)
		port := value{axes: slices.Clone(v.axes), in: v.in, source: v.source}
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
	return t.use(n, f, inner, name, args, before)
}

// wires is how many inputs of a node are computed.
func (t *translation) wires(n *onnx.Node) int {
	count := 0
	for i := range n.Inputs {
		if v := t.in(n, i); v != nil && !v.isConstant() && v.sizes == nil {
			count++
		}
	}
	return count
}

// use writes the use of a diagram that stands for a function.
func (t *translation) use(n *onnx.Node, f *onnx.Function, inner *translation, name string, args []*value, before []Weight) error {
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
	made := &value{text: flow + " >> " + name, isFlow: true, learned: slices.Concat(before, inner.weights())}
	if len(args) == 1 {
		made.again(args[0], name)
	}
	if len(f.Outputs) == 1 {
		result := inner.values[f.Outputs[0]]
		made.axes, made.in, made.order = t.wire(result).axes, result.in, true
		t.adopt(inner, made.axes)
		t.set(n, 0, made)
		return nil
	}
	var names []string
	for i := range f.Outputs {
		result := *inner.values[f.Outputs[i]]
		result.text, result.isFlow, result.learned, result.order = t.wireName(""), false, nil, true
		t.adopt(inner, result.axes)
		names = append(names, result.text)
		t.set(n, i, &result)
	}
	t.lines = append(t.lines, statement{strings.Join(names, ", "), made.text, made.learned})
	return nil
}
