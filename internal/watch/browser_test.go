package watch

import (
	"strconv"
	"strings"
	"testing"

	"ncd/internal/browser"
)

// awaitText waits until an expression of the page has a value.
func awaitText(b *browser.Page, expression, want string) {
	b.Await(want, "String("+expression+") === "+strconv.Quote(want))
}

// The page follows what is shown: a figure, a fault upon it, the figure mended.
func TestPageFollows(t *testing.T) {
	s, url := served(t)
	b := browser.Open(t, url+"/")
	s.Show(Shot{Text: "one\ntwo", Figure: picture})
	awaitText(b, `document.querySelectorAll("#figure svg path").length`, "1")
	awaitText(b, `document.title`, "a<b.ncd")
	s.Show(Shot{Text: "one\ntwo?", Said: []Said{{Line: 2, IsFault: true, Text: "<i>wrong</i>"}}})
	awaitText(b, `document.querySelectorAll("#figure.stale .fault").length`, "1")
	awaitText(b, `document.querySelector("#said pre").textContent`, "<i>wrong</i>")
	awaitText(b, `getComputedStyle(document.querySelector("#figure .fault")).stroke`, "rgb(208, 2, 27)")
	s.Show(Shot{Text: "one\ntwo", Figure: strings.Replace(picture, "H5", "H7", 1)})
	awaitText(b, `document.querySelector("#figure path").getAttribute("d")`, "M0 0H7")
	awaitText(b, `document.querySelectorAll(".stale, .fault, #said li").length`, "0")
}
