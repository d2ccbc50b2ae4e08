package train

import (
	"ncd/runtime/data"
	"ncd/runtime/fault"
)

// Join puts the data of several clauses side by side: an example of the whole is
// one of each. They must have as many examples in every split; a split that one of
// them lacks the whole has not. The names of clauses are for faults.
func Join(clauses []string, parts []*data.Splits) (*data.Splits, error) {
	whole := &data.Splits{}
	for _, p := range parts {
		whole.Files = append(whole.Files, p.Files...)
	}
	for _, split := range []struct {
		name string
		of   func(*data.Splits) **data.Set
	}{
		{SplitTrain, func(s *data.Splits) **data.Set { return &s.Train }},
		{SplitValidation, func(s *data.Splits) **data.Set { return &s.Validation }},
		{SplitTest, func(s *data.Splits) **data.Set { return &s.Test }},
	} {
		sets := make([]*data.Set, len(parts))
		for i, p := range parts {
			sets[i] = *split.of(p)
		}
		joined, err := join(split.name, clauses, sets)
		if err != nil {
			return nil, err
		}
		*split.of(whole) = joined
	}
	return whole, nil
}

// join puts sets side by side; nil where one of them is.
func join(split string, clauses []string, sets []*data.Set) (*data.Set, error) {
	joined := &data.Set{}
	for i, set := range sets {
		if set == nil {
			return nil, nil
		}
		if n, first := set.Len(), sets[0].Len(); n != first {
			return nil, fault.New(fault.BadData, "", "`%s` gives %d examples for the %s split, and `%s` %d", clauses[0], first, split, clauses[i], n).
				Mend("data that are used together have as many examples, the first with the first")
		}
		joined.Columns = append(joined.Columns, set.Columns...)
	}
	return joined, nil
}
