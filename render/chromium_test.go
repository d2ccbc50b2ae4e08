package render

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"
)

// chromium is a browser without a window, spoken to in the DevTools protocol over a
// pipe: messages of JSON that a zero byte ends.
type chromium struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string // of the page; empty before there is one
	calls   int
}

// browse opens a file in Chromium. The test is skipped where there is none.
func browse(t *testing.T, file string) *chromium {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium to look at the page with")
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "chromium")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	run := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--window-size=1200,1200", "--user-data-dir="+profile, "--remote-debugging-pipe", "about:blank")
	run.ExtraFiles = []*os.File{theirIn, theirOut} // the protocol's 3 and 4
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	c := &chromium{t: t, to: in, from: bufio.NewReader(out)}
	t.Cleanup(func() {
		c.call("Browser.close", nil, nil)
		_ = run.Wait()            // how it ends is nothing to us
		_ = os.RemoveAll(profile) // parts of it may still be ending
		stop()
		in.Close()
		out.Close()
	})
	c.open("file://" + file)
	return c
}

// open shows a page and waits until it is whole.
func (c *chromium) open(url string) {
	c.t.Helper()
	var target struct{ TargetID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
	c.call("Page.enable", nil, nil)
	c.call("Page.navigate", map[string]any{"url": url}, nil)
	for range 200 {
		var whole bool
		c.ask(`document.readyState === "complete" && document.querySelector("svg") !== null`, &whole)
		if whole {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.t.Fatalf("%s is never whole", url)
}

// call sends a command and reads up to its answer. What Chromium tells unasked is
// passed over.
func (c *chromium) call(method string, params map[string]any, result any) {
	c.t.Helper()
	c.calls++
	message := map[string]any{"id": c.calls, "method": method, "params": params}
	if params == nil {
		message["params"] = map[string]any{}
	}
	if c.session != "" && method != "Browser.close" {
		message["sessionId"] = c.session
	}
	text, err := json.Marshal(message)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.to.Write(append(text, 0)); err != nil {
		c.t.Fatal(err)
	}
	for {
		said, err := c.from.ReadBytes(0)
		if err != nil {
			if method != "Browser.close" {
				c.t.Fatalf("%s: %v", method, err)
			}
			return
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(said[:len(said)-1], &answer); err != nil {
			c.t.Fatal(err)
		}
		if answer.ID != c.calls {
			continue
		}
		if answer.Error != nil {
			c.t.Fatalf("%s: %s", method, answer.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(answer.Result, result); err != nil {
				c.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

// ask evaluates an expression in the page.
func (c *chromium) ask(expression string, value any) {
	c.t.Helper()
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Text string }
	}
	c.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	if answer.ExceptionDetails != nil {
		c.t.Fatalf("%s: %s", expression, answer.ExceptionDetails.Text)
	}
	if err := json.Unmarshal(answer.Result.Value, value); err != nil {
		c.t.Fatalf("%s gives %q: %v", expression, answer.Result.Value, err)
	}
}

// hold holds that an expression is true in the page.
func (c *chromium) hold(expression, words string) {
	c.t.Helper()
	var holds bool
	if c.ask(expression, &holds); !holds {
		var told string
		c.ask(`document.getElementById("told").textContent + " | " + (document.getElementById("depth")?.textContent ?? "")`, &told)
		c.t.Errorf("%s: not %s; the page tells %q", words, expression, told)
	}
}

// point moves the mouse to the middle of a mark: of a path that is a line, halfway
// along it.
func (c *chromium) point(selector string) (x, y float64) {
	c.t.Helper()
	var at struct{ X, Y float64 }
	c.ask(`(() => {
		const mark = document.querySelector('`+selector+`');
		const box = mark.getBoundingClientRect();
		if (mark.localName !== "path" || mark.parentElement.getAttribute("fill") !== "none")
			return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
		const { x, y } = mark.getPointAtLength(mark.getTotalLength() / 2).matrixTransform(mark.getScreenCTM());
		return { x, y };
	})()`, &at)
	c.mouse("mouseMoved", at.X, at.Y)
	return at.X, at.Y
}

// click moves the mouse to a mark, presses and lets go.
func (c *chromium) click(selector string) {
	c.t.Helper()
	x, y := c.point(selector)
	c.mouse("mousePressed", x, y)
	c.mouse("mouseReleased", x, y)
}

func (c *chromium) mouse(kind string, x, y float64) {
	c.t.Helper()
	button := "left"
	if kind == "mouseMoved" {
		button = "none"
	}
	c.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": x, "y": y, "button": button, "clickCount": 1}, nil)
}

// keys presses keys one after another, by their names; with shift held where asked.
func (c *chromium) keys(shift bool, names ...string) {
	c.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Home": 36, "ArrowRight": 39, "Escape": 27, "+": 187, "-": 189}
	modifiers := 0
	if shift {
		modifiers = 8
	}
	for _, name := range names {
		event := map[string]any{"type": "rawKeyDown", "key": name, "windowsVirtualKeyCode": codes[name], "modifiers": modifiers}
		c.call("Input.dispatchKeyEvent", event, nil)
		event["type"] = "keyUp"
		c.call("Input.dispatchKeyEvent", event, nil)
	}
}
