package render

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// compare holds bytes against a file that UPDATE=1 writes.
func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%v; it is written with UPDATE=1", err)
		return
	}
	if bytes.Equal(got, want) {
		return
	}
	if page, err := addDifference(file, want, got); err != nil {
		t.Errorf("%s is not as it is drawn now, and the page of differences is not written: %v", file, err)
	} else {
		t.Errorf("%s is not as it is drawn now: see both in %s, or keep it with UPDATE=1", file, page)
	}
}

// differencesPage is the one page of a run of the tests on which all that changed is
// shown, in a folder that outlives it.
var differencesPage = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "figures")
	page := filepath.Join(folder, "differences.html")
	if err == nil {
		err = os.WriteFile(page, []byte(differencesHead), 0o644)
	}
	return page, err
})

const differencesHead = `<!doctype html><meta charset="utf-8"><title>Figures that changed</title>
<style>
body { background: #fff; font-family: sans-serif }
td { vertical-align: top; border: 1px solid #ccc; padding: 4px }
img { max-width: 100%; display: block }
.over { position: relative; background: #fff; isolation: isolate }
.over img + img { position: absolute; top: 0; left: 0; mix-blend-mode: difference }
pre { max-height: 20em; overflow: auto; font-size: 9px }
</style>
<p>Each figure as it was kept, as it is drawn now, and one laid over the other: what is alike is black there.
`

// addDifference puts what was kept of a figure beside what is drawn now, and one over
// the other, on the page of differences. It returns the page's path.
func addDifference(file string, want, got []byte) (string, error) {
	page, err := differencesPage()
	if err != nil {
		return page, err
	}
	f, err := os.OpenFile(page, os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return page, err
	}
	defer f.Close()
	before, now := picture(file, want), picture(file, got)
	over := ""
	if filepath.Ext(file) == ".svg" {
		over = `<td><div class="over">` + before + now + "</div>"
	}
	_, err = fmt.Fprintf(f, "<h2>%s</h2><table><tr><td>%s<td>%s%s</table>\n", html.EscapeString(file), before, now, over)
	return page, err
}

// picture is a file's bytes as a part of a page.
func picture(file string, b []byte) string {
	kind, ok := map[string]string{".svg": "svg+xml", ".png": "png"}[filepath.Ext(file)]
	if !ok {
		return "<pre>" + html.EscapeString(string(b)) + "</pre>"
	}
	return fmt.Sprintf(`<img alt="%s" src="data:image/%s;base64,%s">`, html.EscapeString(file), kind, base64.StdEncoding.EncodeToString(b))
}

// What changes is shown beside and over what was kept.
func TestPageOfDifferences(t *testing.T) {
	page, err := addDifference("a.svg", []byte("<svg>old</svg>"), []byte("<svg>new</svg>"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]int{"old": 2, "new": 2} {
		b := []byte(base64.StdEncoding.EncodeToString([]byte("<svg>" + kind + "</svg>")))
		if n := bytes.Count(text, b); n != want {
			t.Errorf("the %s figure is on the page %d times, want %d", kind, n, want)
		}
	}
}
