package check

import (
	"slices"

	"ncd/grammar"
	"ncd/grammar/source"
)

// entries are the lines of a train block, by what they say.
type entries struct {
	data     []*grammar.Data
	rules    []*grammar.RuleUse
	groups   []*grammar.Group
	frozen   []*grammar.Setting
	program  []grammar.Entry // models, names, losses and reports, in the order of the text
	settings map[string]*grammar.Setting
}

// trainSettings are the keys of a train block that have one number.
var trainSettings = []string{"batch", "epochs", "steps", "seed"}

// trainKeys are all keys of a train block.
var trainKeys = slices.Concat([]string{"data", "model", "loss", "report", "rule", "optimizer", "group", "freeze", "stage"}, trainSettings)

// entriesOf sorts the lines of a train block or stage, and tells of those it cannot
// use.
func (r *report) entriesOf(lines []grammar.Entry) *entries {
	es := &entries{settings: map[string]*grammar.Setting{}}
	for _, entry := range lines {
		switch x := entry.(type) {
		case *grammar.Data:
			es.data = append(es.data, x)
		case *grammar.RuleUse:
			es.rules = append(es.rules, x)
		case *grammar.Model, *grammar.Let:
			es.program = append(es.program, entry)
		case *grammar.Setting:
			r.setting(es, x)
		case *grammar.Group:
			es.groups = append(es.groups, x)
		}
	}
	return es
}

func (r *report) setting(es *entries, s *grammar.Setting) {
	key := s.Key.Text
	switch {
	case key == "loss" || key == "report":
		es.program = append(es.program, s)
	case key == "freeze":
		es.frozen = append(es.frozen, s)
	case key != "optimizer" && !slices.Contains(trainSettings, key):
		r.fault(UnknownKey, s.Key.Span(), "a train block has no `%s`%s", key, meant(key, trainKeys))
	case es.settings[key] != nil:
		d := r.fault(EntryTwice, s.Span(), "`%s` stands twice in this train block", key)
		d.Notes = append(d.Notes, source.Note{Span: es.settings[key].Span(), Message: "first here"})
	case s.Name != nil:
		r.fault(InvalidEntry, s.Span(), "`%s` has one value, and no `=`", key)
	default:
		es.settings[key] = s
	}
}
