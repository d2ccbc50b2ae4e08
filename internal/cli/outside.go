package cli

import (
	"strconv"

	"github.com/spf13/pflag"

	"ncd/runtime/opaque"
)

// outsideFlags lets opaque boxes run programs, where the caller says so.
func outsideFlags(flags *pflag.FlagSet) {
	flags.BoolFunc("allow-run", "let opaque boxes run programs", func(said string) error {
		isAllowed, err := strconv.ParseBool(said)
		if isAllowed {
			opaque.Allow()
		}
		return err
	})
}
