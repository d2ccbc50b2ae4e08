package grammar

import (
	"testing"

	"ncd/grammar/source"
)

func TestEveryCodeHasAnExample(t *testing.T) {
	for _, e := range Codes() {
		t.Run(string(e.Code), func(t *testing.T) {
			_, said := Parse(&source.File{Name: "a.ncd", Text: e.Example})
			if len(said) != 1 || said[0].Code != e.Code {
				t.Errorf("%s\nyields %v", e.Example, said)
			}
			if e.Meaning == "" || e.Mend == "" {
				t.Error("nothing is said of it")
			}
		})
	}
}
