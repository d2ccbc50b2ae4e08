package cli

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/internal/training"
)

// trainFlags are what every command knows that works on a train block.
type trainFlags struct {
	set     setFlags
	data    dataFlags
	threads int
}

func (f *trainFlags) add(cmd *cobra.Command) {
	f.set.add(cmd)
	f.data.add(cmd)
	cmd.Flags().IntVar(&f.threads, "threads", 0, "`number` of threads, which changes no result; 0: one a core")
}

// prepare checks a program and opens the data of its train block.
func (s *session) prepare(file string, named []string, o check.Options, from *dataFlags) (*training.Block, error) {
	text, err := s.read(file)
	if err != nil {
		return nil, err
	}
	o.Training, o.Limits, from.limits = true, s.limits.check, s.limits.data
	whole := sourceOf(text, file, o)
	program, said := whole.Check()
	if err := s.heed(said); err != nil {
		return nil, err
	}
	name, err := chosen("train block", named, program.Trains())
	if err != nil {
		return nil, err
	}
	return training.Open(whole, program, name, from.lookup(file))
}

// digest is the SHA-256 of a block's program.
func digest(t *training.Block) string {
	sum := sha256.Sum256([]byte(t.Text.Text))
	return hex.EncodeToString(sum[:])
}

// learned is the diagram of a step of training. Remarks of the learning rules are
// told.
func (s *session) learned(t *training.Block) (*diagram.Diagram, error) {
	d, said, err := t.Learned()
	if err != nil {
		return nil, err
	}
	return d, s.heed(said)
}

// step is the plan of a step of training. Remarks of the learning rules are told.
func (s *session) step(t *training.Block) (*plan.Plan, error) {
	p, said, err := t.Step()
	if err != nil {
		return nil, err
	}
	return p, s.heed(said)
}
