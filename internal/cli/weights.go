package cli

import (
	"github.com/spf13/cobra"

	"ncd/runtime/weights"
)

// weightFlags say which weights are read, and where in the model they go.
type weightFlags struct {
	file string
	maps []string
}

// add adds the options; doc is what --weights says of itself.
func (f *weightFlags) add(cmd *cobra.Command, doc string) {
	cmd.Flags().StringVar(&f.file, "weights", "", doc)
	cmd.Flags().StringArrayVar(&f.maps, "map", nil, "`OLD=NEW`: take only what begins with the path OLD in the file, as what begins with NEW in the model; "+
		"* is any one word, nothing is every path; repeatable, the first that fits holds")
}

// read reads the file that --weights names, or the one of a run.
func (f *weightFlags) read(file string) (*weights.Stored, error) {
	var mappings []weights.Mapping
	for _, text := range f.maps {
		m, err := weights.ReadMapping(text)
		if err != nil {
			return nil, misused("`--map %s`: %v", text, err).mend("--map encoder=net.encoder")
		}
		mappings = append(mappings, m)
	}
	if file == "" && len(mappings) > 0 {
		return nil, misused("`--map` says where weights go, and none are read").mend("--weights w.safetensors")
	}
	if file == "" {
		return nil, nil
	}
	return weights.ReadStored(file, mappings...)
}
