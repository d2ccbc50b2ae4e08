package playground

import (
	"os"
	"path/filepath"
)

// Example is a program that the page begins with, or offers.
type Example struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Rule string `json:"rule"` // in place of the program's own; "": that one
}

// offered are the examples of the page: files of the module, which its tests run.
var offered = []struct{ name, file, rule string }{
	{"Digits, one hidden layer", "examples/digits/digits.ncd", ""},
	{"Digits by feedback alignment", "examples/digits/digits.ncd", "dfa"},
	{"Digits by losses of each layer", "examples/rules/digits.ncd", ""},
	{"Digits by spiking neurons", "examples/rules/spikes.ncd", ""},
	{"Two spirals", "examples/library/spirals.ncd", ""},
	{"Attention", "examples/attention/attention.ncd", ""},
	{"Image recognition, a figure", "examples/figures/imagerec.ncd", ""},
	{"U-Net, a figure", "examples/figures/unet.ncd", ""},
}

// readExamples reads the examples of a module's source.
func readExamples(root string) ([]Example, error) {
	var list []Example
	for _, e := range offered {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(e.file)))
		if err != nil {
			return nil, err
		}
		list = append(list, Example{e.name, string(text), e.rule})
	}
	return list, nil
}
