package cli

import (
	"os"

	"github.com/spf13/cobra"

	"ncd/internal/training"
	"ncd/runtime/data"
)

// dataFlags say where data sets are.
type dataFlags struct {
	under  string
	limits data.Limits
}

func (f *dataFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.under, "data", os.Getenv("NCD_DATA"), "`folder` in which data sets are looked for after the source file's own")
}

// lookup is where the data of a program are looked for.
func (f *dataFlags) lookup(file string) training.Data {
	return training.Data{Lookup: data.Lookup{Beside: folderOf(file), Under: f.under}, Limits: f.limits}
}
