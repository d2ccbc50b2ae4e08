package playground

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
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
	p := open(t, "file://"+filepath.ToSlash(folder)+"/index.html")
	p.await("the first figure", "document.querySelector('#figure svg')")
	t.Logf("first figure after %s ms", p.eval("Math.round(performance.now())"))
	p.picture("first")

	p.eval(`editor.area.value = editor.area.value.replace("affine[hidden -> class]", "affine[hiden -> class]"); editor.area.dispatchEvent(new Event("input"))`)
	p.await("the diagnostic", "document.querySelector('#diagnostics button.error')")
	if said := p.eval("document.querySelector('#diagnostics').textContent"); !strings.Contains(said, "hiden") {
		t.Errorf("the mistake is told as %q", said)
	}
	if marked := p.eval("document.querySelector('#marks mark').textContent"); !strings.Contains(marked, "hiden") {
		t.Errorf("%q is underlined", marked)
	}
	p.picture("mistake")
	p.eval("document.querySelector('#diagnostics button').click()")
	if chosen := p.eval("editor.area.value.slice(editor.area.selectionStart, editor.area.selectionEnd)"); !strings.Contains(chosen, "hiden") {
		t.Errorf("a click on the diagnostic selects %q", chosen)
	}

	p.eval(`editor.area.value = editor.area.value.replace("hiden", "hidden").replace("    image", "image"); editor.area.dispatchEvent(new Event("input"))`)
	p.await("the mended figure", "!document.querySelector('#diagnostics button') && !document.querySelector('#figure.stale')")
	p.eval("document.getElementById('format').click()")
	p.await("the canonical form", `editor.area.value.includes("\n    image")`)

	p.eval("document.getElementById('epochs').value = 3; document.getElementById('train').click()")
	p.await("the end of the run", "!document.getElementById('measure').disabled")
	told := p.eval("document.getElementById('told').textContent")
	t.Log(told)
	if !strings.Contains(told, "138 steps") {
		t.Errorf("the run ends with %q", told)
	}
	first, last := p.accuracy("-1"), p.accuracy("0")
	if last <= first || last < 0.8 {
		t.Errorf("the accuracy on the test set goes from %v to %v", first, last)
	}
	p.picture("trained")

	p.eval("document.getElementById('epochs').value = 500; document.getElementById('train').click()")
	p.await("a step of the long run", "document.getElementById('told').textContent.startsWith('step')")
	p.eval("document.getElementById('train').click()")
	p.await("the end of the stopped run", "!document.getElementById('measure').disabled")
	p.eval("document.getElementById('measure').click()")
	p.await("what is measured", "document.getElementById('told').textContent.startsWith('train accuracy')")
}

// accuracy is what the page's table says of the test set in a row: the newest is 0, the
// oldest -1.
func (p *tab) accuracy(row string) float64 {
	p.t.Helper()
	said := p.eval(`(({ tHead, tBodies }) => {
		const column = [...tHead.rows[0].cells].findIndex((cell) => cell.textContent === "test accuracy");
		return [...tBodies[0].rows].at(` + row + `).cells[column].textContent;
	})(document.getElementById("figures"))`)
	x, err := strconv.ParseFloat(said, 64)
	if err != nil {
		p.t.Fatal(err)
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
