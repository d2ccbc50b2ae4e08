package train

import (
	"fmt"

	"ncd/grammar/source"
)

// NotFinite stops a run: its loss, or a weight, is no number any more.
type NotFinite struct {
	What  string // "the loss", "weight `affine.0.weight`"
	Value float64
	Step  int         // counted from 1
	Span  source.Span // where it is computed; may be no place
}

// CodeNotFinite is the code of a NotFinite.
const CodeNotFinite source.Code = "NotFinite"

func (n *NotFinite) Error() string {
	return fmt.Sprintf("%s is %v at step %d", n.What, n.Value, n.Step)
}

// Diagnostic tells the author of the program.
func (n *NotFinite) Diagnostic() source.Diagnostic {
	return source.Diagnostic{
		Code: CodeNotFinite, Span: n.Span, Message: n.Error(),
		Help: []string{"a smaller learning rate is the usual mend", "--allow-nan goes on all the same"},
	}
}
