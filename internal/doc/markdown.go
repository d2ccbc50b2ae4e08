package doc

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes files as one page of Markdown.
func Markdown(w io.Writer, files []File) error {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "# %s\n\n%s\n\n", f.Name, strings.TrimSpace(f.Doc))
		for _, e := range f.Entries {
			e.markdown(&b)
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func (e Entry) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "## %s\n\n```ncd\n%s\n```\n\n", e.label(), e.Signature)
	if e.Doc != "" {
		fmt.Fprintf(b, "%s\n\n", strings.TrimSpace(e.Doc))
	}
	if len(e.Parameters) > 0 {
		b.WriteString("| parameter | takes | default |\n| --- | --- | --- |\n")
		for _, p := range e.Parameters {
			fmt.Fprintf(b, "| %s | %s | %s |\n", code(p.Name), p.Kind, code(p.Default))
		}
		b.WriteByte('\n')
	}
	if e.isDrawn() {
		fmt.Fprintf(b, "Figure: `%s`\n\n", e.drawLine())
	}
}

// code is a text between backquotes, or nothing.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
}
