package render

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

const foldingProgram = `# A net of a half.
diagram Half(x[s m]) -> [s m] { x >> affine[m -> m] >> relu }

diagram Net(x[s:5 m:6]) -> [s m] { x >> Half >> softmax[m] }
`

// foldingPage writes the page of Net, whose one box can be opened, and opens it.
func foldingPage(t *testing.T) *chromium {
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
	return browse(t, file)
}

const (
	isClosed = `document.getElementById("depth").textContent === "depth 0 of 1"`
	isOpen   = `document.getElementById("depth").textContent === "depth 1 of 1"`
)

// The page is used in a browser, with a mouse and with keys.
func TestPageInBrowser(t *testing.T) {
	c := foldingPage(t)
	c.hold(isClosed, "boxes are closed at first")
	t.Run("mouse", func(t *testing.T) { c.t = t; holdMouse(c) })
	t.Run("keys", func(t *testing.T) { c.t = t; holdKeys(c) })
	t.Run("program", func(t *testing.T) { c.t = t; holdProgram(c) })
	c.t = t
	c.hold(`performance.getEntriesByType("resource").length === 0`, "the page fetches nothing")
}

func holdMouse(c *chromium) {
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

func holdKeys(c *chromium) {
	c.t.Helper()
	c.ask(`(document.querySelector("#stage [tabindex='0']").focus(), true)`, new(bool))
	c.keys(false, "Home")
	c.hold(`document.getElementById("told").textContent !== ""`, "what has the focus is told")
	for range 12 {
		var there bool
		if c.ask(`document.activeElement.dataset.box === "half.0"`, &there); there {
			break
		}
		c.keys(false, "ArrowRight")
	}
	c.hold(`document.activeElement.dataset.box === "half.0"`, "arrow keys come to the box")
	c.hold(`document.activeElement.getAttribute("aria-label").includes("closed")`, "which says that it is closed")
	c.keys(false, "Enter")
	c.hold(isOpen, "Enter opens it")
	c.hold(`document.activeElement.dataset.box === "half.0"`, "and the focus stays on it")
	c.keys(true, "Enter")
	c.hold(isOpen, "Shift Enter does not fold")
	c.hold(`document.querySelector("#program .here").id === "L4"`, "but leads to the line")
	c.keys(false, "-")
	c.hold(isClosed, "− closes all")
	c.keys(false, "+")
	c.hold(isOpen, "+ opens all")
	c.keys(false, "Enter")
	c.hold(isClosed, "Enter closes the box again")
	c.keys(false, "Escape")
	c.hold(`document.querySelectorAll(".lit").length === 0`, "Escape puts the lights out")
}

func holdProgram(c *chromium) {
	c.t.Helper()
	c.point("#L4")
	c.hold(`document.querySelectorAll("#stage .lit[data-line='4']").length > 1`, "what a line says is lit where the pointer is on the line")
	c.point("h1")
	c.hold(`document.querySelectorAll(".lit").length === 0`, "and no longer when it is away")
}
