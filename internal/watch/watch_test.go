package watch

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path data-line="2" d="M0 0H5"/></svg>`

// served is a server at an address of its own.
func served(t *testing.T) (*Server, string) {
	t.Helper()
	listener, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	s := New("a<b.ncd")
	site := httptest.NewUnstartedServer(s.Handler(listener.Addr().String()))
	site.Listener.Close()
	site.Listener = listener
	site.Start()
	t.Cleanup(func() { site.CloseClientConnections(); site.Close() })
	return s, site.URL
}

// Only pages of this address are answered, whatever name has been made to lead here.
func TestOnlyOwnPagesAreAnswered(t *testing.T) {
	s, url := served(t)
	s.Show(Shot{Text: "x", Figure: picture})
	address := strings.TrimPrefix(url, "http://")
	_, port, _ := strings.Cut(address, ":")
	for _, test := range []struct {
		name, host, origin, site, path string
		method                         string
		want                           int
	}{
		{name: "own", host: address, want: http.StatusOK},
		{name: "localhost", host: "localhost:" + port, want: http.StatusOK},
		{name: "own origin", host: address, origin: url, site: "same-origin", want: http.StatusOK},
		{name: "another name", host: "evil.example:" + port, want: http.StatusForbidden},
		{name: "another port", host: "127.0.0.1:1", want: http.StatusForbidden},
		{name: "no port", host: "127.0.0.1", want: http.StatusForbidden},
		{name: "another origin", host: address, origin: "http://evil.example", want: http.StatusForbidden},
		{name: "no origin at all", host: address, origin: "null", want: http.StatusForbidden},
		{name: "secure origin", host: address, origin: "https://" + address, want: http.StatusForbidden},
		{name: "another site", host: address, site: "cross-site", want: http.StatusForbidden},
		{name: "another page", host: address, path: "/etc", want: http.StatusNotFound},
		{name: "written to", host: address, method: http.MethodPost, want: http.StatusMethodNotAllowed},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(test.method, url+test.path+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = test.host
			for name, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.site} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			got.Body.Close()
			if got.StatusCode != test.want {
				t.Errorf("got %d, want %d", got.StatusCode, test.want)
			}
			if test.want == http.StatusOK && got.Header.Get("Content-Security-Policy") != policy {
				t.Error("the page is not kept to this server")
			}
		})
	}
}

func TestListensToThisMachineAlone(t *testing.T) {
	l, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if !strings.HasPrefix(l.Addr().String(), "127.0.0.1:") {
		t.Errorf("it listens at %s", l.Addr())
	}
}

// told reads what a page is told next.
func told(t *testing.T, events *bufio.Scanner) (v view) {
	t.Helper()
	for events.Scan() {
		if data, ok := strings.CutPrefix(events.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(data), &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("the page is told no more: %v", events.Err())
	return v
}

func listened(t *testing.T, url string) *bufio.Scanner {
	t.Helper()
	ctx, release := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(release)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { got.Body.Close() })
	events := bufio.NewScanner(got.Body)
	events.Buffer(nil, 1<<20)
	return events
}

// The last figure stays while the program is wrong, with the fault on the line of the
// figure's own text.
func TestLastGoodFigureStays(t *testing.T) {
	s, url := served(t)
	s.Show(Shot{Text: "one\ntwo\nthree", Figure: picture})
	events := listened(t, url)
	if v := told(t, events); v.Figure != picture || v.Stale || len(v.Said) != 0 {
		t.Errorf("at first got %+v", v)
	}
	s.Show(Shot{Text: "new\none\ntwo!\nthree", Said: []Said{{Line: 3, IsFault: true, Text: "wrong"}}})
	v := told(t, events)
	if v.Figure != picture || !v.Stale || len(v.Said) != 1 || v.Said[0].Mark != 2 || !v.Said[0].IsFault {
		t.Errorf("with a fault got %+v", v)
	}
	s.Show(Shot{Text: "one", Figure: "<svg/>"})
	if v := told(t, events); v.Figure != "<svg/>" || v.Stale || len(v.Said) != 0 {
		t.Errorf("mended got %+v", v)
	}
}

func TestTooManyPages(t *testing.T) {
	s, url := served(t)
	for range mostPages {
		if !s.admit(make(chan struct{}, 1)) {
			t.Fatal("a page is refused too early")
		}
	}
	got, err := http.Get(url + "/events")
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %d, want %d", got.StatusCode, http.StatusServiceUnavailable)
	}
}

// A page that is closed is forgotten.
func TestClosedPagesAreForgotten(t *testing.T) {
	s, url := served(t)
	s.Show(Shot{Text: "x", Figure: picture})
	ctx, leave := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, url+"/events", nil)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	leave()
	for range 500 {
		s.mu.Lock()
		open := len(s.pages)
		s.mu.Unlock()
		if open == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the page is still told")
}

func TestEarlierLine(t *testing.T) {
	for _, test := range []struct {
		name, before, after string
		line, want          int
	}{
		{"the same", "a\nb\nc", "a\nb\nc", 2, 2},
		{"changed", "a\nb\nc", "a\nB\nc", 2, 2},
		{"behind new lines", "a\nb\nc", "a\nx\ny\nb\nc", 5, 3},
		{"a new line", "a\nb\nc", "a\nx\nb\nc", 2, 1},
		{"behind lost lines", "a\nb\nc\nd", "a\nd", 2, 4},
		{"no figure yet", "", "a", 1, 0},
		{"of no line", "a", "b", 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := earlier(test.before, test.after, test.line); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// Many steps of writing are one change, also where a new file takes the place of the old.
func TestChanges(t *testing.T) {
	dir := t.TempDir()
	changes, err := Changes(t.Context(), dir, ".ncd")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("other.txt")
	select {
	case <-changes:
		t.Error("another kind of file counts")
	case <-time.After(4 * settling):
	}
	write("b.tmp")
	if err := os.Rename(filepath.Join(dir, "b.tmp"), filepath.Join(dir, "b.ncd")); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		write("b.ncd")
	}
	select {
	case <-changes:
	case <-time.After(20 * time.Second):
		t.Fatal("the change is not told")
	}
}

func TestNoSuchFolder(t *testing.T) {
	if _, err := Changes(t.Context(), filepath.Join(t.TempDir(), "none"), ".ncd"); err == nil {
		t.Error("a folder that is not there is watched")
	}
}
