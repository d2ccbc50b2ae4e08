package cli

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// watcher is a running `ncd watch` and what its page is told.
type watcher struct {
	t      *testing.T
	url    string
	events *bufio.Scanner
}

func watching(t *testing.T, file string, words ...string) *watcher {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{"watch", file}, words...)...)
	cmd.Args[0] = "ncd" // TestMain runs the command under this name
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("it does not end as it should: %v", err)
		}
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{t: t, url: strings.TrimSpace(url)}
	got, err := (&http.Client{Timeout: 2 * time.Minute}).Get(w.url + "events")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { got.Body.Close() })
	w.events = bufio.NewScanner(got.Body)
	w.events.Buffer(nil, 4<<20)
	return w
}

type shown struct {
	Figure string
	Stale  bool
	Said   []struct {
		Text  string
		Mark  int
		Fault bool
	}
}

// until reads what the page is told until it is as wanted.
func (w *watcher) until(what string, isWanted func(shown) bool) shown {
	w.t.Helper()
	for w.events.Scan() {
		data, ok := strings.CutPrefix(w.events.Text(), "data: ")
		if !ok {
			continue
		}
		var v shown
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			w.t.Fatal(err)
		}
		if isWanted(v) {
			return v
		}
	}
	w.t.Fatalf("the page is never told %s: %v", what, w.events.Err())
	return shown{}
}

func TestWatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "net.ncd")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("diagram Net(x[m]) -> [m] {\n    x >> relu\n}\n")
	w := watching(t, file)
	first := w.until("the first figure", func(v shown) bool { return !v.Stale })
	if !strings.Contains(first.Figure, "<svg") || len(first.Said) > 0 {
		t.Errorf("at first got %+v", first)
	}
	write("diagram Net(x[m]) -> [m] {\n    x >> rely\n}\n")
	wrong := w.until("the fault", func(v shown) bool { return v.Stale && len(v.Said) > 0 })
	if wrong.Figure != first.Figure || !wrong.Said[0].Fault || wrong.Said[0].Mark != 2 || !strings.Contains(wrong.Said[0].Text, "rely") {
		t.Errorf("with a fault got %+v", wrong)
	}
	write("diagram Net(x[m]) -> [m] {\n    x >> tanh\n}\n")
	mended := w.until("the new figure", func(v shown) bool { return !v.Stale })
	if mended.Figure == first.Figure || len(mended.Said) > 0 {
		t.Errorf("mended got %+v", mended)
	}
}

func TestWatchRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		words []string
	}{
		{"standard input", []string{"watch", "-"}},
		{"the library", []string{"watch", "std/attention"}},
		{"no port", []string{"watch", "x.ncd", "--port", "70000"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if status := Main(test.words, Streams{In: strings.NewReader(""), Out: new(strings.Builder), Err: new(strings.Builder)}); status != wrongUse {
				t.Errorf("got status %d, want %d", status, wrongUse)
			}
		})
	}
}
