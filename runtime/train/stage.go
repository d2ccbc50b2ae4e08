package train

import (
	"context"

	"ncd/runtime/data"
	"ncd/runtime/exec"
)

// stage is one of a run's trainings, with its plans in memory.
type stage struct {
	training *Training
	number   int // among the run's trainings, from 0
	before   int // steps of those before it
	machine  *machine
	heldBack []split
	tester   *Tester  // of what is held back
	fed      *machine // makes what first values are made of; nil: none are
	carried  *machine // of the stage before, whose weights this one goes on with; nil: it is the first
	runs     int      // of the step, in this session
}

func bindStage(t *Training, number, before int) (*stage, error) {
	s := &stage{training: t, number: number, before: before, heldBack: t.heldBack()}
	var err error
	if s.machine, err = bindMachine(t.Step, exec.Options{Threads: t.Threads, Seed: t.Seed, Profile: t.Profile, CheckFinite: t.CheckFinite}); err != nil {
		return nil, err
	}
	if t.First != nil {
		if err := s.machine.loadParts(t.First); err != nil {
			s.machine.Close()
			return nil, err
		}
	}
	if s.fed, err = bindFed(t); err != nil {
		s.machine.Close()
		return nil, err
	}
	var sets []*data.Set
	for _, split := range s.heldBack {
		sets = append(sets, split.set)
	}
	if s.tester, err = NewTester(t, sets...); err != nil {
		s.machine.Close()
		s.closeFed()
		return nil, err
	}
	return s, nil
}

// close ends the workers; the arrays stay.
func (s *stage) close() {
	s.machine.Close()
	s.tester.Close()
	s.closeFed()
}

// run runs the stage from its beginning, or from where the folder says that it was
// cut.
func (s *stage) run(ctx context.Context, folder *Folder, w Watcher) (*Final, error) {
	l, err := s.newLoop(folder, w)
	if err != nil {
		return nil, err
	}
	defer l.close()
	if folder.resumed == nil || folder.resumed.Stage != s.number {
		if err := s.begin(); err != nil {
			return nil, err
		}
	}
	s.closeFed()
	if err := l.run(ctx); err != nil {
		return nil, err
	}
	if l.Step < l.total {
		return l.final(), ctx.Err()
	}
	return l.final(), nil
}

// next binds the stage behind this one, which goes on with its weights: those of
// the same path and sizes. Others are drawn.
func (s *stage) next(t *Training) (*stage, error) {
	after, err := bindStage(t, s.number+1, s.before+s.training.steps())
	if err != nil {
		return nil, err
	}
	after.machine.copyWeights(s.machine)
	after.carried = s.machine
	s.close()
	return after, nil
}
