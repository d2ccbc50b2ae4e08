package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
)

// Stages lists the stages of a train block in the order in which they run; none
// where it has no `stage` blocks.
func (p *Program) Stages(train string) []string {
	d := p.main.names["train "+train]
	if d == nil {
		return nil
	}
	return stagesOf(d.train)
}

func stagesOf(t *grammar.Train) []string {
	var names []string
	for _, x := range t.Entries {
		if s, ok := x.(*grammar.Stage); ok {
			names = append(names, s.Name.Text)
		}
	}
	return names
}

// Stage is Training for one stage of a train block: the entries of the block, with
// those of the stage. A stage's losses, rules and settings take the place of the
// block's; models, names, reports, groups and what is frozen are added. Weights
// keep their paths, so that each stage goes on with those of the stage before, and
// draws those that are new.
func (p *Program) Stage(train, stage string, fieldDims map[string][]int, places map[string]int) (*diagram.Training, []source.Diagnostic) {
	if !slices.Contains(p.Stages(train), stage) {
		r := &report{}
		r.fault(UnknownDeclaration, source.Span{}, "train block `%s` has no stage `%s`%s", train, stage, meant(stage, p.Stages(train)))
		return nil, r.inOrder()
	}
	return p.trainingAt(train, stage, fieldDims, places)
}

// holdStages holds that stages have names of their own, and no stages inside.
func (r *report) holdStages(t *grammar.Train) {
	first := map[string]source.Span{}
	for _, x := range t.Entries {
		s, ok := x.(*grammar.Stage)
		if !ok {
			continue
		}
		r.distinct(first, s.Name.Text, s.Name.Span(), "stage")
		for _, inner := range s.Entries {
			if _, isStage := inner.(*grammar.Stage); isStage {
				r.fault(InvalidEntry, inner.Span(), "a stage has no stages")
			}
		}
	}
}

// entriesAt are the entries of a train block at one of its stages, or of the whole
// block where the stage is "".
func (r *report) entriesAt(t *grammar.Train, stage string) *entries {
	es := r.entriesOf(t.Entries)
	for _, x := range t.Entries {
		if s, ok := x.(*grammar.Stage); ok && s.Name.Text == stage {
			es = es.with(r.entriesOf(s.Entries))
		}
	}
	return es
}

// with lets the entries of a stage take the place of those of the block.
func (es *entries) with(stage *entries) *entries {
	made := &entries{
		data: es.data, rules: es.rules, program: slices.Clone(es.program), settings: map[string]*grammar.Setting{},
		groups: slices.Concat(es.groups, stage.groups), frozen: slices.Concat(es.frozen, stage.frozen),
	}
	if len(stage.data) > 0 {
		made.data = stage.data
	}
	if len(stage.rules) > 0 {
		made.rules = stage.rules
	}
	if slices.ContainsFunc(stage.program, isLoss) {
		made.program = slices.DeleteFunc(made.program, isLoss)
	}
	made.program = append(made.program, stage.program...)
	for _, settings := range []map[string]*grammar.Setting{es.settings, stage.settings} {
		for key, s := range settings {
			made.settings[key] = s
		}
	}
	if stage.settings["steps"] != nil && stage.settings["epochs"] == nil {
		delete(made.settings, "epochs")
	} else if stage.settings["epochs"] != nil && stage.settings["steps"] == nil {
		delete(made.settings, "steps")
	}
	return made
}

func isLoss(x grammar.Entry) bool {
	s, ok := x.(*grammar.Setting)
	return ok && s.Key.Text == "loss"
}

// freeze leaves the weights of parts as they are.
func (t *training) freeze(es *entries) {
	for _, x := range es.frozen {
		part, ok := t.part(x.Value)
		if !ok {
			continue
		}
		i := slices.IndexFunc(t.models, func(b *bound) bool { return b.name == part[0] })
		for _, b := range t.models[i].boxes[:min(1, len(t.models[i].boxes))] {
			for _, body := range diagram.Bodies(b.Op) {
				weightsIn(body, "", func(path string, w *diagram.Weight) {
					if within(part[1:])(path) {
						w.Frozen = true
					}
				})
			}
		}
	}
}
