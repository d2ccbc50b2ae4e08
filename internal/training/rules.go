package training

import (
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// Rules are the learning rules of the library, as they are written there.
func Rules() []*grammar.Rule {
	const file = "rules.ncd"
	text, err := stdlib.Files.ReadFile(file)
	if err != nil {
		panic("training: the library has no rules: " + err.Error())
	}
	program, _ := grammar.Parse(&source.File{Name: "std/" + file, Text: string(text)})
	var rules []*grammar.Rule
	for _, d := range program.Decls {
		if r, ok := d.(*grammar.Rule); ok {
			rules = append(rules, r)
		}
	}
	return rules
}

// RuleNames are those of the library's rules.
func RuleNames() []string {
	var names []string
	for _, r := range Rules() {
		names = append(names, r.Name.Text)
	}
	return names
}
