package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/internal/training"
)

// libraryRule is the text of a learning rule of the library, its comment included.
func libraryRule(name string) (string, bool) {
	for _, d := range training.Rules() {
		if d.Name.Text == name {
			text := ""
			for _, line := range strings.Split(d.Doc(), "\n") {
				text += "# " + line + "\n"
			}
			return text + d.Span().Text() + "\n", true
		}
	}
	return "", false
}

// tellRule prints the equations of a rule, as the library has them.
func (s *session) tellRule(name, text string) error {
	if s.isJSON {
		return s.put(map[string]any{"rule": name, "text": text})
	}
	_, err := fmt.Fprint(s.Out, text)
	return err
}

// tellLayers prints what a rule says of each layer of a train block.
func (s *session) tellLayers(rule, file string, f *trainFlags) error {
	values, err := f.set.values()
	if err != nil {
		return err
	}
	t, err := s.prepare(file, nil, check.Options{Set: values, Rule: rule}, &f.data)
	if err != nil {
		return err
	}
	layers, err := sound(learn.Said(t.Training))
	if err != nil {
		return err
	}
	for _, l := range layers {
		if s.isJSON {
			err = s.put(map[string]any{"layer": l.Path, "kind": l.Kind, "rule": l.Rule, "reads": l.Input, "makes": l.Output, "weights": l.Weights, "says": layerText(l)})
		} else {
			_, err = fmt.Fprintf(s.Out, "%s (%s): %s -> %s\n%s\n", l.Path, l.Kind, l.Input, l.Output, indented(layerText(l)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// layerText is what the rule says of a layer, as diagrams.
func layerText(l learn.LayerSaid) string {
	var text strings.Builder
	put := func(what string, d *diagram.Diagram) {
		if d != nil {
			fmt.Fprintf(&text, "%s:\n%s", what, indented(d.String()))
		}
	}
	r := l.Said
	if l.AtLoss && !r.Reaches {
		text.WriteString("signal: the derivative of the loss\n")
	}
	for _, p := range r.Phases {
		for _, name := range slices.Sorted(maps.Keys(p.Inputs)) {
			put("phase "+p.Name+", "+name, p.Inputs[name])
		}
		put("phase "+p.Name+", begins at", p.Start)
		put(fmt.Sprintf("phase %s, in each of %d turns", p.Name, p.Turns), p.Settle)
		put("phase "+p.Name+", sends", p.Send)
	}
	put("signal", r.Signal)
	for _, name := range slices.Sorted(maps.Keys(r.Signals)) {
		put("signal@"+name, r.Signals[name])
	}
	put("objective", r.Objective)
	put("send", r.Send)
	if r.SendNothing || r.Send == nil && (r.Signal != nil || r.Objective != nil || len(r.Signals) > 0) {
		text.WriteString("send nothing\n")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Change)) {
		put("change "+name, r.Change[name])
	}
	for _, state := range r.States {
		put("state "+state.Name, state.Next)
	}
	if text.Len() == 0 {
		return "signal: what the layers behind send; send = signal >> push; change = -(signal >> pull)\n"
	}
	return text.String()
}
