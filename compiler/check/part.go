package check

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/grammar"
)

// part is the path of a part of a model, which begins with the model's name:
// net.stem, net.affine.0. There must be weights in it.
func (t *training) part(x grammar.Expr) ([]string, bool) {
	path, model := t.pathOf(x)
	if path == nil {
		return nil, false
	}
	t.scope.use(model.name)
	var known []string
	for _, b := range model.boxes[:min(len(model.boxes), 1)] {
		for _, body := range diagram.Bodies(b.Op) {
			known = append(known, weightPaths(body)...)
		}
	}
	if len(known) == 0 || len(path) == 1 || slices.ContainsFunc(known, within(path[1:])) {
		return path, true
	}
	var names []string
	for _, weight := range known {
		names = append(names, strings.TrimSuffix(weight, "."+lastSegment("."+weight)))
	}
	names = slices.Compact(names)
	d := t.fault(UnknownName, x.Span(), "no weight of `%s` is in `%s`%s", model.name, x.Span().Text(), meant(strings.Join(path[1:], "."), names))
	d.Help = append(d.Help, "its weights are in "+quoted(names))
	return nil, false
}

// pathOf reads a path, and finds its model; nil where it is none.
func (t *training) pathOf(x grammar.Expr) ([]string, *bound) {
	switch x := x.(type) {
	case *grammar.Name:
		i := slices.IndexFunc(t.models, func(b *bound) bool { return b.name == x.Text })
		if i >= 0 {
			return []string{x.Text}, t.models[i]
		}
		var known []string
		for _, b := range t.models {
			known = append(known, b.name)
		}
		if b := t.scope.look(x.Text); b == nil || !isPoisoned(b.value) {
			t.fault(UnknownName, x.Span(), "no model is called `%s`%s", x.Text, meant(x.Text, known))
		}
		return nil, nil
	case *grammar.Select:
		path, model := t.pathOf(x.From)
		if path == nil {
			return nil, nil
		}
		if x.Name != nil {
			return append(path, x.Name.Text), model
		}
		return append(path, strconv.Itoa(x.Index)), model
	}
	t.fault(InvalidEntry, x.Span(), "a part of a model is written `net.stem`")
	return nil, nil
}

// weightPaths lists the paths of the weights in a diagram and in its bodies.
func weightPaths(d *diagram.Diagram) []string {
	var paths []string
	weightsIn(d, "", func(path string, _ *diagram.Weight) { paths = append(paths, path) })
	return paths
}

// weightsIn visits the weights in a diagram and in its bodies, with their paths.
func weightsIn(d *diagram.Diagram, before string, visit func(path string, w *diagram.Weight)) {
	for _, w := range d.Weights {
		visit(before+w.Path, w)
	}
	for _, b := range d.Boxes {
		inside := before
		if b.Name != "" {
			inside += b.Name + "."
		}
		for turn, body := range diagram.Bodies(b.Op) {
			if loop, isLoop := b.Op.(diagram.Repeat); isLoop {
				weightsIn(body, inside+turnNumber(loop, turn)+".", visit)
			} else {
				weightsIn(body, inside, visit)
			}
		}
	}
}

// turnNumber is the number of a turn in paths: that of the loop's letter.
func turnNumber(loop diagram.Repeat, turn int) string {
	from, _ := loop.From.Int()
	if loop.Down {
		turn = -turn
	}
	return strconv.Itoa(from + turn)
}

// within reports whether a weight is of a part.
func within(part []string) func(path string) bool {
	return func(path string) bool {
		segments := strings.Split(path, ".")
		return len(part) <= len(segments) && slices.Equal(part, segments[:len(part)])
	}
}
