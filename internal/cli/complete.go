package cli

import (
	"fmt"
	"io"
	"slices"

	"ncd/grammar"
	"ncd/grammar/format"
	"ncd/grammar/source"
	"ncd/internal/complete"
	"ncd/internal/doc"
	"ncd/internal/training"
	"ncd/runtime/data"
)

// putComplete prints a train block with every default filled in, in the canonical
// form.
func (s *session) putComplete(t *training.Block) error {
	files, _, err := s.documented(nil)
	if err != nil {
		return err
	}
	tree, _ := grammar.Parse(t.Text) // it was checked
	files = append([]doc.File{doc.Of(t.Text.Name, tree)}, files...)
	for _, d := range tree.Decls {
		block, isTrain := d.(*grammar.Train)
		if !isTrain || (block.Name == nil) != (t.Name == "") || block.Name != nil && block.Name.Text != t.Name {
			continue
		}
		b := t.Training
		text := complete.Block(block, complete.Settings{Batch: b.Batch, Epochs: b.Epochs, Steps: b.Steps, Seed: b.Seed}, parametersAmong(files, t.Text.Name))
		formatted, said := format.Format(&source.File{Name: t.Text.Name, Text: text})
		if len(said) > 0 {
			return fmt.Errorf("the completed block of %s does not parse: %s", t.Text.Name, said[0].Message)
		}
		_, err := io.WriteString(s.Out, formatted)
		return err
	}
	return nil
}

// parametersAmong hands out the parameters of diagrams and rules, and the options of
// sources of data. The author's own come before the library's, of which each role has
// a file.
func parametersAmong(files []doc.File, own string) complete.Parameters {
	return func(role complete.Role, name string) []doc.Parameter {
		if role == complete.Source {
			return optionsNamed(name)
		}
		for _, file := range []string{own, "std/" + string(role)} {
			i := slices.IndexFunc(files, func(f doc.File) bool { return f.Name == file })
			if e, found := doc.Find(files[i:i+1], name); found {
				return e.Parameters
			}
		}
		return nil
	}
}

func optionsNamed(name string) []doc.Parameter {
	for _, source := range data.Sources() {
		if source.Name == name {
			return optionsOf(source)
		}
	}
	return nil
}

// optionsOf are the options of a source of data as parameters, its path first.
func optionsOf(s data.Source) []doc.Parameter {
	var list []doc.Parameter
	if s.Path != "" {
		list = append(list, doc.Parameter{Name: "path"})
	}
	for _, o := range s.Options {
		p := doc.Parameter{Name: o.Name, Kind: o.Kind.String()}
		switch value := o.Default.(type) {
		case nil:
		case string:
			p.Default = fmt.Sprintf("%q", value)
		default:
			p.Default = fmt.Sprint(value)
		}
		list = append(list, p)
	}
	return list
}
