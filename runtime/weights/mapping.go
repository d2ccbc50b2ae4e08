package weights

import (
	"fmt"
	"slices"
	"strings"

	"ncd/grammar/source"
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// anyWord stands in a mapping for any one word of a path.
const anyWord = "*"

// Mapping says under which paths a model knows a part of a file. Both sides are the
// beginning of a path, in whole words between dots; what follows it stays. Without a
// word a side is the beginning of every path. A `*` is any one word, and those of New
// are, in order, what those of Old stand for.
type Mapping struct {
	Old, New string
	old, new []string // in words
}

// ReadMapping reads a mapping, `OLD=NEW`. Its error says what is wrong with it.
func ReadMapping(text string) (Mapping, error) {
	before, after, isPair := strings.Cut(text, "=")
	if !isPair {
		return Mapping{}, fmt.Errorf("`%s` is no pair, OLD=NEW", text)
	}
	m := Mapping{Old: strings.TrimSpace(before), New: strings.TrimSpace(after)}
	for _, side := range []struct {
		text string
		to   *[]string
	}{{m.Old, &m.old}, {m.New, &m.new}} {
		if side.text == "" {
			continue
		}
		*side.to = strings.Split(side.text, ".")
		if slices.Contains(*side.to, "") {
			return Mapping{}, fmt.Errorf("`%s` has a dot without a word beside it", side.text)
		}
	}
	if old, new := stars(m.old), stars(m.new); old != new {
		return Mapping{}, fmt.Errorf("`%s` has %d `*` before the `=` and %d behind it, and needs as many", text, old, new)
	}
	return m, nil
}

func stars(words []string) (n int) {
	for _, word := range words {
		if word == anyWord {
			n++
		}
	}
	return n
}

// String is the mapping as it was written.
func (m Mapping) String() string { return m.Old + "=" + m.New }

// mapped is the model's path of a file's path, if the mapping is about it.
func (m Mapping) mapped(path string) (string, bool) {
	words := strings.Split(path, ".")
	found, fits := begins(words, m.old)
	if !fits {
		return "", false
	}
	var made []string
	for _, word := range m.new {
		if word == anyWord {
			word, found = found[0], found[1:]
		}
		made = append(made, word)
	}
	return strings.Join(append(made, words[len(m.old):]...), "."), true
}

// isAbout reports whether a path of the model is one that the mapping leads to.
func (m Mapping) isAbout(path string) bool {
	_, fits := begins(strings.Split(path, "."), m.new)
	return fits
}

// begins reports whether a path begins with the words of a side, and for what its
// `*` stand.
func begins(path, side []string) (found []string, fits bool) {
	if len(path) < len(side) {
		return nil, false
	}
	for i, word := range side {
		switch word {
		case anyWord:
			found = append(found, path[i])
		case path[i]:
		default:
			return nil, false
		}
	}
	return found, true
}

// mapAll gives the arrays that mappings are about under the model's paths, and the
// file's path of each. Of several mappings the first that fits holds. A mapping that
// is about no array, and two arrays for one path, are a fault.BadWeights of file.
func mapAll(file string, arrays map[string]*tensor.Tensor, paths []string, mappings []Mapping) (map[string]*tensor.Tensor, map[string]string, error) {
	to, from := map[string]*tensor.Tensor{}, map[string]string{}
	used := make([]bool, len(mappings))
	for _, path := range paths {
		for i, m := range mappings {
			name, isMapped := m.mapped(path)
			if !isMapped {
				continue
			}
			if err := holdName(file, m, path, name, from); err != nil {
				return nil, nil, err
			}
			to[name], from[name], used[i] = arrays[path], path, true
			break
		}
	}
	for i, m := range mappings {
		if !used[i] {
			broken := fault.New(fault.BadWeights, file, "`--map %s` is about no array: no path in the file begins with `%s`", m, m.Old)
			return nil, nil, mendNearest(broken, m.Old, paths)
		}
	}
	return to, from, nil
}

// holdName holds that a mapping gives an array a name, and one that no other has.
func holdName(file string, m Mapping, path, name string, from map[string]string) error {
	if name == "" {
		return fault.New(fault.BadWeights, file, "`--map %s` leaves nothing of the path `%s`", m, path).
			Mend("say behind the `=` what the model calls it")
	}
	if other, taken := from[name]; taken {
		return fault.New(fault.BadWeights, file, "`%s` and `%s` would both be `%s`", other, path, name).
			Mend("of several --map the first that fits an array holds")
	}
	return nil
}

// mendNearest says which beginning of paths was likely meant, or how they begin.
func mendNearest(broken *fault.Fault, beginning string, paths []string) *fault.Fault {
	var all, first []string
	for _, path := range paths {
		words := strings.Split(path, ".")
		if !slices.Contains(first, words[0]) {
			first = append(first, words[0])
		}
		for i := range words {
			all = append(all, strings.Join(words[:i+1], "."))
		}
	}
	slices.Sort(all)
	if near := source.Nearest(beginning, slices.Compact(all)); near != "" {
		return broken.Mend("did you mean `%s`?", near)
	}
	return broken.Mend("paths begin with %s", listed(first))
}

// holdMapping holds that a mapping leads to a part of a model.
func holdMapping(file string, m Mapping, wanted []Want) error {
	if slices.ContainsFunc(wanted, func(w Want) bool { return m.isAbout(w.Path) }) {
		return nil
	}
	var paths []string
	for _, w := range wanted {
		paths = append(paths, w.Path)
	}
	broken := fault.New(fault.BadWeights, file, "`--map %s` leads nowhere: no weight of the model begins with `%s`", m, m.New)
	return mendNearest(broken, m.New, paths)
}

// listed are names in backquotes, the first of them where there are many.
func listed(names []string) string {
	if len(names) > most {
		return "`" + strings.Join(names[:most], "`, `") + fmt.Sprintf("` and %d more", len(names)-most)
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
