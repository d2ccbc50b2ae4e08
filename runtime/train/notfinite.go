package train

import (
	"errors"
	"fmt"

	"ncd/grammar/source"
	"ncd/runtime/exec"
)

// NotFinite stops a run: its loss, or a weight, is no number any more.
type NotFinite struct {
	What  string // "the loss", "weight `affine.weight` at pixel 3, hidden 0"
	Value float64
	Step  int         // counted from 1
	Span  source.Span // where it is computed; may be no place

	isFirst bool // there is none that was made before it
}

// CodeNotFinite is the code of a NotFinite.
const CodeNotFinite source.Code = "NotFinite"

func (n *NotFinite) Error() string {
	return fmt.Sprintf("%s is %v at step %d", n.What, n.Value, n.Step)
}

// Diagnostic tells the author of the program.
func (n *NotFinite) Diagnostic() source.Diagnostic {
	help := []string{"a smaller learning rate is the usual mend", "--check-finite all finds the box that made the first one; --allow-nan goes on all the same"}
	if n.isFirst {
		help = []string{"the logarithm of zero and the division by it make one; so does a learning rate that is too large"}
	}
	return source.Diagnostic{Code: CodeNotFinite, Span: n.Span, Message: n.Error(), Help: help}
}

// toldNotFinite is the error of a step of the run, with which step it was where a box
// made a number that is none.
func toldNotFinite(err error, step int) error {
	var first *exec.NotFinite
	if !errors.As(err, &first) {
		return err
	}
	o := first.Origin
	maker := fmt.Sprintf("a box (%s, %s)", o.Kind, o.Pass)
	switch {
	case o.Kind == "": // the step began with it
		maker = "`" + o.Box + "`"
	case o.Box != "":
		maker = fmt.Sprintf("box `%s` (%s, %s)", o.Box, o.Kind, o.Pass)
	}
	what := "the first number that is not finite, of " + maker + first.Array.Place(first.At) + ","
	return &NotFinite{What: what, Value: first.Value, Step: step, Span: o.Span, isFirst: true}
}
