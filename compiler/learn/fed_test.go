package learn

import (
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// fedProgram has maps whose weights begin with what flows in: a convolution's, a
// layer behind it, and one for each place of an axis.
const fedProgram = `axis class = 3
diagram Net(image[row col]) -> [class] {
    image >> [row col -> row col one:1] >> conv[row col, one -> c:2, init = "pca", pad = none]
          >> each[c, linear[row col -> h:2, init = "kmeans"]] >> affine[c h -> class]
}
train net {
    data      image[row col], label in class = csv["table.csv"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 0.1]
    batch     2
}
`

func fedTraining(t *testing.T) *diagram.Training {
	t.Helper()
	p, said := check.Check(&source.File{Name: "net.ncd", Text: fedProgram}, check.Options{Library: stdlib.Files, Training: true})
	holdSilent(t, said)
	tr, said := p.Training("net", map[string][]int{"image": {4, 5}, "label": {}}, map[string]int{"label": 3})
	holdSilent(t, said)
	return tr
}

// TestFed: what flows into a convolution are its windows, and what flows into a map of
// each channel is that channel.
func TestFed(t *testing.T) {
	d := Fed(fedTraining(t))
	if err := diagram.Verify(d); err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	given := values(t, d)
	given.Weights = map[string]*reference.Array{"conv.0.linear.0.weight": draw(t, "w", shape.Type{Axes: d.Weights[0].Axes})}
	made := run(t, d, given)
	if len(d.Out) != 2 || d.Out[0].Name != "conv.0.linear.0.weight" {
		t.Fatalf("outputs are %v", d.Out)
	}
	image, windows := given.Arrays[0], made.Arrays[0]
	const examples, rows, cols, size = 2, 4, 5, 3
	i := 0
	for b := range examples {
		for row := range rows - size + 1 {
			for col := range cols - size + 1 {
				for u := range size {
					for v := range size {
						if got, want := windows.Values[i], image.Values[(b*rows+row+u)*cols+col+v]; got != want {
							t.Fatalf("window of example %d at [%d %d] has %v at [%d %d], want %v", b, row, col, got, u, v, want)
						}
						i++
					}
				}
			}
		}
	}
	holdChannels(t, made.Arrays[1], examples)
	if i != len(windows.Values) {
		t.Errorf("there are %d numbers, want %d", len(windows.Values), i)
	}
}

// holdChannels wants for each of two channels the six numbers of each example.
func holdChannels(t *testing.T, channels *reference.Array, examples int) {
	t.Helper()
	if got, want := len(channels.Values), 2*examples*6; got != want {
		t.Errorf("there are %d numbers of channels, want %d", got, want)
	}
	if channels.Dims[0] != 2 {
		t.Errorf("channels are %v, want the axis of the channels first", channels.Dims)
	}
}
