package playground

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// tab is a page of a headless Chromium, spoken to in the DevTools protocol over a pair
// of pipes: messages are JSON, each ended by a zero byte.
type tab struct {
	t       *testing.T
	out     *os.File
	in      *bufio.Reader
	session string
	last    int
}

// open starts Chromium and opens a page. The test is skipped where there is none.
func open(t *testing.T, url string) *tab {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium on this machine")
	}
	hear, out := pipe(t)
	in, say := pipe(t)
	cmd := exec.CommandContext(t.Context(), chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "--window-size=1400,1000", "about:blank")
	cmd.ExtraFiles = []*os.File{hear, say}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hear.Close()
	say.Close()
	p := &tab{t: t, out: out, in: bufio.NewReader(in)}
	t.Cleanup(func() {
		fmt.Fprintf(out, "{\"id\":0,\"method\":\"Browser.close\"}\x00")
		out.Close()
		cmd.Wait()
	})
	in.SetReadDeadline(time.Now().Add(6 * time.Minute))
	var target struct{ TargetID string }
	p.into(p.call("Target.createTarget", map[string]any{"url": url}), &target)
	var attached struct{ SessionID string }
	p.into(p.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}), &attached)
	p.session = attached.SessionID
	return p
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		w.Close()
	})
	return r, w
}

func (p *tab) into(text json.RawMessage, to any) {
	p.t.Helper()
	if err := json.Unmarshal(text, to); err != nil {
		p.t.Fatalf("%v in %s", err, text)
	}
}

// call calls a method and waits for its result; what happens meanwhile is passed over.
func (p *tab) call(method string, params map[string]any) json.RawMessage {
	p.t.Helper()
	p.last++
	request := map[string]any{"id": p.last, "method": method, "params": params}
	if params == nil {
		delete(request, "params")
	}
	if p.session != "" {
		request["sessionId"] = p.session
	}
	text, err := json.Marshal(request)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.out.Write(append(text, 0)); err != nil {
		p.t.Fatal(err)
	}
	for {
		text, err := p.in.ReadBytes(0)
		if err != nil {
			p.t.Fatalf("%s: %v", method, err)
		}
		var reply struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		p.into(bytes.TrimSuffix(text, []byte{0}), &reply)
		if reply.ID != p.last {
			continue
		}
		if reply.Error != nil {
			p.t.Fatalf("%s: %s", method, reply.Error.Message)
		}
		return reply.Result
	}
}

// eval is the value of an expression in the page, as text.
func (p *tab) eval(expression string) string {
	p.t.Helper()
	var reply struct {
		Result           struct{ Value any }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	p.into(p.call("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}), &reply)
	if reply.ExceptionDetails != nil {
		p.t.Fatalf("%s: %s", expression, reply.ExceptionDetails.Exception.Description)
	}
	return fmt.Sprint(reply.Result.Value)
}

// await waits until an expression is true.
func (p *tab) await(what, expression string) {
	p.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if p.eval("Boolean("+expression+")") == "true" {
			return
		}
	}
	p.picture("failed")
	p.t.Fatalf("%s does not come; the page says %q, %q", what,
		p.eval("document.getElementById('state')?.textContent"), p.eval("document.getElementById('told')?.textContent"))
}

// picture keeps a picture of the page in the folder that NCD_PICTURES names, if it
// names one.
func (p *tab) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("NCD_PICTURES")
	if folder == "" {
		return
	}
	var reply struct{ Data string }
	p.into(p.call("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}), &reply)
	png, err := base64.StdEncoding.DecodeString(reply.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(folder+"/"+name+".png", png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
