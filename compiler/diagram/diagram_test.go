package diagram

import (
	"strings"
	"testing"

	"ncd/compiler/shape"
)

func axis(label string) shape.Axis { return shape.Axis{Label: label, Size: shape.Letter(label)} }

// scores is S[y x h] = Q[y k h] * K[x k h].
func scores() *Diagram {
	y, x, h, k := axis("y"), axis("x"), axis("h"), axis("k")
	q, key := NewWire("Q", y, k, h), NewWire("K", x, k, h)
	d := &Diagram{Name: "Scores", In: []*Wire{q, key}}
	s := d.Add(NewBox(Contract{}, shape.Shape{y, x, h}, shape.Shape{k}, d.In, []*Wire{NewWire("S", y, x, h)}))
	d.Out = []*Wire{s}
	return d
}

func TestPrint(t *testing.T) {
	const want = `diagram Scores(Q [y k h], K [x k h])
  S = contract Q[y k h] K[x k h] over [y x h] own [k] : [y x h]
  -> S
`
	if got := scores().String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestVerify(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(*Diagram)
		want  string
	}{
		{"a sound diagram", func(d *Diagram) {}, ""},
		{"a result nobody makes", func(d *Diagram) { d.Out = []*Wire{NewWire("T")} }, "made by no box"},
		{"a wire read too early", func(d *Diagram) { d.In = d.In[:1] }, "read before it is made"},
		{"a wire made twice", func(d *Diagram) { d.Boxes = append(d.Boxes, d.Boxes[0]) }, "made twice"},
		{"a map too few", func(d *Diagram) { d.Boxes[0].Weave.In[0] = nil }, "0 maps for the axes [y k h]"},
		{"a size that differs", func(d *Diagram) { d.In[0].Type.Axes[1].Size = shape.Int(3) }, "axis k:3 is read along k"},
		{"a view of two wires", func(d *Diagram) { d.Boxes[0].Op = View{Name: "flip"} }, "a view of 2 wires"},
		{"a register out of reach", func(d *Diagram) {
			d.Boxes[0].Op = Map{Program: []Instr{{Fn: FnAdd, Args: []int{0, 2}}}, Results: []int{2}}
		}, "register 2 is read before"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := scores()
			c.spoil(d)
			switch err := Verify(d); {
			case c.want == "" && err != nil:
				t.Errorf("got %v, want none", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestLiftPutsAxesOutermost(t *testing.T) {
	b := scores().Boxes[0]
	b.Weave = b.Weave.Lift(shape.Shape{axis("batch")}, []bool{true, false}, []bool{true})
	if got := b.Weave.text(b.Weave.In[0]) + b.Weave.text(b.Weave.In[1]) + b.Weave.text(b.Weave.Out[0]); got != "[batch y k h][x k h][batch y x h]" {
		t.Errorf("got %s", got)
	}
}

func TestNumbersWaitForTheirLetters(t *testing.T) {
	n := Arithmetic("^", OfSize(shape.Letter("k")), Literal(-0.5))
	if got := n.String(); got != "k^-0.5" {
		t.Errorf("got %s", got)
	}
	n = n.Replace(func(string) (shape.Size, bool) { return shape.Int(16), true })
	if x, ok := n.Float(); !ok || x != 0.25 {
		t.Errorf("got %v, %v, want 0.25", x, ok)
	}
}
