package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"ncd/runtime/data"
)

// help prints what a command does, or a topic, and refuses names of neither.
func (s *session) help() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | data | limits | determinism]",
		Short: "Say what a command does; the sources of data; what is refused as too large; what is the same each time",
		Example: `  ncd help train
  ncd help data
  ncd help limits
  ncd help determinism`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) == 1 {
				if topic, isTopic := topics[names[0]]; isTopic {
					return topic(s)
				}
			}
			found, left, err := cmd.Root().Find(names)
			if err != nil {
				return err
			}
			if len(left) > 0 {
				return knownCommand(cmd.Root(), left)
			}
			return found.Help()
		},
	}
}

// topics are what help tells besides commands.
var topics = map[string]func(*session) error{
	"data":        (*session).helpData,
	"limits":      (*session).helpLimits,
	"determinism": (*session).helpDeterminism,
}

// helpData tells the sources of data.
func (s *session) helpData() error {
	if s.isJSON {
		for _, source := range data.Sources() {
			if err := s.put(source); err != nil {
				return err
			}
		}
		return nil
	}
	var text strings.Builder
	text.WriteString(wrapped("A train block takes its examples from a source: `data FIELDS = SOURCE[PATH, OPTION = VALUE]`. "+
		"A relative path is looked for beside the program, then under --data or NCD_DATA, then among the sets that come with ncd.", "") + "\n")
	for _, source := range data.Sources() {
		writeSource(&text, source)
	}
	_, err := io.WriteString(s.Out, text.String())
	return err
}

func writeSource(text *strings.Builder, source data.Source) {
	fmt.Fprintf(text, "\n%s\n", source.Name)
	if source.Path != "" {
		fmt.Fprintf(text, "    path     %s\n", wrapped(source.Path, "             "))
	}
	fmt.Fprintf(text, "    fields   %s\n    example  data %s\n\n    %s\n", wrapped(source.Fields, "             "), source.Example, wrapped(source.Doc, "    "))
	if len(source.Options) > 0 {
		text.WriteByte('\n')
	}
	for _, o := range source.Options {
		fmt.Fprintf(text, "    %-12s %s\n", o.Name, wrapped(o.Doc+": "+valuesOf(o), "                 "))
	}
}

// valuesOf tells what an option may be, and what it is if nothing is said.
func valuesOf(o data.Option) string {
	takes := o.Kind.String()
	if len(o.Choices) > 0 {
		takes = strings.Join(o.Choices, " or ")
	}
	switch value := o.Default.(type) {
	case nil:
		return takes
	case string:
		return fmt.Sprintf("%s; default %q", takes, value)
	default:
		return fmt.Sprintf("%s; default %v", takes, value)
	}
}
