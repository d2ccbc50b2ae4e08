package check

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
)

// TestBoxesOfOthers holds what boxes that are made of others come to, by the plain
// evaluator.
func TestBoxesOfOthers(t *testing.T) {
	for _, c := range []struct {
		name, signature, body string
		in                    []*reference.Array
		want                  [][]float64
	}{
		{"cumsum", "(x[t:4]) -> [t:4]", "x >> cumsum[t]", arrays(3, 1, 4, 1), [][]float64{{3, 4, 8, 9}}},
		{"sort", "(x[t:5]) -> [t:5]", "x >> sort[t]", arrays(3, 1, 4, 1, 5), [][]float64{{1, 1, 3, 4, 5}}},
		{"sort the other way", "(x[t:5]) -> [t:5]", "x >> sort[t, descending = true]", arrays(3, 1, 4, 1, 5), [][]float64{{5, 4, 3, 1, 1}}},
		{"top", "(x[t:5]) -> ([k:2], [k:2] in t)", "x >> top[t -> k:2]", arrays(3, 5, 4, 5, 1), [][]float64{{5, 5}, {1, 3}}},
		{"roll", "(x[t:5]) -> [t:5]", "x >> roll[t, 2]", arrays(1, 2, 3, 4, 5), [][]float64{{4, 5, 1, 2, 3}}},
		{"roll back", "(x[t:5]) -> [t:5]", "x >> roll[t, -1]", arrays(1, 2, 3, 4, 5), [][]float64{{2, 3, 4, 5, 1}}},
		{"split", "(x[t:5]) -> ([t:2], [t:3])", "x >> split[t, 2]", arrays(1, 2, 3, 4, 5), [][]float64{{1, 2}, {3, 4, 5}}},
		{"delay", "(x[t:4]) -> [t:4]", "x >> delay[t]", arrays(1, 2, 3, 4), [][]float64{{0, 1, 2, 3}}},
		{"delay of two", "(x[t:4]) -> [t:4]", "x >> delay[t, 2]", arrays(1, 2, 3, 4), [][]float64{{0, 0, 1, 2}}},
		{"slice of several", "(x[t:4]) -> [t:2]", "x >> [t=(a b:2) -> a b] >> flip[a b] >> [a b -> t=(a b)] >> slice[t, 1, -1]", arrays(1, 2, 3, 4), [][]float64{{3, 2}}},
		{"unwindow", "(x[t:2 w:3]) -> [t:5]", "x >> unwindow[t w -> t, stride = 2]", pieces(), [][]float64{{1, 2, 7, 5, 6}}},
		{"unwindow cut", "(x[t:2 w:3]) -> [t:3]", "x >> unwindow[t w -> t, stride = 2, pad = 1]", pieces(), [][]float64{{2, 7, 5}}},
		{"unwindow cut in front", "(x[t:2 w:3]) -> [t:4]", "x >> unwindow[t w -> t, stride = 2, pad = 1, extra = 1]", pieces(), [][]float64{{2, 7, 5, 6}}},
		{"unwindow with more", "(x[t:2 w:3]) -> [t:6]", "x >> unwindow[t w -> t, stride = 2, extra = 1]", pieces(), [][]float64{{1, 2, 7, 5, 6, 0}}},
		{"put", "(x[e:4], to[e:4] in n) -> [n:3]", "(x, to) >> put[n]",
			append(arrays(1, 2, 3, 4), arrays(2, 0, 2, 2)...), [][]float64{{2, 0, 8}}},
		{"scan", "(x[t:4]) -> [t:4]", "x >> scan[t, Total]", arrays(3, 1, 4, 1), [][]float64{{3, 4, 8, 9}}},
		{"scan that starts", "(x[t:4], h[]) -> [t:4]", "x >> scan[t, Total, s = h]",
			append(arrays(3, 1, 4, 1), &reference.Array{Values: []float64{10}}), [][]float64{{13, 14, 18, 19}}},
		{"scan of a delay", "(x[t:4]) -> [t:4]", "x >> scan[t, Last]", arrays(3, 1, 4, 1), [][]float64{{0, 3, 1, 4}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "axis n = 3\n\ndiagram Total(state s[], x[]) -> [] {\n s = s + x\n s\n}\n\ndiagram Last(x[]) -> [] { x >> delay }\n\n" +
				"diagram Net" + c.signature + " { " + c.body + " }\n"
			made, said := checked(t, text, Options{}).Diagram("Net", nil)
			got, err := reference.Run(elaborated(t, made, said), reference.Values{Arrays: c.in})
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range c.want {
				if !slices.EqualFunc(got.Arrays[i].Values, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
					t.Errorf("result %d is %v, want %v", i, got.Arrays[i].Values, want)
				}
			}
		})
	}
}

// pieces are two windows of three places.
func pieces() []*reference.Array {
	return []*reference.Array{{Dims: []int{2, 3}, Values: []float64{1, 2, 3, 4, 5, 6}}}
}

func arrays(values ...float64) []*reference.Array {
	return []*reference.Array{{Dims: []int{len(values)}, Values: values}}
}

// TestRelatedBoxes holds how weights of boxes hang on those of others.
func TestRelatedBoxes(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"frozen", "x >> frozen[linear[m -> m]]", "linear.0.weight frozen"},
		{"frozen by name", "f = frozen[linear[m -> m]]\n x >> f", "f.weight frozen"},
		{"a frozen use", "f = linear[m -> m]\n x >> f >> frozen[f]", "f.weight, frozen.0.weight follows f.weight keeps 0"},
		{"a frozen diagram", "x >> frozen[Part]", "affine.0.weight frozen, affine.0.bias frozen"},
		{"clone", "f = linear[m -> m]\n g = clone[f]\n x >> f >> g", "f.weight, g.weight like f.weight"},
		{"clone first", "f = linear[m -> m]\n g = clone[f]\n x >> g >> f", "g.weight like f.weight, f.weight"},
		{"ema", "f = Part\n g = ema[f, 0.9]\n x >> f >> g",
			"affine.0.weight, affine.0.bias, affine.0.weight follows affine.0.weight keeps 0.9, affine.0.bias follows affine.0.bias keeps 0.9"},
		{"low rank", "x >> lowrank[linear[m -> m], 2]", "linear.0.weight frozen, linear.0.down, linear.0.up"},
		{"tied", "f = linear[m -> h:3]\n x >> f >> tied[f]", "f.weight"},
		{"each at its own place", "x >> spread[e:3] >> each[e, Part] >> sum[e]", "affine.0.weight, affine.0.bias"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "diagram Part(x[m]) -> [m] { x >> affine[m -> m] }\n\ndiagram Net(x[m:4]) -> [m:4] {\n" + c.body + "\n}\n"
			made, said := checked(t, text, Options{}).Diagram("Net", nil)
			var words []string
			for _, w := range listed(elaborated(t, made, said), nil) {
				words = append(words, relationOf(w))
			}
			if got := strings.Join(words, ", "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// listed are the weights of a diagram and of its bodies, in order.
func listed(d *diagram.Diagram, list []*diagram.Weight) []*diagram.Weight {
	list = append(list, d.Weights...)
	for _, b := range d.Boxes {
		for _, body := range diagram.Bodies(b.Op) {
			list = listed(body, list)
		}
	}
	return list
}

func relationOf(w *diagram.Weight) string {
	switch {
	case w.Like != nil:
		return w.Path + " like " + w.Like.Path
	case w.Follows != nil:
		return fmt.Sprintf("%s follows %s keeps %g", w.Path, w.Follows.Path, w.Keep)
	case w.Frozen:
		return w.Path + " frozen"
	}
	return w.Path
}
