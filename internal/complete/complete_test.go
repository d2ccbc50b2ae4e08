package complete

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
)

func parameters(role Role, name string) []doc.Parameter {
	if name == "noise" {
		return map[Role][]doc.Parameter{Filter: {{Name: "eta", Default: "0.01"}}, Program: {{Name: "deviation", Default: "0.1"}}}[role]
	}
	return map[string][]doc.Parameter{
		"adam":   {{Name: "a..", Kind: "axes"}, {Name: "rate", Default: "1e-3"}, {Name: "b1", Default: "0.9"}},
		"clip":   {{Name: "norm", Default: "1.0"}},
		"cosine": {{Name: "rate"}, {Name: "least", Default: "0.0"}},
		"dfa":    {{Name: "scale", Default: "1.0"}},
		"digits": {{Name: "path"}, {Name: "validation", Default: "0"}},
	}[name]
}

func TestBlock(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		hold             Settings
	}{
		{"nothing said", "train a {\n    optimizer adam\n}\n", "train a {\n    optimizer adam[rate = 1e-3, b1 = 0.9]\n    rule backprop\n    batch 32\n    epochs 2\n    seed 1\n}\n", Settings{32, 2, 0, 1}},
		{
			"all said", "train a {\n    optimizer adam[0.1, b1 = 0.8]\n    rule dfa[scale = 2]\n    batch 8\n    epochs 3\n    seed 5\n}\n",
			"train a {\n    optimizer adam[0.1, b1 = 0.8]\n    rule dfa[scale = 2]\n    batch 8\n    epochs 3\n    seed 5\n}\n", Settings{8, 3, 0, 5},
		},
		{
			"schedules and filters", "train a {\n    optimizer adam[rate = cosine[0.1]] >> clip\n    rule net.stem: dfa, net.head: backprop\n    steps 9\n}\n",
			"train a {\n    optimizer adam[rate = cosine[0.1, least = 0.0], b1 = 0.9] >> clip[norm = 1.0]\n    rule net.stem: dfa[scale = 1.0], net.head: backprop\n    steps 9\n    batch 32\n    seed 1\n}\n",
			Settings{32, 0, 9, 1},
		},
		{
			"one name, two roles", "train a {\n    data x[n] = digits[\"d\"] >> noise\n    optimizer adam[0.1] >> noise\n    rule dfa[scale = 2]\n    batch 8\n    epochs 3\n    seed 5\n}\n",
			"train a {\n    data x[n] = digits[\"d\", validation = 0] >> noise[deviation = 0.1]\n    optimizer adam[0.1, b1 = 0.9] >> noise[eta = 0.01]\n    rule dfa[scale = 2]\n    batch 8\n    epochs 3\n    seed 5\n}\n",
			Settings{8, 3, 0, 5},
		},
		{
			"options hold", "train a {\n    optimizer clip\n    rule dfa\n    steps 9\n}\n",
			"train a {\n    optimizer clip[norm = 1.0]\n    rule dfa[scale = 1.0]\n    epochs 4\n    batch 32\n    seed 7\n}\n", Settings{32, 4, 0, 7},
		},
		{
			"data", "train a {\n    data image[row] = digits[\"digits8x8\"]\n    rule dfa[2]\n}\n",
			"train a {\n    data image[row] = digits[\"digits8x8\", validation = 0]\n    rule dfa[2]\n    batch 1\n    epochs 1\n    seed 1\n}\n", Settings{1, 1, 0, 1},
		},
		{
			"stages", "train a {\n    rule dfa[2]\n    stage one { optimizer clip; epochs 1 }\n}\n",
			"train a {\n    rule dfa[2]\n    stage one { optimizer clip[norm = 1.0]; epochs 1 }\n    batch 1\n    seed 1\n}\n", Settings{1, 1, 0, 1},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, said := grammar.Parse(&source.File{Name: "a.ncd", Text: c.text})
			for _, d := range said {
				t.Fatal(d.Text(false))
			}
			if diff := cmp.Diff(c.want, Block(tree.Decls[0].(*grammar.Train), c.hold, parameters)); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}
