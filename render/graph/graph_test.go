package graph

import (
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

func wire(name string, labels ...string) *diagram.Wire {
	var axes shape.Shape
	for _, l := range labels {
		axes = append(axes, shape.Axis{Label: l, Size: shape.Letter(l)})
	}
	return diagram.NewWire(name, axes...)
}

// rows is softmax over x, inside a box that is applied at each h.
func rows() *diagram.Diagram {
	in := wire("s", "x")
	body := &diagram.Diagram{Name: "Weights", Title: `The "weights"`, In: []*diagram.Wire{in}}
	body.Out = []*diagram.Wire{body.Add(diagram.NewBox(diagram.Softmax{}, nil, in.Type.Axes, body.In, []*diagram.Wire{wire("", "x")}))}
	outer := wire("scores", "h", "x")
	d := &diagram.Diagram{Name: "Rows", In: []*diagram.Wire{outer}}
	d.Out = []*diagram.Wire{d.Add(diagram.NewBox(diagram.Composite{Body: body}, outer.Type.Axes[:1], outer.Type.Axes[1:], d.In, []*diagram.Wire{wire("", "h", "x")}))}
	return d
}

func TestDOT(t *testing.T) {
	const head = `digraph "Rows" {
graph [rankdir=LR labelloc=t label="Rows" fontname="Latin Modern Sans,Helvetica,Arial,sans-serif" fontsize=14 ranksep=0.5 nodesep=0.3];
node [shape=box style=filled fillcolor=white fontname="Latin Modern Sans,Helvetica,Arial,sans-serif" fontsize=11 height=0.35];
edge [fontname="Latin Modern Sans,Helvetica,Arial,sans-serif" fontsize=9 arrowsize=0.7];
n0 [label="scores" shape=plaintext style=""];
`
	cases := []struct {
		name  string
		depth int
		want  string
	}{
		{"closed", 0, `n1 [label="The \"weights\"" ];
n2 [label=" " shape=plaintext style=""];
n0 -> n1 [label="[h x]"];
n1 -> n2 [label="[h x]"];
}
`},
		{"open", 1, `subgraph cluster_1 {
label="The \"weights\""; style=filled; fillcolor="#c5bedf"; color=gray60;
n1 [label="softmax x" ];
}
n2 [label=" " shape=plaintext style=""];
n0 -> n1 [label="[x]"];
n1 -> n2 [label="[h x]"];
}
`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := string(DOT(rows(), c.depth)); got != head+c.want {
				t.Errorf("got\n%s\nwant\n%s", got, head+c.want)
			}
		})
	}
}

func TestQuoted(t *testing.T) {
	for text, want := range map[string]string{`a"b`: `"a\"b"`, `a\b`: `"a\\b"`, "a\nb": `"a\nb"`} {
		if got := quoted(text); got != want {
			t.Errorf("quoted(%q) = %s, want %s", text, got, want)
		}
	}
	if strings.Contains(quoted("\n"), "\n") {
		t.Error("a line end stands in a quoted string")
	}
}
