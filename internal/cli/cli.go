// Package cli is the command: a subcommand a file. Flags come in, packages are
// called, words go out; it decides nothing about programs, weights or figures.
//
// Results go to standard output or to -o, everything else to standard error.
// What a command hands back decides the exit status: see status.go.
package cli

import (
	"errors"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Streams are what the command reads from and writes to.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// session is one run of the command.
type session struct {
	Streams
	isJSON  bool
	isTerse bool // leave out what an epoch comes to
	colour  bool // of diagnostics
	limits  limits
}

// Main runs the command with its arguments, without its own name, and returns
// the exit status. It does not panic.
func Main(arguments []string, streams Streams) (status int) {
	s := &session{Streams: streams, colour: wantsColour(isTerminal(streams.Err)), limits: defaultLimits()}
	defer func() {
		if broken := recover(); broken != nil {
			s.tellBroken(broken, debug.Stack())
			status = broke
		}
	}()
	root := s.root()
	root.SetArgs(arguments)
	return s.finish(root.Execute())
}

func (s *session) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "ncd",
		Short: "Check, run, train and draw neural circuit diagrams",
		Long:  manual,
		Args:  knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(flagMisuse)
	root.PersistentFlags().BoolVar(&s.isJSON, "json", false, "machine-readable output, one JSON value a line")
	root.PersistentFlags().Func("limit", "`name=value` of what is refused as too large: `ncd help limits`; repeatable", s.limits.set)
	root.AddCommand(s.check(), s.fmt(), s.render(), s.watch(), s.init(), s.run(), s.test(), s.train(), s.eval(), s.compare(), s.plot(), s.cost(), s.export(), s.imports(), s.dump(), s.doc(), s.explain(), s.lsp(), s.newProject(), s.playground(), s.completion(), s.man(), s.doctor(), s.version())
	root.SetHelpCommand(s.help())
	wrapHelp(root)
	return root
}

const manual = `ncd checks, runs, trains and draws neural circuit diagrams.

ncd help COMMAND shows the options of each, with an example; ncd help data lists the sources of data.

FILE is a path, - for standard input, or a name of the standard library (std/attention).

Results go to standard output or to -o; diagnostics and progress go to standard error.

Exit status: 0 done, 1 the program, its data or weights are wrong, 2 the command was used
wrongly, 3 a fault of ours, 130 stopped by Ctrl-C or SIGTERM.

Environment:
  NCD_DATA   the folder in which data sets are looked for, as --data
  NO_COLOR   no colour, even on a terminal

Cache: Graphviz, which lays figures out, keeps its compiled code in the folder go-graphviz of
the system's folder for temporary files, and the language server copies of the library in the
folder ncd of the user's folder for caches. Both may be deleted at any time.`

// knownCommand refuses a first word that is no command.
func knownCommand(root *cobra.Command, words []string) error {
	if len(words) == 0 {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return misused("there is no command `%s`", words[0]).orNearest(words[0], names, "%s").
		mend("`ncd help` lists the commands")
}

// flagMisuse tells an option that is unknown, or has no value, or a wrong one.
func flagMisuse(cmd *cobra.Command, err error) error {
	hint := "`ncd help " + cmd.Name() + "` lists its options"
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var unfit *pflag.InvalidValueError
	var told *refusal
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown).mend(hint)
	case errors.As(err, &bare):
		return misused("`--%s` needs a value", bare.GetFlag().Name).mend(hint)
	case errors.As(err, &unfit):
		kind := map[string]string{"int": "whole number", "uint64": "whole number from 0 on", "bool": "`true` or `false`"}[unfit.GetFlag().Value.Type()]
		return misused("`--%s %s`: the value is no %s", unfit.GetFlag().Name, unfit.GetValue(), kind).mend(hint)
	}
	return misused("%v", err).mend(hint)
}

func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) *refusal {
	if shorthands := unknown.GetSpecifiedShortnames(); shorthands != "" {
		return misused("`ncd %s` has no option `-%s`", cmd.Name(), shorthands)
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	name := unknown.GetSpecifiedName()
	return misused("`ncd %s` has no option `--%s`", cmd.Name(), name).orNearest(name, names, "--%s")
}
