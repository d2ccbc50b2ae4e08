package grammar

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"ncd/grammar/source"
)

// badText tells where a file is no text.
func badText(file *source.File) (source.Diagnostic, bool) {
	at, what := strings.IndexByte(file.Text, 0), "a NUL byte"
	if at < 0 && utf8.ValidString(file.Text) {
		return source.Diagnostic{}, false
	}
	for i, r := range file.Text {
		if at >= 0 && i >= at {
			break
		}
		if _, width := utf8.DecodeRuneInString(file.Text[i:]); r == utf8.RuneError && width == 1 {
			at, what = i, fmt.Sprintf("the byte %#x, which is not UTF-8", file.Text[i])
			break
		}
	}
	return source.Diagnostic{
		Code:    BadText,
		Span:    source.Span{File: file, Start: at, End: at + 1},
		Message: "the file is not a text: it holds " + what,
		Help:    []string{"programs are UTF-8 text; is this another kind of file?"},
	}, true
}
