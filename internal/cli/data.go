package cli

import (
	"os"

	"github.com/spf13/cobra"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/train"
)

// dataFlags say where data sets are.
type dataFlags struct {
	under  string
	limits data.Limits
}

func (f *dataFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.under, "data", os.Getenv("NCD_DATA"), "`folder` in which data sets are looked for after the source file's own")
}

// open reads the data sets of a train block's clauses, side by side. What is wrong
// with one is told there.
func (f *dataFlags) open(clauses []diagram.DataClause, file string) (*data.Splits, error) {
	var names []string
	var parts []*data.Splits
	for _, clause := range clauses {
		splits, err := f.openOne(clause, file)
		if err != nil {
			return nil, toldAt(err, clause.Span)
		}
		names, parts = append(names, clause.Source), append(parts, splits)
	}
	splits, err := train.Join(names, parts)
	return splits, toldAt(err, clauses[len(clauses)-1].Span)
}

func (f *dataFlags) openOne(clause diagram.DataClause, file string) (*data.Splits, error) {
	request := data.Request{Source: clause.Source, Args: clause.Args, Named: clause.Named}
	for _, field := range clause.Fields {
		request.Fields = append(request.Fields, requested(field))
	}
	return data.OpenWithin(f.limits, request, data.Lookup{Beside: folderOf(file), Under: f.under})
}

// toldAt tells a fault at a place of the program.
func toldAt(err error, span source.Span) error {
	told := fault.As(err)
	if told == nil {
		return err
	}
	d := diagnosticOf(told)
	d.Span = span
	return &refusal{said: []source.Diagnostic{d}}
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
