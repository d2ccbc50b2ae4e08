package importer

import (
	"strconv"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// site is where an axis is made: the how-manieth of a node. Sites are the same each
// time a model is written.
type site struct {
	node *onnx.Node
	nth  int
}

// fresh is the label of an axis that the present node makes beside others: the one under
// which the axis met others when the model was written before, or the one wished for
// where the model says it, or else one that nothing has had yet.
func (t *translation) fresh(wish label, beside shape.Shape) string {
	at := site{t.node, t.nth}
	t.nth++
	for _, known := range []string{t.agreed[at], wish.said} {
		if known != "" && !reserved[known] && beside.Index(known) < 0 {
			t.labels[known]++
			return known
		}
	}
	made := t.label(wish.otherwise)
	t.origin[made] = at
	return made
}

// label is what an axis may be called: what the model says, and what it is called
// otherwise.
type label struct {
	said, otherwise string
}

// agree notes that an axis which a node made has met one of another label.
func (t *translation) agree(made, other string) {
	if at, isMade := t.origin[made]; isMade && t.met[at] == "" && other != examples {
		t.met[at] = other
	}
}

// label is a label that nothing has had yet.
func (t *translation) label(wish string) string {
	n := t.labels[wish]
	t.labels[wish]++
	if n == 0 && !reserved[wish] {
		return wish
	}
	unique := wish + strconv.Itoa(n+1)
	if t.labels[unique] > 0 {
		return t.label(wish)
	}
	t.labels[unique]++
	return unique
}

// primed is a label with as many primes as none of the others has.
func primed(l string, others map[string]bool) string {
	for others[l] {
		l += "'"
	}
	return l
}

// documented is the label that an axis has in a type as the exporter writes it beside
// inputs and weights: `[batch row:28 col:28]`.
func documented(doc string, rank, axis int) string {
	text, _, isType := strings.Cut(strings.TrimPrefix(doc, "["), "]")
	words := strings.Fields(text)
	if !isType || len(words) != rank {
		return ""
	}
	l, _, _ := strings.Cut(words[axis], ":")
	if word(l) != strings.TrimRight(l, "'") {
		return ""
	}
	return l
}
