package cli

import (
	"fmt"
	"strings"

	"ncd/compiler/check"
	"ncd/runtime/train"
)

// footprint prints which layers' changes hang on the weights of which others, measured
// on a step of a train block.
func (s *session) footprint(file string, o check.Options, f *trainFlags) error {
	t, err := s.prepare(file, nil, o, &f.data)
	if err != nil {
		return err
	}
	step, err := s.step(t)
	if err != nil {
		return err
	}
	d, err := train.Footprint(&train.Training{Step: step, Data: t.Splits, Batch: t.Training.Batch, Seed: t.Training.Seed, Threads: f.threads})
	if err != nil {
		return placed(err)
	}
	if s.isJSON {
		return s.put(map[string]any{"layers": d.Layers, "hang_on": d.HangOn})
	}
	_, err = s.Out.Write([]byte(footprintText(d)))
	return err
}

// footprintText is the matrix, a row for each layer: 1 where its change hangs on the
// weights of the layer of the column.
func footprintText(d *train.Dependence) string {
	var text strings.Builder
	width := 0
	for _, layer := range d.Layers {
		width = max(width, len(layer))
	}
	isLower := true
	for i, layer := range d.Layers {
		fmt.Fprintf(&text, "%-*s ", width, layer)
		for j, hangs := range d.HangOn[i] {
			if hangs {
				text.WriteString(" 1")
			} else {
				text.WriteString(" 0")
			}
			isLower = isLower && (!hangs || j <= i)
		}
		text.WriteString("\n")
	}
	if isLower {
		text.WriteString("no change hangs on a later layer: learning goes forward only\n")
	}
	return text.String()
}
