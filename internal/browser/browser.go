// Package browser shows a test a page in a headless Chromium, and lets it use the mouse
// and the keys.
//
// In goes an address, out come values of expressions and pictures. Only tests import it,
// and it knows no page of ours. Chromium is driven by chromedp, which speaks the DevTools
// protocol, so that none of it is written here. Where there is no Chromium, the test is
// skipped and says so.
package browser

import (
	"context"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long a test may take with a page, and how long it waits for one thing.
const (
	patience = 6 * time.Minute
	wait     = 2 * time.Minute
)

// Page is an open page. What fails with it fails the test that it is shown to.
type Page struct {
	t   testing.TB
	ctx context.Context
}

// Open opens a page and waits until it is loaded. The test is skipped where there is no
// Chromium.
func Open(t testing.TB, url string) *Page {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium to look at the page with")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1400, 1200), chromedp.WSURLReadTimeout(wait))
	ctx, release := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(release)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context that starts it
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	p := &Page{t, ctx}
	p.Show(url)
	return p
}

// For is the page as it is shown to another test, one within this one.
func (p *Page) For(t testing.TB) *Page { return &Page{t, p.ctx} }

// Show opens another page in its place and waits until it is loaded.
func (p *Page) Show(url string) {
	p.t.Helper()
	p.do(url, chromedp.Navigate(url))
}

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// Do evaluates an expression for what it does.
func (p *Page) Do(expression string) {
	p.t.Helper()
	p.do(expression, chromedp.Evaluate[chromedp.Void](expression))
}

// Value is the value of an expression in a page, or of what it promises.
func Value[T any](p *Page, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// Text is the value of an expression, as text.
func (p *Page) Text(expression string) string {
	p.t.Helper()
	return Value[string](p, "String("+expression+")")
}

// Holds reports whether an expression is true.
func (p *Page) Holds(expression string) bool {
	p.t.Helper()
	return Value[bool](p, "Boolean("+expression+")")
}

// Await waits until an expression is true. Words say what is waited for.
func (p *Page) Await(words, expression string) {
	p.t.Helper()
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if p.Holds(expression) {
			return
		}
	}
	p.Keep("failed")
	p.t.Fatalf("%s does not come: never %s; the page says\n%.2000s", words, expression, p.Text("document.body.innerText"))
}

// Point moves the mouse to a place of the window, in its pixels.
func (p *Page) Point(x, y float64) {
	p.t.Helper()
	p.do("move the mouse", chromedp.MouseEvent(chromedp.MouseMoved, x, y))
}

// Click presses the mouse at a place of the window and lets go.
func (p *Page) Click(x, y float64) {
	p.t.Helper()
	p.do("click", chromedp.MouseClickXY(x, y))
}

// Press presses keys one after another, each as chromedp's package kb names it.
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		p.do("press "+key, chromedp.KeyEvent(key))
	}
}

// PressShift presses a key with shift held.
func (p *Page) PressShift(key string) {
	p.t.Helper()
	p.do("press "+key, chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierShift)))
}

// Picture is a PNG of an area of the page, in its pixels.
func (p *Page) Picture(area image.Rectangle) []byte {
	p.t.Helper()
	beyond := true
	shot, err := chromedp.Call(p.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: &beyond,
		Clip: &page.Viewport{
			X: float64(area.Min.X), Y: float64(area.Min.Y), Width: float64(area.Dx()), Height: float64(area.Dy()), Scale: 1,
		},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return shot.Data
}

// Keep writes a picture of the window into the folder that the environment variable
// NCD_PICTURES names, for people to look at; without one it does nothing.
func (p *Page) Keep(name string) {
	p.t.Helper()
	folder := os.Getenv("NCD_PICTURES")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
