package playground

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ncd/internal/browser"
)

// TestInChromium goes the way of somebody who opens the page from the disk: makes a
// mistake, is told, mends it, sees the figure, trains for three epochs, stops a longer run.
func TestInChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("the engine is compiled, which takes a while")
	}
	folder := t.TempDir()
	if _, err := Write(t.Context(), folder, ""); err != nil {
		t.Fatal(err)
	}
	p := browser.Open(t, "file://"+filepath.ToSlash(folder)+"/index.html")
	p.Await("the first figure", "document.querySelector('#figure svg')")
	t.Logf("first figure after %s ms", p.Text("Math.round(performance.now())"))
	p.Keep("first")

	p.Do(`editor.area.value = editor.area.value.replace("affine[hidden -> class]", "affine[hiden -> class]"); editor.area.dispatchEvent(new Event("input"))`)
	p.Await("the diagnostic", "document.querySelector('#diagnostics button.error')")
	if said := p.Text("document.querySelector('#diagnostics').textContent"); !strings.Contains(said, "hiden") {
		t.Errorf("the mistake is told as %q", said)
	}
	if marked := p.Text("document.querySelector('#marks mark').textContent"); !strings.Contains(marked, "hiden") {
		t.Errorf("%q is underlined", marked)
	}
	p.Keep("mistake")
	p.Do("document.querySelector('#diagnostics button').click()")
	if chosen := p.Text("editor.area.value.slice(editor.area.selectionStart, editor.area.selectionEnd)"); !strings.Contains(chosen, "hiden") {
		t.Errorf("a click on the diagnostic selects %q", chosen)
	}

	p.Do(`editor.area.value = editor.area.value.replace("hiden", "hidden").replace("    image", "image"); editor.area.dispatchEvent(new Event("input"))`)
	p.Await("the mended figure", "!document.querySelector('#diagnostics button') && !document.querySelector('#figure.stale')")
	p.Do("document.getElementById('format').click()")
	p.Await("the canonical form", `editor.area.value.includes("\n    image")`)

	p.Do("document.getElementById('epochs').value = 3; document.getElementById('train').click()")
	p.Await("the end of the run", "!document.getElementById('measure').disabled")
	told := p.Text("document.getElementById('told').textContent")
	t.Log(told)
	if !strings.Contains(told, "138 steps") {
		t.Errorf("the run ends with %q", told)
	}
	first, last := accuracy(t, p, "-1"), accuracy(t, p, "0")
	if last <= first || last < 0.8 {
		t.Errorf("the accuracy on the test set goes from %v to %v", first, last)
	}
	p.Keep("trained")

	p.Do("document.getElementById('epochs').value = 500; document.getElementById('train').click()")
	p.Await("a step of the long run", "document.getElementById('told').textContent.startsWith('step')")
	p.Do("document.getElementById('train').click()")
	p.Await("the end of the stopped run", "!document.getElementById('measure').disabled")
	p.Do("document.getElementById('measure').click()")
	p.Await("what is measured", "document.getElementById('told').textContent.startsWith('train accuracy')")
}

// accuracy is what the page's table says of the test set in a row: the newest is 0, the
// oldest -1.
func accuracy(t *testing.T, p *browser.Page, row string) float64 {
	t.Helper()
	said := p.Text(`(({ tHead, tBodies }) => {
		const column = [...tHead.rows[0].cells].findIndex((cell) => cell.textContent === "test accuracy");
		return [...tBodies[0].rows].at(` + row + `).cells[column].textContent;
	})(document.getElementById("figures"))`)
	x, err := strconv.ParseFloat(said, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestNoToolchain(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Write(t.Context(), t.TempDir(), "")
	var missing *NoToolchain
	if !errors.As(err, &missing) {
		t.Errorf("got %v, want that Go is missing", err)
	}
}

func TestNoSource(t *testing.T) {
	from := t.TempDir()
	if err := os.WriteFile(filepath.Join(from, "go.mod"), []byte("module other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Write(t.Context(), t.TempDir(), from)
	var missing *NoSource
	if !errors.As(err, &missing) {
		t.Errorf("got %v, want that the source is missing", err)
	}
}
