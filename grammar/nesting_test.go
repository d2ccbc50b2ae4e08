package grammar

import (
	"strings"
	"testing"

	"ncd/grammar/source"
)

// TestDeepNesting repeats what nests until nobody could mean it: each text gets
// its one diagnostic, quickly and without deep recursion.
func TestDeepNesting(t *testing.T) {
	many := func(text string) string { return strings.Repeat(text, 6000) }
	for name, text := range map[string]string{
		"parentheses": "axis n = " + many("("),
		"brackets":    "diagram A(x[m]) -> [m] {\n x" + many("["),
		"closed":      "axis n = " + many("(") + "1" + many(")"),
		"powers":      "axis n = 1" + many("^2"),
		"operators":   "axis n = 1" + many("+2"),
		"suffixes":    "axis n = a" + many("[]"),
		"alternative": "diagram A(x[m]) -> [m] {\n if a {}" + many(" else if a {}") + "\n}",
		"loops":       "diagram A(x[m]) -> [m] {\n" + many("for i in 1..2 {"),
		"types":       "diagram A(x[m]) -> " + many("("),
		"boxes":       "rule r {" + many("at a() -> b {"),
		"stages":      "train {" + many("stage a {"),
	} {
		t.Run(name, func(t *testing.T) {
			_, said := Parse(&source.File{Name: "a.ncd", Text: text})
			if len(said) != 1 || said[0].Code != DeepNesting {
				t.Errorf("got %d diagnostics, the first %+v", len(said), said[0].Code)
			}
		})
	}
}

func TestNestingThatPeopleWrite(t *testing.T) {
	text := "axis n = " + strings.Repeat("(", 150) + "1" + strings.Repeat(")", 150) + strings.Repeat("+1", 1000) + "\n"
	if _, said := Parse(&source.File{Name: "a.ncd", Text: text}); len(said) > 0 {
		t.Error(said[0].Text(false))
	}
}
