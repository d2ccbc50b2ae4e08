//go:build linux

package cli

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// hostile is what a stranger may hand somebody, with what must be said of it.
var hostile = []struct {
	name  string
	files map[string][]byte
	words string
	says  string
}{
	{"a header of 8 GB", map[string][]byte{"net.ncd": []byte(hostileNet), "w.safetensors": append(binary.LittleEndian.AppendUint64(nil, 8<<30), "{}"...)},
		"run net.ncd Net --weights w.safetensors --input x=x.npy", "error[BadWeights]: w.safetensors: says its header has 8589934592 bytes"},
	{"an npz that unpacks to more than its limit", map[string][]byte{"net.ncd": trained(`npz["x.npz"]`, "x[m]"), "x.npz": zipBomb(64 << 20)},
		"train net.ncd --limit file=16MiB -o run", "error[BadData]"},
	{"a gzip that does", map[string][]byte{"net.ncd": trained(`words["x.txt"]`, "x[m]"), "x.txt": gzipBomb(128 << 20)},
		"train net.ncd --limit text=64MiB -o run", "error[BadData]"},
	{"a file that imports itself by way of another", map[string][]byte{"net.ncd": []byte("import \"other.ncd\"\n"), "other.ncd": []byte("import \"net.ncd\"\n")},
		"check net.ncd", "error[CyclicImport]"},
	{"an import that has no end", map[string][]byte{"net.ncd": []byte("import \"" + strings.Repeat("../", 40) + "dev/zero\"\n")},
		"check net.ncd", "error[MissingImport]"},
	{"an imported device", map[string][]byte{"net.ncd": []byte("import \"zero\"\n")}, "check net.ncd", "is no file of a program"},
	{"powers of powers", map[string][]byte{"net.ncd": []byte("diagram P(x[m]) -> [m] { x >> ((relu^1000)^1000)^1000 }\n")},
		"check net.ncd", "error["},
	{"loops in loops", map[string][]byte{"net.ncd": []byte(nestedLoops)}, "check net.ncd", "error["},
	{"diagrams that double", map[string][]byte{"net.ncd": doubling(40)}, "check net.ncd", "more than 10000 diagrams are used inside each other"},
	{"a diagram inside itself", map[string][]byte{"net.ncd": []byte("diagram P(x[m]) -> [m] { x >> P }\n")}, "check net.ncd", "error[EndlessDiagram]"},
	{"brackets in brackets", map[string][]byte{"net.ncd": []byte("diagram P(x[m]) -> [m] { " + strings.Repeat("(", 1<<20) + "x }\n")},
		"check net.ncd", "error["},
	{"a program of megabytes", map[string][]byte{"net.ncd": bytes.Repeat([]byte("axis m = 4\n"), 1<<20)}, "check net.ncd", "has more than 4 MiB"},
	{"a long chain of operators", map[string][]byte{"net.ncd": []byte("const a = 1" + strings.Repeat(" + 1", 1<<18) + "\n")}, "check net.ncd", "error["},
	{"an axis without end", map[string][]byte{"net.ncd": []byte("axis m = 9223372036854775807\n\ndiagram P(x[m]) -> [m] { x >> relu }\n")},
		"check net.ncd", "an axis has 2147483647 places at most"},
	{"a command in a program", map[string][]byte{"net.ncd": []byte("diagram P(x[m]) -> [k:4] { x >> opaque[\"touch /tmp/ran\", m -> k:4] }\n")},
		"run net.ncd P --input x=x.npy -o out.npz", "--allow-run"},
	{"data above their folder, from an archive's root", map[string][]byte{"net.ncd": trained(`csv["../../../../../../../../etc/none"]`, "x[m]")},
		"train net.ncd -o run", "error[MissingData]"},
	{"a model whose weights lie above its folder", map[string][]byte{"m.onnx": {0x3a, 0x30}}, "import m.onnx", "error["},
}

const hostileNet = "diagram Net(x[m]) -> [k:4] { x >> linear[m -> k] }\n"

const nestedLoops = `diagram P(x[m]) -> [m] {
    for i in 1..10000 {
        for j in 1..10000 {
            for k in 1..10000 {
                x = x >> relu
            }
        }
    }
    x
}
`

func trained(source, fields string) []byte {
	return fmt.Appendf(nil, "diagram Net(x[m]) -> [m] { x >> relu }\n\ntrain net {\n    data      %s = %s\n    model     net = Net\n    loss      (x >> net) >> sum[m]\n    optimizer sgd\n}\n", fields, source)
}

// doubling is a program whose last diagram uses 2^n others.
func doubling(n int) []byte {
	text := []byte("diagram D0(x[m]) -> [m] { x >> relu }\n")
	for i := range n {
		text = fmt.Appendf(text, "diagram D%d(x[m]) -> [m] { x >> D%d >> D%d }\n", i+1, i, i)
	}
	return text
}

func zipBomb(size int64) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, _ := w.Create("x.npy") // memory takes everything
	fmt.Fprintf(f, "\x93NUMPY\x01\x00v\x00%-117s\n", fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 1), }", size))
	io.CopyN(f, zeros{}, size)
	w.Close()
	return b.Bytes()
}

func gzipBomb(size int64) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	io.CopyN(w, zeros{}, size)
	w.Close()
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// peakOf is the most memory of a process in KiB, asked for until it ends. What the
// system says of it behind its end counts the memory of this process too, which it was
// forked from.
func peakOf(pid int) <-chan int {
	peak := make(chan int, 1)
	go func() {
		most := 0
		for {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, line, isThere := strings.Cut(string(status), "VmHWM:")
			if err != nil || !isThere {
				peak <- most
				return
			}
			var now int
			fmt.Sscan(line, &now)
			most = max(most, now)
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return peak
}

// What a stranger made is refused in words, in no more than five seconds of the processor
// and 512 MiB.
func TestHostile(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			for name, content := range c.files {
				if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := weights.WriteArray(filepath.Join(folder, "x.npy"), tensor.Of([]float32{1, 2}, nil, 2)); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink("/dev/zero", filepath.Join(folder, "zero")); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			cmd := exec.CommandContext(ctx, binary)
			cmd.Args = append([]string{"ncd"}, strings.Fields(c.words)...)
			cmd.Dir = folder
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr = &said, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			peak := peakOf(cmd.Process.Pid)
			err := cmd.Wait()
			if status := cmd.ProcessState.ExitCode(); status != wrong {
				t.Errorf("exit status %d, want %d (%v)", status, wrong, err)
			}
			if !strings.Contains(said.String(), c.says) {
				t.Errorf("it says\n%.2000s\nwant %q", said.String(), c.says)
			}
			const seconds, mebibytes = 5, 512
			if spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); spent > seconds*time.Second {
				t.Errorf("it took %v", spent)
			}
			if most := <-peak >> 10; most > mebibytes {
				t.Errorf("it took %d MiB", most)
			}
		})
	}
}
