package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/internal/watch"
)

// watched is what is watched, and how it is drawn.
type watched struct {
	file    string
	options check.Options
	render  []string // the words of `ncd render` behind its file
}

// longestDrawing is how long a figure may take.
const longestDrawing = time.Minute

// watch serves a page with the figure of a file.
func (s *session) watch() *cobra.Command {
	var set setFlags
	port := 0
	cmd := &cobra.Command{
		Use:   "watch FILE [NAME]",
		Short: "Show a figure and the diagnostics in a browser, live while the file changes",
		Long: `Show a figure and the diagnostics in a browser, live while the file changes.

It serves a page to this machine alone, and prints its address. While the program is wrong the page keeps the last figure that
could be drawn, with the faults marked on it. It ends with Ctrl-C.`,
		Example: `  ncd watch attention.ncd MultiHead
  ncd watch digits.ncd digits --view rule --rule dfa
  ncd watch attention.ncd --depth 1 --port 8080`,
		Args: wants(1, 2, "a FILE and the NAME of a figure, diagram or train block"),
		RunE: func(cmd *cobra.Command, words []string) error {
			values, err := set.values()
			if err != nil {
				return err
			}
			if words[0] == "-" || strings.HasPrefix(words[0], "std/") {
				return misused("only a file can change").mend("ncd watch attention.ncd")
			}
			if port < 0 || port > 65535 {
				return misused("`--port %d` is no port from 0 to 65535", port)
			}
			w := &watched{file: words[0], render: words[1:], options: check.Options{Set: values, Rule: cmd.Flag("rule").Value.String()}}
			for _, option := range slices.Concat(drawnBy, []string{"set"}) {
				w.render = append(w.render, given(cmd, option)...)
			}
			return s.serve(w, port)
		},
	}
	set.add(cmd)
	cmd.Flags().String("view", "circuit", "`view`: circuit, backward, cost or rule, as of ncd render")
	cmd.Flags().String("rule", "", "`rule` of learning that the rule view shows")
	cmd.Flags().String("depth", "-1", "fold composite boxes below this `level`; -1 shows all")
	cmd.Flags().String("mode", "eval", "`mode`: eval or train")
	cmd.Flags().String("theme", "paper", "`theme`: paper, plain or dark")
	cmd.Flags().String("sizes", "letters", "write axes with their `sizes`: letters or numbers")
	cmd.Flags().IntVar(&port, "port", 0, "`port` of this machine; 0 is any that is free")
	return cmd
}

// drawnBy are the options that are ncd render's.
var drawnBy = []string{"view", "rule", "depth", "mode", "theme", "sizes"}

// given are the words of an option that is set.
func given(cmd *cobra.Command, option string) []string {
	flag := cmd.Flag(option)
	if !flag.Changed {
		return nil
	}
	if option != "set" {
		return []string{"--" + option + "=" + flag.Value.String()}
	}
	pairs, _ := cmd.Flags().GetStringArray("set")
	var words []string
	for _, pair := range pairs {
		words = append(words, "--set="+pair)
	}
	return words
}

// serve serves the page until it is stopped.
func (s *session) serve(w *watched, port int) error {
	if _, err := s.read(w.file); err != nil {
		return err
	}
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	changes, err := watch.Changes(ctx, folderOf(w.file), filepath.Ext(w.file))
	if err != nil {
		return err
	}
	listener, err := watch.Listen(port)
	if err != nil {
		return misused("port %d of this machine is taken", port).mend("leave `--port` out, and one that is free is found")
	}
	page := watch.New(filepath.Base(w.file))
	address := listener.Addr().String()
	fmt.Fprintf(s.Out, "http://%s/\n", address)
	s.remark("watching %s; Ctrl-C ends it", w.file)
	go page.Follow(ctx, changes, func(ctx context.Context) watch.Shot { return s.shot(ctx, w) })
	return serveUntil(ctx, listener, page.Handler(address))
}

// serveUntil answers until the context ends.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// shot looks at the file once.
func (s *session) shot(ctx context.Context, w *watched) watch.Shot {
	file, err := s.read(w.file)
	if err != nil {
		return watch.Shot{Said: []watch.Said{{IsFault: true, Text: err.Error()}}}
	}
	_, said := checkFile(file, w.file, w.options)
	shot := watch.Shot{Text: file.Text, Said: saidOf(said, file)}
	if slices.ContainsFunc(said, isError) {
		return shot
	}
	figure, trouble := w.draw(ctx, file.Text)
	if shot.Figure = figure; trouble != "" {
		shot.Said = append(shot.Said, watch.Said{IsFault: true, Text: trouble})
	}
	return shot
}

// draw draws the text in a process of its own: Graphviz keeps memory with every figure,
// which ends with the process. The program comes to it as standard input, so that both
// see the same text.
func (w *watched) draw(ctx context.Context, text string) (figure, trouble string) {
	self, err := os.Executable()
	if err != nil {
		return "", "this command does not find itself: " + err.Error()
	}
	ctx, release := context.WithTimeout(ctx, longestDrawing)
	defer release()
	cmd := exec.CommandContext(ctx, self, append([]string{"render", "-", "-o", "-"}, w.render...)...)
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), &out, &said
	cmd.Args[0] = "ncd"
	cmd.Dir = folderOf(w.file)
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", fmt.Sprintf("the figure takes more than %v", longestDrawing)
		}
		return "", strings.TrimSpace(said.String())
	}
	return out.String(), ""
}

// saidOf are diagnostics as a page shows them.
func saidOf(said []source.Diagnostic, of *source.File) []watch.Said {
	var list []watch.Said
	for _, d := range source.InOrder(said) {
		var text bytes.Buffer
		source.Print(&text, []source.Diagnostic{d}, false)
		one := watch.Said{IsFault: isError(d), Text: strings.TrimRight(text.String(), "\n")}
		if d.Span.File == of {
			one.Line, _ = of.Position(d.Span.Start)
		}
		list = append(list, one)
	}
	return list
}
