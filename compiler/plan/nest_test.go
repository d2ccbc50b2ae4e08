package plan

import (
	"strings"
	"testing"
)

// nested is y = softmax(x·x) by rows, in a nest of two places with a row of its own.
func nested() *Plan {
	rows := func(buffer int) View { return View{buffer, 0, []int{4, 1}} }
	row := View{2, 0, []int{0, 1}}
	return &Plan{
		Name: "rows", Float: Float32, Numbers: 32,
		Buffers: []Buffer{
			{Name: "x", Role: Input, Axes: []string{"m", "n"}, Dims: []int{2, 4}},
			{Name: "y", Role: Output, Axes: []string{"m", "n"}, Dims: []int{2, 4}, Offset: 16},
			{Role: Own, Axes: []string{"part"}, Dims: []int{4}},
		},
		Steps: []Step{{
			Kernel: Nest{Dims: []int{2}, Own: 16, Steps: []Step{
				{Map{Dims: []int{4}, Program: []Instr{{Fn: "square", Args: []int{0}}}, Results: []int{1}}, []View{rows(0)}, []View{row}, Origin{Kind: "map", Pass: "forward"}},
				{Softmax{Dims: []int{4}}, []View{row}, []View{rows(1)}, Origin{Kind: "softmax", Pass: "forward"}},
			}},
			In: []View{{Buffer: 0, Strides: []int{}}}, Out: []View{{Buffer: 1, Strides: []int{}}}, Origin: Origin{Box: "net", Pass: "forward"},
		}},
	}
}

func TestNest(t *testing.T) {
	p := nested()
	if err := Verify(p); err != nil {
		t.Fatal(err)
	}
	const want = `  0 nest [2], 16 of each worker's own — net, forward
      map [4] {square $0} [$1] %0(4 1) -> %2(0 1) — map, forward
      softmax [4] %2(0 1) -> %1(4 1) — softmax, forward
`
	if got := p.String(); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant at its end\n%s", got, want)
	}
}

func TestVerifyNest(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(p *Plan, n *Nest)
		want  string
	}{
		{"rows that overlap", func(_ *Plan, n *Nest) { n.Steps[1].Out[0].Strides = []int{3, 1} }, "may be written at one place and touched at another"},
		{"a row of its own that moves", func(_ *Plan, n *Nest) { n.Steps[0].Out[0].Strides = []int{4, 1} }, "elements 0 to 7 of a buffer of 4"},
		{"its own memory read first", func(_ *Plan, n *Nest) { n.Steps = n.Steps[1:] }, "%2 is read before it is written"},
		{"more of its own than there is", func(_ *Plan, n *Nest) { n.Own = 3 }, "%2 from 0 to 4 in a worker's 3 numbers"},
		{"a buffer that its step does not name", func(p *Plan, _ *Nest) { p.Steps[0].In = nil }, "%0 is touched by the nest, but not by its step"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := nested()
			n := p.Steps[0].Kernel.(Nest)
			c.spoil(p, &n)
			p.Steps[0].Kernel = n
			if err := Verify(p); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
