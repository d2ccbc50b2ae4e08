package exec

import (
	"fmt"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

func axis(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }

func axes(a ...shape.Axis) shape.Shape { return a }

func wires(w ...*diagram.Wire) []*diagram.Wire { return w }

var (
	wire   = diagram.NewWire
	newBox = diagram.NewBox
)

func place(name string, in shape.Axis, a ...shape.Axis) *diagram.Wire {
	w := wire(name, a...)
	w.Type.In = &in
	return w
}

// affine adds a box affine[from -> to] to a body.
func affine(d *diagram.Diagram, name string, x *diagram.Wire, from, to shape.Axis) *diagram.Wire {
	init := diagram.Init{Kind: "uniform", Scale: 1, FanIn: axes(from)}
	w := &diagram.Weight{Path: name + ".weight", Axes: axes(from, to), Init: init}
	b := &diagram.Weight{Path: name + ".bias", Axes: axes(to), Init: init}
	d.Weights = append(d.Weights, w, b)
	box := newBox(diagram.Linear{From: 1, To: 1, Weight: w, Bias: b}, nil, axes(from, to), wires(x), wires(wire("", to)))
	box.Name = name
	return d.Add(box)
}

// perceptron is a model with a relu behind each hidden layer.
func perceptron(sizes ...int) *diagram.Diagram {
	from := axis("pixel", sizes[0])
	x := wire("x", from)
	d := &diagram.Diagram{Name: "Perceptron", In: wires(x)}
	for i, n := range sizes[1:] {
		to := axis(fmt.Sprintf("hidden%d", i), n)
		x, from = affine(d, fmt.Sprintf("affine.%d", i), x, from, to), to
		if i < len(sizes)-2 {
			x = d.Add(newBox(diagram.Apply(diagram.FnRelu), axes(to), nil, wires(x), wires(wire("", to))))
		}
	}
	d.Out = wires(x)
	return d
}

// trainingStep is one step of training a perceptron by backpropagation and Adam.
func trainingStep(t testing.TB, batchSize int, sizes ...int) *diagram.Diagram {
	t.Helper()
	model := perceptron(sizes...)
	batch, class := axis("batch", batchSize), model.Out[0].Type.Axes[0]
	pixel := model.In[0].Type.Axes[0]
	image, label := wire("image", batch, pixel), place("label", class, batch)
	forward := &diagram.Diagram{Name: "digits", In: wires(image, label)}
	net := newBox(diagram.Composite{Body: model}, axes(batch), axes(pixel, class), wires(image), wires(wire("scores", batch, class)))
	scores := forward.Add(net)
	log := forward.Add(newBox(diagram.Softmax{Log: true}, axes(batch), axes(class), wires(scores), wires(wire("", batch, class))))
	right := forward.Add(newBox(diagram.Take{}, axes(batch), axes(class), wires(log, label), wires(wire("", batch))))
	loss := forward.Add(newBox(diagram.Apply(diagram.FnNeg), axes(batch), nil, wires(right), wires(wire("", batch))))
	best := forward.Add(newBox(diagram.Reduce{Fn: "argmax"}, axes(batch), axes(class), wires(scores), wires(place("", class, batch))))
	hit := forward.Add(newBox(diagram.Apply(diagram.FnEqual), axes(batch), nil, wires(best, label), wires(wire("", batch))))
	forward.Out = wires(loss, hit)
	d, said := learn.Step(&diagram.Training{
		Name: "digits", Forward: forward, Losses: 1, Reports: []string{"accuracy"},
		Models: []diagram.Model{{Name: "net", Box: net}}, Optimizer: adam,
	})
	if len(said) > 0 {
		t.Fatal(said)
	}
	return d
}

// adam is Adam of Kingma and Ba, arXiv:1412.6980, without the correction of bias.
func adam(_ string, s shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
	w, change, m, v := wire("weight", s...), wire("change", s...), wire("m", s...), wire("v", s...)
	p := diagram.NewProgram()
	scaled := func(x float64, r int) int { return p.Apply(diagram.FnMul, p.Constant(diagram.Literal(x)), r) }
	wr, g, mr, vr := p.Input(0), p.Input(1), p.Input(2), p.Input(3)
	m1 := p.Apply(diagram.FnAdd, scaled(0.9, mr), scaled(0.1, g))
	v1 := p.Apply(diagram.FnAdd, scaled(0.999, vr), scaled(0.001, p.Apply(diagram.FnSquare, g)))
	root := p.Apply(diagram.FnAdd, p.Apply(diagram.FnSqrt, v1), p.Constant(diagram.Literal(1e-8)))
	w1 := p.Apply(diagram.FnAdd, wr, scaled(0.001, p.Apply(diagram.FnDiv, m1, root)))
	op, _ := p.Assemble([]int{w1, m1, v1})
	made := wires(wire("", s...), wire("", s...), wire("", s...))
	d := &diagram.Diagram{Name: "adam", In: wires(w, change)}
	d.Add(newBox(op, s, nil, wires(w, change, m, v), made))
	d.States = []*diagram.State{{Path: "m", In: m, Out: made[1]}, {Path: "v", In: v, Out: made[2]}}
	d.Out = made[:1]
	return d, nil
}

func TestTrainingStep(t *testing.T) {
	compareAll(t, trainingStep(t, 6, 7, 5, 9, 3))
}
