package cli

import (
	"os"

	"github.com/spf13/cobra"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/fault"
)

// dataFlags say where data sets are.
type dataFlags struct {
	under string
}

func (f *dataFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.under, "data", os.Getenv("NCD_DATA"), "`folder` in which data sets are looked for after the source file's own")
}

// open reads the data set of a train block's clause. What is wrong with it is told
// there.
func (f *dataFlags) open(clauses []diagram.DataClause, file string) (*data.Splits, error) {
	if len(clauses) > 1 {
		r := refuse(codeManyData, "a train block takes its examples from one source, and this is its second")
		r.said[0].Span = clauses[1].Span
		return nil, r
	}
	clause := clauses[0]
	request := data.Request{Source: clause.Source, Args: clause.Args, Named: clause.Named}
	for _, field := range clause.Fields {
		request.Fields = append(request.Fields, requested(field))
	}
	splits, err := data.Open(request, data.Lookup{Beside: folderOf(file), Under: f.under})
	if told := fault.As(err); told != nil {
		d := diagnosticOf(told)
		d.Span = clause.Span
		return nil, &refusal{said: []source.Diagnostic{d}}
	}
	return splits, err
}

// codeManyData is the code of a second data clause.
const codeManyData source.Code = "EntryTwice"

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
