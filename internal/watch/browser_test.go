package watch

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// browser is a headless Chromium that is spoken to over a pipe, in the words of its
// DevTools protocol.
type browser struct {
	t       *testing.T
	in      io.Writer
	out     *bufio.Reader
	number  int
	session string
}

// opened is a browser that shows a page.
func opened(t *testing.T, url string) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium to look at the page with")
	}
	toBrowser, words, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, fromBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{toBrowser, fromBrowser}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	toBrowser.Close()
	fromBrowser.Close()
	answers.SetReadDeadline(time.Now().Add(2 * time.Minute))
	b := &browser{t: t, in: words, out: bufio.NewReader(answers)}
	t.Cleanup(func() {
		b.tell("Browser.close", nil)
		words.Close()
		answers.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	target := b.ask("Target.createTarget", map[string]any{"url": url})
	b.session = b.ask("Target.attachToTarget", map[string]any{"targetId": target["targetId"], "flatten": true})["sessionId"].(string)
	return b
}

func (b *browser) tell(method string, parameters map[string]any) int {
	b.number++
	message := map[string]any{"id": b.number, "method": method, "params": parameters}
	if parameters == nil {
		delete(message, "params")
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	text, _ := json.Marshal(message)
	b.in.Write(append(text, 0))
	return b.number
}

// ask hands back what a method answers.
func (b *browser) ask(method string, parameters map[string]any) map[string]any {
	b.t.Helper()
	number := b.tell(method, parameters)
	for {
		text, err := b.out.ReadBytes(0)
		if err != nil {
			b.t.Fatalf("the browser is silent: %v", err)
		}
		var answer struct {
			ID     int            `json:"id"`
			Result map[string]any `json:"result"`
			Error  map[string]any `json:"error"`
		}
		if err := json.Unmarshal(text[:len(text)-1], &answer); err != nil {
			b.t.Fatal(err)
		}
		if answer.ID == number {
			if answer.Error != nil {
				b.t.Fatalf("%s: %v", method, answer.Error)
			}
			return answer.Result
		}
	}
}

// waitFor waits until an expression of the page has a value.
func (b *browser) waitFor(expression, want string) {
	b.t.Helper()
	got := ""
	for range 300 {
		result := b.ask("Runtime.evaluate", map[string]any{"expression": "String(" + expression + ")", "returnByValue": true})
		if value, ok := result["result"].(map[string]any); ok {
			got = fmt.Sprint(value["value"])
		}
		if got == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Errorf("%s is %q, want %q", expression, got, want)
}

// The page follows what is shown: a figure, a fault upon it, the figure mended.
func TestPageFollows(t *testing.T) {
	s, url := served(t)
	b := opened(t, url+"/")
	s.Show(Shot{Text: "one\ntwo", Figure: picture})
	b.waitFor(`document.querySelectorAll("#figure svg path").length`, "1")
	b.waitFor(`document.title`, "a<b.ncd")
	s.Show(Shot{Text: "one\ntwo?", Said: []Said{{Line: 2, IsFault: true, Text: "<i>wrong</i>"}}})
	b.waitFor(`document.querySelectorAll("#figure.stale .fault").length`, "1")
	b.waitFor(`document.querySelector("#said pre").textContent`, "<i>wrong</i>")
	b.waitFor(`getComputedStyle(document.querySelector("#figure .fault")).stroke`, "rgb(208, 2, 27)")
	s.Show(Shot{Text: "one\ntwo", Figure: strings.Replace(picture, "H5", "H7", 1)})
	b.waitFor(`document.querySelector("#figure path").getAttribute("d")`, "M0 0H7")
	b.waitFor(`document.querySelectorAll(".stale, .fault, #said li").length`, "0")
}
