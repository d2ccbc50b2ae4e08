package diagram

import (
	"slices"
	"strings"
	"testing"
)

func TestProgramSharesAndComputes(t *testing.T) {
	p := NewProgram()
	x, unused, y := p.Input(0), p.Input(1), p.Input(2)
	two := p.Apply(FnAdd, p.Constant(Literal(1)), p.Constant(Literal(1)))
	p.Apply(FnExp, unused)
	sum := p.Apply(FnAdd, x, y)
	m, ports := p.Assemble([]int{p.Apply(FnMul, sum, two), p.Apply(FnAdd, x, y)})
	if got, want := strings.Join(m.words(), ""), "{2; add %0 %1; mul %3 %2}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !slices.Equal(ports, []int{0, 2}) || !slices.Equal(m.Results, []int{4, 3}) {
		t.Errorf("got ports %v and results %v, want [0 2] and [4 3]", ports, m.Results)
	}
}

func TestProgramInlines(t *testing.T) {
	p := NewProgram()
	r := p.Inline(Apply(FnMul), []int{p.Input(0), p.Input(0)})
	r = p.Inline(Apply(FnNeg), r)
	m, _ := p.Assemble(r)
	if got, want := strings.Join(m.words(), ""), "{mul %0 %0; neg %1}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReorderedSaysTheSame(t *testing.T) {
	b := scores().Boxes[0]
	w := b.Weave.Reordered([]int{3, 1, 0, 2}, 2)
	got := w.text(w.In[0]) + w.text(w.In[1]) + w.text(w.Out[0]) + w.Degree.String() + w.Own.String()
	if want := "[y k h][x k h][y x h][k x][y h]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
