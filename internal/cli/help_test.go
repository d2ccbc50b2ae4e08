package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// TestHelpExamples types every line of every command's example, in a folder that
// holds the files they speak of, and wants it done.
func TestHelpExamples(t *testing.T) {
	folder, err := filepath.Abs(examples)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	prepareExamples(t, folder)
	root := (&session{}).root()
	for _, cmd := range append(root.Commands(), (&session{}).help()) {
		if cmd.Example == "" {
			t.Errorf("the help of %s has no example", cmd.Name())
		}
		t.Run(cmd.Name(), func(t *testing.T) { typeExample(t, cmd) })
	}
}

func typeExample(t *testing.T, cmd *cobra.Command) {
	for line := range strings.Lines(cmd.Example) {
		if words := strings.Fields(line); words[0] != "ncd" || words[1] != cmd.Name() {
			t.Errorf("%q is no line of ncd %s", line, cmd.Name())
		}
		line, redirected, _ := strings.Cut(line, " > ")
		words := expanded(t, strings.Fields(line)[1:])
		if words[0] == "watch" { // it goes on until it is interrupted
			watching(t, words[1], words[2:]...)
			continue
		}
		var out, err bytes.Buffer
		if status := Main(words, Streams{In: strings.NewReader(""), Out: &out, Err: &err}); status != done {
			t.Errorf("%s: exit status %d\n%s", strings.TrimSpace(line), status, err.Bytes())
		}
		if redirected != "" && out.Len() == 0 {
			t.Errorf("%s has no output", strings.TrimSpace(line))
		}
	}
}

// expanded are words with patterns of names replaced, as a shell does it.
func expanded(t *testing.T, words []string) []string {
	var all []string
	for _, word := range words {
		if !strings.Contains(word, "*") {
			all = append(all, word)
			continue
		}
		names, err := filepath.Glob(word)
		if err != nil || len(names) == 0 {
			t.Fatalf("nothing is like %s (%v)", word, err)
		}
		all = append(all, names...)
	}
	return all
}

// prepareExamples makes the files that examples speak of: the programs, arrays for
// their ports, and two short runs.
func prepareExamples(t *testing.T, folder string) {
	for _, name := range []string{"attention", "digits"} {
		text, err := os.ReadFile(filepath.Join(folder, name, name+".ncd"))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, name+".ncd", string(text))
	}
	for _, port := range []string{"q", "K", "V"} {
		if err := weights.WriteArray(port+".npy", tensor.Of([]float32{1, 2, 3, 4, 5, 6}, nil, 2, 3)); err != nil {
			t.Fatal(err)
		}
	}
	digit := map[string]*tensor.Tensor{"image": tensor.Of(make([]float32, 64), nil, 8, 8)}
	if err := weights.WriteArrays("digit.npz", digit); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"ncd train digits.ncd --epochs 1", "ncd train digits.ncd --epochs 1 --set wide=512 -o runs/wide", "ncd export digits.ncd Digits --to onnx -o model.onnx --set row=8 --set col=8 --weights runs/digits-1/weights.safetensors"} {
		runLine(t, strings.Fields(line))
	}
}
