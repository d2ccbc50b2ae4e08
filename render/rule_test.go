package render

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/learn"
	"ncd/grammar/source"
	"ncd/render/scene"
	"ncd/stdlib"
)

// ruleDrawn draws how a train block of testdata/rule.ncd learns by a rule; "": its own.
func ruleDrawn(t *testing.T, train, rule string) *scene.Scene {
	t.Helper()
	text, err := os.ReadFile("testdata/rule.ncd")
	if err != nil {
		t.Fatal(err)
	}
	program, _ := check.Check(&source.File{Name: "rule.ncd", Text: string(text)}, check.Options{Library: stdlib.Files, Rule: rule})
	training, said := program.Training(train, nil, nil)
	if training == nil {
		t.Fatalf("%v", said)
	}
	layers, said := learn.Said(training)
	if len(said) > 0 {
		t.Fatalf("%v", said)
	}
	l := Learning{Title: rule, Forward: training.Forward, Losses: training.Losses}
	for _, said := range layers {
		l.Layers = append(l.Layers, Layer{
			Path: said.Path, Reads: said.Reads, Makes: said.Makes, Made: said.Made, Error: said.Error,
			Weights: said.Learned, Says: said.Said, AtLoss: said.AtLoss, Feeds: said.Feeds, Gradient: said.Gradient,
		})
	}
	s, _, err := Rule(l, Options{Depth: AllLevels})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var ruleName = regexp.MustCompile(`(?m)^rule (\w+)`)

// trainOf is the train block of testdata/rule.ncd whose model a rule is for.
func trainOf(rule string) string {
	switch {
	case slices.Contains([]string{"stdp", "stdp_triplet", "stdp_reward", "bptt", "truncated_bptt", "sltt", "sltt_k", "eprop"}, rule):
		return "turns"
	case rule == "auglocal" || rule == "man":
		return "layers"
	}
	return "plain"
}

// Every rule of the library is drawn: on the page, with what its layers learn.
func TestRulesOfTheLibrary(t *testing.T) {
	text, err := stdlib.Files.ReadFile("rules.ncd")
	if err != nil {
		t.Fatal(err)
	}
	rules := ruleName.FindAllStringSubmatch(string(text), -1)
	if len(rules) != 34 {
		t.Errorf("the library has %d rules, want 34", len(rules))
	}
	for _, match := range rules {
		t.Run(match[1], func(t *testing.T) {
			rule := match[1]
			train := trainOf(rule)
			if train == "layers" {
				rule += " over Layer"
			}
			s := ruleDrawn(t, train, rule)
			page := scene.Rect{Max: scene.Point{X: s.Width, Y: s.Height}}
			changes := 0
			for _, m := range s.Marks {
				if page.Union(m.Bounds()) != page {
					t.Errorf("%v is beyond the page", m.Stands())
				}
				if l, ok := m.(*scene.Label); ok && strings.HasPrefix(l.Text, `\Delta`) {
					changes++
				}
			}
			if want := 1; changes < want {
				t.Errorf("%d changes are drawn, want %d at least", changes, want)
			}
		})
	}
}

// What makes rules what they are is there to be seen.
func TestRulesDiffer(t *testing.T) {
	for _, test := range []struct {
		rule   string
		shows  []string // kinds of signs
		lacks  []string
		fromIt int // strokes of the error
	}{
		{"backprop", []string{"push", "pull", "grad"}, []string{"hatching"}, 1},
		{"feedback_alignment", []string{"push", "pull", "hatching"}, nil, 1},
		{"dfa", []string{"pull", "hatching"}, []string{"push"}, 2},
		{"drtp", []string{"pull", "hatching"}, []string{"push"}, 1},
		{"local_loss", []string{"pull"}, []string{"push", "hatching"}, 1},
		{"hebb", []string{"pull"}, []string{"push"}, 1},
		{"predictive_coding", []string{"push", "pull", "forward", "parenthesis"}, nil, 1},
	} {
		t.Run(test.rule, func(t *testing.T) {
			s, errors, kinds := ruleDrawn(t, "plain", test.rule), 0, map[string]bool{}
			for _, m := range s.Marks {
				if g, ok := m.(*scene.Glyph); ok {
					kinds[g.Kind] = true
					if g.Kind == "stroke" && g.Box == "error" {
						errors++
					}
				}
			}
			for _, kind := range test.shows {
				if !kinds[kind] {
					t.Errorf("there is no %s", kind)
				}
			}
			for _, kind := range test.lacks {
				if kinds[kind] {
					t.Errorf("there is a %s", kind)
				}
			}
			if errors != test.fromIt {
				t.Errorf("the error goes to %d layers, want %d", errors, test.fromIt)
			}
		})
	}
}

func TestRuleIsDrawnAlike(t *testing.T) {
	first := ruleDrawn(t, "plain", "equilibrium_propagation")
	if !reflect.DeepEqual(first, ruleDrawn(t, "plain", "equilibrium_propagation")) {
		t.Error("the same rule is drawn in two ways")
	}
}
