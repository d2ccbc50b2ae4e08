// Package importer writes ONNX models as programs of the language.
//
// In goes a model; out come the text of a program whose diagram computes what the model
// does, and the model's weights by their paths in it. Axes get names on the way: those
// of pictures where windows move, those of the other operand where arrays meet, and new
// ones where a product makes them; a model is written several times, each time with the
// labels that met the time before, and the shortest text is kept. The axis of examples
// is left out where no operator touches it, as the language's diagrams are written.
// Functions of the model become diagrams, and so do runs of nodes that repeat.
//
// Numbers are kept: what comes back of a program that went out computes the same. Lost
// are names of values, doc strings, element types, and the hierarchy that is neither a
// function nor repeats.
//
// What cannot be said is refused with a list: Refused names each operator and how often
// it is used. The package runs nothing. A model is distrusted: sizes are checked against
// what the file holds before memory is taken, and functions may not nest without end.
//
// The operators are those of https://onnx.ai/onnx/operators.
package importer

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"ncd/grammar/format"
	"ncd/grammar/source"
	"ncd/internal/onnx"
	"ncd/runtime/tensor"
)

// Program is a model as a program of the language.
type Program struct {
	Text    string
	Name    string   // of the diagram that is the model
	Ports   []string // the model's inputs that its ports are, in order
	Weights []Weight
}

// Weight is an array of the model, in the order in which the diagram reads its weights.
type Weight struct {
	Dims   []int
	Values []float32
}

// Tensor is the weight with the axes that the diagram gives it.
func (w Weight) Tensor(axes []string) *tensor.Tensor { return tensor.Of(w.Values, axes, w.Dims...) }

// Options are what a model does not say.
type Options struct {
	KeepExamples bool           // the first axis is one like the others, also where no operator touches it
	Sizes        map[string]int // of axes of the inputs that are open, by the model's names of them
}

// Refused is what of a model the language has no words for, or the importer does not
// know: operators with the number of their uses, and other causes.
type Refused struct {
	Operators map[string]int
	Causes    []string
}

func (r *Refused) Error() string {
	var said []string
	for _, op := range slices.Sorted(maps.Keys(r.Operators)) {
		said = append(said, fmt.Sprintf("operator `%s`, used %d times", op, r.Operators[op]))
	}
	return "it cannot be imported: " + strings.Join(append(said, r.Causes...), "; ")
}

// errExamples is met when an operator touches the axis of examples.
var errExamples = errors.New("the axis of examples is like the others")

// Import writes a model as a program. The error is a *Refused where it cannot.
func Import(m *onnx.Model, o Options) (*Program, error) {
	if err := covered(m); err != nil {
		return nil, err
	}
	m = recognised(m)
	if err := set(m.Graph, o.Sizes); err != nil {
		return nil, err
	}
	p, err := written(m, o)
	if err != nil {
		return nil, err
	}
	if _, err := p.Named(); err != nil {
		return nil, unsound(m.Graph, err)
	}
	if formatted, said := format.Format(&source.File{Name: p.Name, Text: p.Text}); len(said) == 0 {
		p.Text = formatted
	}
	return p, nil
}

// set gives open axes of the inputs their sizes.
func set(g *onnx.Graph, sizes map[string]int) error {
	open := openSizes(g)
	for name, n := range sizes {
		if !slices.Contains(open, name) || n < 1 {
			return &Refused{Causes: []string{fmt.Sprintf("it has no open size `%s` that may be %d; its open sizes are: %s", name, n, strings.Join(open, ", "))}}
		}
	}
	inputs := slices.Clone(g.Inputs)
	for i, v := range inputs {
		settled := *v
		settled.Dims = slices.Clone(v.Dims)
		for k, d := range v.Dims {
			if n, isSet := sizes[d.Param]; isSet && !d.Known {
				settled.Dims[k] = onnx.Dim{Size: int64(n), Param: d.Param, Known: true}
			}
		}
		inputs[i] = &settled
	}
	g.Inputs = inputs
	return nil
}

// openSizes are the names of the inputs' sizes that are not known.
func openSizes(g *onnx.Graph) []string {
	var names []string
	for _, v := range g.Inputs {
		for _, d := range v.Dims {
			if !d.Known && d.Param != "" && !slices.Contains(names, d.Param) {
				names = append(names, d.Param)
			}
		}
	}
	return names
}

// unsound refuses a model whose program is wrong: one whose weights want sizes that are
// open, or that asks of the language what it does not allow.
func unsound(g *onnx.Graph, cause error) error {
	causes := []string{cause.Error()}
	if open := openSizes(g); len(open) > 0 {
		causes = append(causes, "its sizes "+strings.Join(open, ", ")+" are open, which may be why: say them")
	}
	return &Refused{Causes: causes}
}

// malformed makes a refusal of a model whose nodes contradict themselves: attributes of
// other lengths than their inputs have axes index beyond these, and there are too many
// ways to do so to foresee each.
func malformed(err *error) {
	switch cause := recover().(type) {
	case nil:
	case runtime.Error:
		*err = &Refused{Causes: []string{"a node's attributes do not fit its inputs (" + cause.Error() + ")"}}
	default:
		panic(cause)
	}
}

// written is the program without the axis of examples, where that can be.
func written(m *onnx.Model, o Options) (p *Program, err error) {
	defer malformed(&err)
	if !o.KeepExamples && hasExamples(m.Graph) {
		p, err := shortest(m, true)
		if !errors.Is(err, errExamples) {
			return p, err
		}
	}
	return shortest(m, false)
}

// mostWritings is how often a model is written to find labels that agree.
const mostWritings = 4

// shortest writes a model again and again, each time with the labels that the time before
// has shown to agree, and keeps the shortest text that is sound.
func shortest(m *onnx.Model, isDropped bool) (*Program, error) {
	var best *Program
	agreed := map[site]string{}
	for range mostWritings {
		t := newTranslation(m, isDropped, maps.Clone(agreed))
		p, err := t.program(m.Graph)
		if err != nil && best == nil {
			return nil, err
		}
		if best == nil || err == nil && len(p.Text) < len(best.Text) && p.isSound() {
			best = p
		}
		before := len(agreed)
		maps.Copy(agreed, t.met)
		if err != nil || len(agreed) == before {
			break
		}
	}
	return best, nil
}

func (p *Program) isSound() bool {
	_, err := p.Named()
	return err == nil
}

// covered refuses a model with operators that are not known, listing all of them.
func covered(m *onnx.Model) error {
	r := &Refused{Operators: map[string]int{}}
	if m.Graph.Sparse > 0 {
		r.Causes = append(r.Causes, "it has sparse weights")
	}
	own := map[string]bool{}
	for _, f := range m.Functions {
		own[f.Domain+"."+f.Name] = true
	}
	visit := func(nodes []*onnx.Node) {
		for _, n := range nodes {
			_, known := operators[n.Op]
			if own[n.Domain+"."+n.Op] || known && isStandard(n.Domain) {
				continue
			}
			name := n.Op
			if !isStandard(n.Domain) {
				name = n.Domain + "." + n.Op
			}
			r.Operators[name]++
		}
	}
	visit(m.Graph.Nodes)
	for _, f := range m.Functions {
		visit(f.Nodes)
	}
	for _, v := range m.Graph.Inputs {
		if v.Kind != "tensor" && v.Kind != "" {
			r.Causes = append(r.Causes, fmt.Sprintf("input `%s` is a %s", v.Name, v.Kind))
		}
	}
	if len(m.Graph.Outputs) == 0 {
		r.Causes = append(r.Causes, "it has no results")
	}
	for _, f := range m.Functions {
		if len(f.Outputs) == 0 {
			r.Causes = append(r.Causes, "function `"+f.Name+"` has no results")
		}
	}
	if len(r.Operators) == 0 && len(r.Causes) == 0 {
		return nil
	}
	return r
}

func isStandard(domain string) bool { return domain == "" || domain == "ai.onnx" }

// hasExamples reports whether all that comes in has a first axis of one size that may be
// that of examples: 1, or one that is open.
func hasExamples(g *onnx.Graph) bool {
	stored := map[string]bool{}
	for _, t := range g.Initializers {
		stored[t.Name] = true
	}
	first := ""
	for _, v := range g.Inputs {
		if stored[v.Name] {
			continue
		}
		if len(v.Dims) == 0 || v.Dims[0].Known && v.Dims[0].Size != 1 {
			return false
		}
		size := fmt.Sprint(v.Dims[0])
		if first != "" && size != first {
			return false
		}
		first = size
	}
	return first != ""
}

// refuse is the error of a node.
func refuse(n *onnx.Node, format string, args ...any) error {
	return &Refused{Causes: []string{fmt.Sprintf("`%s` %s: ", n.Op, n.Name) + fmt.Sprintf(format, args...)}}
}
