package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ncd/internal/explain"
	"ncd/internal/training"
)

// explain tells what the code of a diagnostic means, or what a learning rule says.
func (s *session) explain() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "explain [CODE|RULE [FILE]]",
		Short: "Say what a diagnostic means, with an example and the mend; or what a learning rule says",
		Example: `  ncd explain AxisSize
  ncd explain dfa
  ncd explain dfa digits.ncd
  ncd explain`,
		Args: wants(0, 2, "the CODE of a diagnostic, or a RULE and perhaps a FILE, or nothing"),
		RunE: func(_ *cobra.Command, words []string) error {
			if len(words) == 0 {
				return s.listCodes()
			}
			if len(words) == 2 {
				return s.tellLayers(words[0], words[1], &f)
			}
			if text, isRule := libraryRule(words[0]); isRule {
				return s.tellRule(words[0], text)
			}
			entry, known := explain.Find(words[0])
			if !known {
				return misused("there is no code and no learning rule `%s`", words[0]).orNearest(words[0], append(training.RuleNames(), explain.Names()...), "%s").
					mend("`ncd explain` lists the codes")
			}
			return s.tellCode(entry)
		},
	}
	f.add(cmd)
	return cmd
}

// listCodes prints all codes, each with the beginning of what it means.
func (s *session) listCodes() error {
	for _, e := range explain.All() {
		if s.isJSON {
			if err := s.putCode(e); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(s.Out, "%-22s %s\n", e.Code, firstSentence(e.Meaning)); err != nil {
			return err
		}
	}
	return nil
}

// firstSentence is a text up to its first full stop.
func firstSentence(text string) string {
	first, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(first, ".") + "."
}

// tellCode prints all that is to be said of a code.
func (s *session) tellCode(e explain.Entry) error {
	if s.isJSON {
		return s.putCode(e)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n%s\n", e.Code, wrapped(e.Meaning, ""))
	if e.Example != "" {
		fmt.Fprintf(&text, "\nFor example, in the file %s:\n\n%s", explain.Program, indented(shortened(e.Example)))
	}
	if len(e.Lines) > 0 {
		fmt.Fprintf(&text, "\n%s", indented("$ "+strings.Join(e.Lines, "\n$ ")+"\n"))
	}
	fmt.Fprintf(&text, "\n%s\n", wrapped("The mend: "+e.Mend, ""))
	_, err := s.Out.Write([]byte(text.String()))
	return err
}

func (s *session) putCode(e explain.Entry) error {
	return s.put(map[string]any{"code": e.Code, "meaning": e.Meaning, "mend": e.Mend, "example": e.Example, "lines": e.Lines})
}

// shortened leaves out what nobody reads of an example without end.
func shortened(example string) string {
	const most = 1000
	if len(example) <= most {
		return example
	}
	return example[:60] + "…\n"
}
