package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/internal/training"
	"ncd/runtime/fault"
)

// The exit statuses.
const (
	done        = 0
	wrong       = 1   // the program, its data or its weights; diagnostics say how
	wrongUse    = 2   // of the command
	broke       = 3   // a fault of ours
	interrupted = 130 // by Ctrl-C or SIGTERM, as shells have it
)

// codeUsage is the code of a command used wrongly.
const codeUsage source.Code = "BadUsage"

// refusal ends a command with what is wrong with the program, or with the way
// the command was used.
type refusal struct {
	said   []source.Diagnostic
	isTold bool
}

// printed is the refusal for diagnostics that are printed already, if there are
// errors among them.
func printed(said []source.Diagnostic) error {
	if slices.ContainsFunc(said, isError) {
		return &refusal{said: said, isTold: true}
	}
	return nil
}

// refuse is the refusal for one thing that is wrong.
func refuse(code source.Code, format string, args ...any) *refusal {
	return &refusal{said: []source.Diagnostic{{Code: code, Message: fmt.Sprintf(format, args...)}}}
}

func (r *refusal) Error() string { return r.said[0].Message }

// misused is the refusal of a command used wrongly.
func misused(format string, args ...any) *refusal {
	return refuse(codeUsage, format, args...)
}

// mend adds advice, and returns the refusal.
func (r *refusal) mend(advice string) *refusal {
	r.said[0].Help = append(r.said[0].Help, advice)
	return r
}

// orNearest asks whether the nearest of some names was meant, if one is near.
func (r *refusal) orNearest(name string, names []string, format string) *refusal {
	if near := source.Nearest(name, names); near != "" {
		r.mend("did you mean `" + fmt.Sprintf(format, near) + "`?")
	}
	return r
}

// status is wrongUse where every error is about the use of the command.
func (r *refusal) status() int {
	for _, d := range r.said {
		if d.Severity == source.Error && d.Code != codeUsage && d.Code != check.UnknownSetting {
			return wrong
		}
	}
	return wrongUse
}

// stopped ends a run that was told to stop, and is saved.
type stopped struct {
	goOn string // the line that goes on with it
}

func (s *stopped) Error() string { return "the run was stopped, and is saved" }

// codeStopped is the code of a run that was told to stop.
const codeStopped source.Code = "Stopped"

// finish tells what ended the command, and returns its exit status.
func (s *session) finish(err error) int {
	var refused *refusal
	var faults compiler.Faults
	var cut *stopped
	var refusedBySystem *fs.PathError
	switch {
	case err == nil:
		return done
	case errors.As(err, &refused):
		if !refused.isTold {
			s.tell(refused.said)
		}
		return refused.status()
	case errors.As(err, &faults):
		return s.finish(&refusal{said: faults})
	case errors.As(err, &cut):
		s.tell([]source.Diagnostic{{Code: codeStopped, Severity: source.Remark, Message: cut.Error(), Help: []string{"to go on: " + cut.goOn}}})
		return interrupted
	case fault.As(err) != nil:
		s.tell([]source.Diagnostic{training.DiagnosticOf(fault.As(err))})
		return wrong
	case errors.As(err, &refusedBySystem):
		return s.finish(refuse(source.Code(fault.UnwritableFile), "%v", err))
	}
	s.tellBroken(err, nil)
	return broke
}
