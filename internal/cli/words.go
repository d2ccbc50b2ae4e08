package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/vbauerster/cupwriter"

	"ncd/grammar/source"
	"ncd/runtime/weights"
)

// wantsColour reports whether words may be coloured.
func wantsColour(onTerminal bool) bool {
	return onTerminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && cupwriter.New(file, false).IsTerminal()
}

// tell prints diagnostics to standard error.
func (s *session) tell(said []source.Diagnostic) {
	if s.isJSON {
		source.PrintJSON(s.Err, said)
		return
	}
	source.Print(s.Err, said, s.colour)
}

// remark prints a line to standard error, for people only.
func (s *session) remark(format string, args ...any) {
	if !s.isJSON {
		fmt.Fprintf(s.Err, format+"\n", args...)
	}
}

// put prints a JSON value as a line of standard output.
func (s *session) put(value any) error {
	encoder := json.NewEncoder(s.Out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// tellBroken says that the fault is ours, and what to report.
func (s *session) tellBroken(what any, stack []byte) {
	fmt.Fprintf(s.Err, "ncd: this is a fault of ours, not of your program: %v\n", what)
	fmt.Fprintf(s.Err, "Please report it with this text, the program, and the line you typed.\n%s\n%s", versionText(), stack)
}

// write writes to a file, whole or not at all, or to standard output where it is
// `-`.
func (s *session) write(to string, write func(io.Writer) error) error {
	if to == "-" {
		return write(s.Out)
	}
	return weights.Replace(to, write)
}
