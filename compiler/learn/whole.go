package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

// around lists the diagrams that a box was inlined out of, innermost first.
func around(b *diagram.Box) []string {
	uses := slices.DeleteFunc(slices.Clone(b.Within), func(name string) bool { return name == "" })
	slices.Reverse(uses)
	return uses
}

// wholeOf is the path of the outermost use of a diagram that a rule is over and that
// a box is of, or nil.
func wholeOf(f *forward, b *diagram.Box) []string {
	model, ok := f.modelOf[b]
	if !ok {
		return nil
	}
	for i, name := range b.Within {
		path := b.Path[:min(i+1, len(b.Path))]
		if use := useFor(f.training, path, model); name != "" && use != nil && use.Over == name {
			return path
		}
	}
	return nil
}

// whole is the layer of a use of a diagram.
func (ls *layering) whole(f *forward, b *diagram.Box, path []string, byKey map[string]*layer) *layer {
	key := strings.Join(path, ".")
	if l := byKey[key]; l != nil {
		return l
	}
	of := *b
	of.Within = b.Within[:len(path)]
	l := &layer{kinds: around(&of), path: key, model: f.modelOf[b], learned: b, isWhole: true, moving: ls}
	byKey[key] = l
	return ls.listed(l)
}

// behind is the layer of the boxes behind a use.
func (ls *layering) behind(whole *layer, b *diagram.Box, byKey map[string]*layer) *layer {
	key := whole.path + " behind"
	if l := byKey[key]; l != nil {
		return l
	}
	l := &layer{kinds: []string{b.Op.Kind()}, path: whole.path, model: whole.model, learned: b, isBehind: true, moving: ls}
	byKey[key] = l
	return ls.listed(l)
}

// useFor is the rule for a path of a model: the one whose part is the longest
// beginning of it, or nil.
func useFor(t *diagram.Training, path []string, model int) *diagram.RuleUse {
	path = strings.Split(strings.Join(path, "."), ".") // the name of a box may have a number: affine.0
	var found *diagram.RuleUse
	for i, use := range t.Rules {
		if isPart(t, path, model, use.Part) && (found == nil || len(use.Part) >= len(found.Part)) {
			found = &t.Rules[i]
		}
	}
	return found
}

// isPart reports whether a path of a model is of a part: a path within its model,
// which may begin with the model's name.
func isPart(t *diagram.Training, path []string, model int, part []string) bool {
	if model >= 0 && len(part) > 0 && part[0] == t.Models[model].Name && model == 0 {
		part = part[1:]
	}
	return len(part) <= len(path) && slices.Equal(part, path[:len(part)])
}
