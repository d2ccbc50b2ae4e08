package check

import (
	"fmt"
	"strings"

	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// report collects what is said.
type report struct {
	said []*source.Diagnostic
}

// fault adds an error, to which notes and helps may be put.
func (r *report) fault(code source.Code, span source.Span, format string, args ...any) *source.Diagnostic {
	d := &source.Diagnostic{Code: code, Span: span, Message: fmt.Sprintf(format, args...)}
	r.said = append(r.said, d)
	return d
}

// remark adds what was understood.
func (r *report) remark(code source.Code, span source.Span, format string, args ...any) *source.Diagnostic {
	d := r.fault(code, span, format, args...)
	d.Severity = source.Remark
	return d
}

// hasErrors reports whether an error was said since there were `from` of them.
func (r *report) hasErrors(from int) bool { return r.firstError(from) != nil }

func (r *report) firstError(from int) *source.Diagnostic {
	for _, d := range r.said[from:] {
		if d.Severity == source.Error {
			return d
		}
	}
	return nil
}

// inOrder lists what was said in the order of the text, each once.
func (r *report) inOrder() []source.Diagnostic {
	type key struct {
		code    source.Code
		span    source.Span
		message string
	}
	seen := map[key]bool{}
	var list []source.Diagnostic
	for _, d := range r.said {
		k := key{d.Code, d.Span, d.Message}
		if !seen[k] {
			seen[k] = true
			list = append(list, *d)
		}
	}
	return source.InOrder(list)
}

// quoted lists names as messages show them: `a`, `b` and `c`.
func quoted(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = "`" + name + "`"
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// meant is "; did you mean `x`", or nothing where no name is near.
func meant(name string, candidates []string) string {
	if near := source.Nearest(name, candidates); near != "" && len([]rune(name)) > 1 {
		return "; did you mean `" + near + "`?"
	}
	return ""
}

// counted is a number with its noun: 1 wire, 2 wires.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if noun == "axis" {
		return fmt.Sprint(n, " axes")
	}
	if noun == "box" {
		return fmt.Sprint(n, " boxes")
	}
	return fmt.Sprint(n, " ", noun, "s")
}

// sizeWord writes a size in a message about an axis: a letter that is not the
// axis's own is somebody's name, and stands in quotes.
func (e *elaborator) sizeWord(s shape.Size) string {
	s = e.job.unifier.Resolve(s)
	if letters := s.Letters(); len(letters) == 1 && s.Equal(shape.Letter(letters[0])) {
		if e.isParameter(letters[0]) {
			return "`" + letters[0] + "`"
		}
	}
	return s.String()
}
