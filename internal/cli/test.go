package cli

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/internal/expect"
	"ncd/runtime/tensor"
	"ncd/runtime/train"
)

// proving is the options of ncd test.
type proving struct {
	set     setFlags
	seed    uint64
	threads int
}

// test runs the test blocks of programs.
func (s *session) test() *cobra.Command {
	var o proving
	cmd := &cobra.Command{
		Use:   "test FILE...",
		Short: "Run the test blocks of programs",
		Example: `  ncd test attention.ncd
  ncd test *.ncd`,
		Args: wants(1, -1, "at least one FILE"),
		RunE: func(_ *cobra.Command, names []string) error { return s.testAll(names, &o) },
	}
	o.set.add(cmd)
	outsideFlags(cmd.Flags())
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "`seed` of draws and of weights")
	cmd.Flags().IntVar(&o.threads, "threads", 0, "`number` of threads; 0: one a core")
	return cmd
}

// testAll runs the tests of all programs, whatever comes of those before.
func (s *session) testAll(names []string, o *proving) error {
	values, err := o.set.values()
	if err != nil {
		return err
	}
	var failed []source.Diagnostic
	for _, name := range names {
		said, err := s.testFile(name, check.Options{Set: values}, o)
		if err != nil {
			return err
		}
		failed = append(failed, said...)
	}
	return printed(failed)
}

// testFile runs the tests of a program, and returns what they said.
func (s *session) testFile(name string, o check.Options, how *proving) ([]source.Diagnostic, error) {
	start := time.Now()
	program, err := s.checked(name, o)
	var refused *refusal
	if errors.As(err, &refused) {
		s.tell(refused.said)
		return refused.said, s.putVerdict(name, "", refused.said, start)
	}
	if err != nil {
		return nil, err
	}
	var all []source.Diagnostic
	tests := program.Tests()
	for _, t := range tests {
		said, err := s.testOne(name, t, how)
		if err != nil {
			return nil, err
		}
		all = append(all, said...)
	}
	if len(tests) == 0 && !s.isJSON {
		_, err := fmt.Fprintf(s.Out, "?     %s has no tests\n", name)
		return nil, err
	}
	return all, s.putVerdict(name, "", all, start)
}

// testOne runs a test and tells what came of it.
func (s *session) testOne(file string, t check.Test, how *proving) ([]source.Diagnostic, error) {
	start := time.Now()
	said, err := t.Said, error(nil)
	if len(said) == 0 {
		said, err = s.unmet(t, how)
	}
	if err != nil {
		return nil, err
	}
	if len(said) > 0 {
		s.tell(said)
	}
	return said, s.putVerdict(file, t.Name, said, start)
}

// unmet runs the diagram of a test and holds its wires against the claims.
func (s *session) unmet(t check.Test, how *proving) ([]source.Diagnostic, error) {
	if len(t.Claims) == 0 {
		return nil, nil
	}
	job := &train.Application{Fresh: true, Seed: how.seed, Threads: how.threads}
	for i := range t.Diagram.Out {
		job.Names = append(job.Names, strconv.Itoa(i))
	}
	var err error
	if job.Plan, err = planOf(t.Diagram, false); err != nil {
		return saidBy(err)
	}
	results, err := train.Apply(job)
	if err != nil {
		return saidBy(placed(err))
	}
	arrays := make([]*tensor.Tensor, len(job.Names))
	for i, name := range job.Names {
		arrays[i] = results[name]
	}
	return expect.Unmet(t.Claims, arrays), nil
}

// saidBy is what a refusal says; another error stays one.
func saidBy(err error) ([]source.Diagnostic, error) {
	var refused *refusal
	var faults compiler.Faults
	switch {
	case errors.As(err, &refused):
		return refused.said, nil
	case errors.As(err, &faults):
		return faults, nil
	}
	return nil, err
}

// putVerdict prints whether a test, or a whole file, passed.
func (s *session) putVerdict(file, test string, said []source.Diagnostic, start time.Time) error {
	hasPassed, seconds := len(said) == 0, time.Since(start).Seconds()
	if s.isJSON {
		return s.put(map[string]any{"file": file, "test": test, "ok": hasPassed, "seconds": seconds})
	}
	verdict := map[bool]string{true: "ok", false: "FAIL"}[hasPassed]
	if test != "" {
		_, err := fmt.Fprintf(s.Out, "  %-4s  %s\n", verdict, test)
		return err
	}
	_, err := fmt.Fprintf(s.Out, "%-4s  %s  %.2fs\n", verdict, file, seconds)
	return err
}
