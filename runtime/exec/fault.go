package exec

import (
	"fmt"

	"ncd/compiler/plan"
)

// Fault is what went wrong in a run because of the data, with the step that it
// befell.
type Fault struct {
	Origin plan.Origin
	Cause  error // a *kernel.PlaceError
}

func (m *Machine) fault(step int, cause error) *Fault {
	return &Fault{m.plan.Steps[step].Origin, cause}
}

// Error names the box, its place in the source and the cause.
func (f *Fault) Error() string {
	box := f.Origin.Kind
	if f.Origin.Box != "" {
		box = f.Origin.Box + " (" + box + ")"
	}
	if s := f.Origin.Span; !s.IsZero() {
		line, column := s.File.Position(s.Start)
		box = fmt.Sprintf("%s:%d:%d: %s", s.File.Name, line, column, box)
	}
	return fmt.Sprintf("%s: %v", box, f.Cause)
}

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.Cause }
