package render

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp/kb"

	"ncd/internal/browser"
)

const foldingProgram = `# A net of a half.
diagram Half(x[s m]) -> [s m] { x >> affine[m -> m] >> relu }

diagram Net(x[s:5 m:6]) -> [s m] { x >> Half >> softmax[m] }
`

// foldingPage writes the page of Net, whose one box can be opened, and opens it.
func foldingPage(t *testing.T) *foldingTest {
	t.Helper()
	folder := fstest.MapFS{"net.ncd": {Data: []byte(foldingProgram)}}
	var b bytes.Buffer
	if err := Page(&b, diagramsIn(t, folder, "net.ncd")["Net"], Options{Depth: AllLevels}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "net.html")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return &foldingTest{t, browser.Open(t, "file://"+filepath.ToSlash(file))}
}

// foldingTest is the page as a test uses it.
type foldingTest struct {
	t *testing.T
	*browser.Page
}

// hold holds that an expression is true in the page.
func (c *foldingTest) hold(expression, words string) {
	c.t.Helper()
	if !c.Holds(expression) {
		c.t.Errorf("%s: not %s; the page tells %q", words, expression,
			c.Text(`document.getElementById("told").textContent + " | " + (document.getElementById("depth")?.textContent ?? "")`))
	}
}

// middle is that of a mark: of a path that is a line, halfway along it.
func (c *foldingTest) middle(selector string) (x, y float64) {
	c.t.Helper()
	at := browser.Value[struct{ X, Y float64 }](c.Page, `(() => {
		const mark = document.querySelector(`+strconv.Quote(selector)+`);
		const box = mark.getBoundingClientRect();
		if (mark.localName !== "path" || mark.parentElement.getAttribute("fill") !== "none")
			return { X: box.x + box.width / 2, Y: box.y + box.height / 2 };
		const { x, y } = mark.getPointAtLength(mark.getTotalLength() / 2).matrixTransform(mark.getScreenCTM());
		return { X: x, Y: y };
	})()`)
	return at.X, at.Y
}

func (c *foldingTest) point(selector string) { c.t.Helper(); c.Point(c.middle(selector)) }
func (c *foldingTest) click(selector string) {
	c.t.Helper()
	c.point(selector)
	c.Click(c.middle(selector))
}

const (
	isClosed = `document.getElementById("depth").textContent === "depth 0 of 1"`
	isOpen   = `document.getElementById("depth").textContent === "depth 1 of 1"`
)

// The page is used in a browser, with a mouse and with keys.
func TestPageInBrowser(t *testing.T) {
	c := foldingPage(t)
	c.hold(isClosed, "boxes are closed at first")
	t.Run("mouse", func(t *testing.T) { holdMouse(&foldingTest{t, c.For(t)}) })
	t.Run("keys", func(t *testing.T) { holdKeys(&foldingTest{t, c.For(t)}) })
	t.Run("program", func(t *testing.T) { holdProgram(&foldingTest{t, c.For(t)}) })
	c.hold(`performance.getEntriesByType("resource").length === 0`, "the page fetches nothing")
}

func holdMouse(c *foldingTest) {
	c.t.Helper()
	c.point(`path[data-axis="s"]`)
	c.hold(`document.getElementById("told").textContent.startsWith("axis s · size 5")`, "the size of an axis is told under the pointer")
	c.hold(`!document.getElementById("tip").hidden`, "and beside it")
	c.hold(`[...document.querySelectorAll(".figure [data-axis]")].every(m => m.classList.contains("lit") === (m.dataset.axis === "s"))`, "every wire of the axis is lit, and no other")
	c.point("h1")
	c.hold(`document.querySelectorAll(".lit").length === 0`, "nothing is lit when the pointer is away")
	c.click(`path[data-box="half.0"]`)
	c.hold(isOpen, "a click opens a box")
	c.hold(`document.querySelector("[data-box='affine.0']") !== null`, "and shows what is in it")
	c.click(`path[data-box="affine.0"]`)
	c.hold(isOpen, "a box that holds none does not fold")
	c.hold(`document.querySelector("#program .here").id === "L2"`, "but leads to its line")
	c.click(`#close`)
	c.hold(isClosed, "the button closes all")
	c.click(`#open`)
	c.hold(isOpen, "the button opens all")
	c.click(`g[data-box="half.0"]`)
	c.hold(isClosed, "a click on its title closes a box")
}

func holdKeys(c *foldingTest) {
	c.t.Helper()
	c.Do(`document.querySelector("#stage [tabindex='0']").focus()`)
	c.Press(kb.Home)
	c.hold(`document.getElementById("told").textContent !== ""`, "what has the focus is told")
	for range 12 {
		if c.Holds(`document.activeElement.dataset.box === "half.0"`) {
			break
		}
		c.Press(kb.ArrowRight)
	}
	c.hold(`document.activeElement.dataset.box === "half.0"`, "arrow keys come to the box")
	c.hold(`document.activeElement.getAttribute("aria-label").includes("closed")`, "which says that it is closed")
	c.Press(kb.Enter)
	c.hold(isOpen, "Enter opens it")
	c.hold(`document.activeElement.dataset.box === "half.0"`, "and the focus stays on it")
	c.PressShift(kb.Enter)
	c.hold(isOpen, "Shift Enter does not fold")
	c.hold(`document.querySelector("#program .here").id === "L4"`, "but leads to the line")
	c.Press("-")
	c.hold(isClosed, "− closes all")
	c.Press("+")
	c.hold(isOpen, "+ opens all")
	c.Press(kb.Enter)
	c.hold(isClosed, "Enter closes the box again")
	c.Press(kb.Escape)
	c.hold(`document.querySelectorAll(".lit").length === 0`, "Escape puts the lights out")
}

func holdProgram(c *foldingTest) {
	c.t.Helper()
	c.point("#L4")
	c.hold(`document.querySelectorAll("#stage .lit[data-line='4']").length > 1`, "what a line says is lit where the pointer is on the line")
	c.point("h1")
	c.hold(`document.querySelectorAll(".lit").length === 0`, "and no longer when it is away")
}
