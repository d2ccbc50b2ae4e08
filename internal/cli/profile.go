package cli

import (
	"time"

	"ncd/compiler/plan"
	"ncd/internal/profile"
)

// putProfile prints where the time of some runs of a plan went.
func (s *session) putProfile(p *plan.Plan, spent []time.Duration, runs int) error {
	rows := profile.Of(p, spent, runs)
	if !s.isJSON {
		return profile.Print(s.Out, rows)
	}
	for _, row := range rows {
		if err := s.put(row); err != nil {
			return err
		}
	}
	return nil
}
