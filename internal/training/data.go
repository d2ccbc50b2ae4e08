package training

import (
	"ncd/compiler"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/train"
)

// Data says where data sets are found, and what they may cost.
type Data struct {
	data.Lookup
	Limits data.Limits
}

// openData reads the data sets of a train block's clauses, side by side. What is wrong
// with one is told there.
func openData(clauses []diagram.DataClause, at Data) (*data.Splits, error) {
	var names []string
	var parts []*data.Splits
	for _, clause := range clauses {
		splits, err := openClause(clause, at)
		if err != nil {
			return nil, toldAt(err, clause.Span)
		}
		names, parts = append(names, clause.Source), append(parts, splits)
	}
	splits, err := train.Join(names, parts)
	return splits, toldAt(err, clauses[len(clauses)-1].Span)
}

func openClause(clause diagram.DataClause, at Data) (*data.Splits, error) {
	request := data.Request{Source: clause.Source, Args: clause.Args, Named: clause.Named}
	for _, field := range clause.Fields {
		request.Fields = append(request.Fields, requested(field))
	}
	return data.OpenWithin(at.Limits, request, at.Lookup)
}

// toldAt tells a fault at a place of the program.
func toldAt(err error, span source.Span) error {
	told := fault.As(err)
	if told == nil {
		return err
	}
	d := DiagnosticOf(told)
	d.Span = span
	return compiler.Faults{d}
}

// DiagnosticOf is a fault of the runtime's as a diagnostic without a place.
func DiagnosticOf(f *fault.Fault) source.Diagnostic {
	d := source.Diagnostic{Code: source.Code(f.Code), Message: f.Error()}
	if f.Help != "" {
		d.Help = []string{f.Help}
	}
	return d
}

// requested is a field as the data sources know it: 0 stands for the sizes that
// the program leaves to the data.
func requested(f diagram.Field) data.Field {
	wanted := data.Field{Name: f.Name, Axes: f.Type.Axes.Labels()}
	for _, a := range f.Type.Axes {
		size, _ := a.Size.Int()
		wanted.Dims = append(wanted.Dims, size)
	}
	if f.Type.In != nil {
		wanted.IsPlaces = true
		wanted.Places, _ = f.Type.In.Size.Int()
	}
	return wanted
}

// sizesOf are the sizes of each field, and how many places its elements are
// among.
func sizesOf(set *data.Set) (dims map[string][]int, places map[string]int) {
	dims, places = map[string][]int{}, map[string]int{}
	for _, field := range set.Fields() {
		dims[field.Name] = field.Dims
		if field.IsPlaces {
			places[field.Name] = field.Places
		}
	}
	return dims, places
}
