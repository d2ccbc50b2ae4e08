package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// typedBlock is what a reader of the page on formats types, in the order of the page.
var typedBlock = regexp.MustCompile("(?ms)(^<!-- reads what Python writes -->\n)?^```(console|sh|python)\n(.*?)^```$")

// TestFormats holds the manual's page on formats to what the command does: what is typed
// into consoles says what stands below it, and the other lines succeed. Python
// programs and lines are run by the Python that NCD_PYTHON names, which needs numpy,
// safetensors, torch, jax and onnxruntime. Without it a block is left out that has such a
// line, or stands behind `<!-- reads what Python writes -->`. UPDATE=1 writes what is
// said.
func TestFormats(t *testing.T) {
	page, err := filepath.Abs(filepath.Join(manualFolder, "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	m := &book{t: t, text: string(text), programs: map[string]string{}}
	m.writePrograms()
	m.holdPrograms()
	python := os.Getenv("NCD_PYTHON")
	if python == "" {
		t.Log("NCD_PYTHON names no Python: its programs are not run")
	}
	got := typedBlock.ReplaceAllStringFunc(m.text, func(block string) string {
		found := typedBlock.FindStringSubmatch(block)
		needsPython := found[1] != "" || found[2] == "python" || strings.Contains("\n"+found[3], "\npython ")
		switch {
		case needsPython && python == "":
		case found[2] == "console":
			return m.typed(block)
		case found[2] == "sh":
			runLines(t, found[3], python)
		default:
			runPython(t, python, "-c", found[3])
		}
		return block
	})
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(m.text, got); diff != "" {
		t.Errorf("the page -, the command +; UPDATE=1 writes it:\n%s", diff)
	}
}

// runLines runs lines of ncd and of Python, of which each must succeed.
func runLines(t *testing.T, lines, python string) {
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if words[0] == "python" {
			runPython(t, python, words[1:]...)
		} else {
			runLine(t, words)
		}
	}
}

func runPython(t *testing.T, python string, words ...string) {
	run := exec.Command(python, words...)
	run.Env = append(os.Environ(), "JAX_PLATFORMS=cpu")
	if said, err := run.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(words, " "), err, said)
	}
}
