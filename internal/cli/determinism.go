package cli

import (
	"io"
	"strings"
)

// determinism is a paragraph each.
var determinism = []string{
	"The same program, data, settings and seed, with the same ncd on the same kind of processor, give the same weights, byte for byte, and the same figures, " +
		"but for seconds.",
	"That holds for any --threads, on a busy machine, with or without --check-finite all, and for a run that was stopped, killed or " +
		"cut by a full disk and went on with --resume. All chance is drawn from the seed: first values, the order of examples, dropout. " +
		"run.json has the seed, the settings, the version, and the SHA-256 of the program and of each data file.",
	"It does not hold from one kind of processor to another: each has kernels of its own (`ncd version` names the features in use), which sum in another order " +
		"and round otherwise. Nor from one version of ncd to another, nor for a program and its export to another system.",
	"It does not cover what an opaque box runs, the seconds in metrics.jsonl and run.json, and curves.svg, nor, with a --checkpoint in time or after Ctrl-C, at which steps the " +
		"states before the last one were saved.",
}

// helpDeterminism tells what is the same each time, and what is not.
func (s *session) helpDeterminism() error {
	var text strings.Builder
	for i, paragraph := range determinism {
		if i > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(wrapped(paragraph, "") + "\n")
	}
	_, err := io.WriteString(s.Out, text.String())
	return err
}
