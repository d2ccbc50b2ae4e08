package playground

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// built is what is made of the module's source.
type built struct {
	wasm     []byte
	support  []byte // the script of the toolchain that runs it
	examples []Example
}

// NoToolchain says that there is no Go on the machine.
type NoToolchain struct{ Cause error }

func (n *NoToolchain) Error() string {
	return "the playground is compiled by Go, and `go` is not found: " + n.Cause.Error()
}

// NoSource says that the module's source is not found.
type NoSource struct{ Tried []string }

func (n *NoSource) Error() string {
	return "the playground is compiled from the source of ncd, which is not in " + strings.Join(n.Tried, " or ")
}

// build compiles the engine for a browser.
func build(ctx context.Context, from string) (*built, error) {
	tool, err := exec.LookPath("go")
	if err != nil {
		return nil, &NoToolchain{err}
	}
	root, err := findSource(from)
	if err != nil {
		return nil, err
	}
	b := &built{}
	if b.examples, err = readExamples(root); err != nil {
		return nil, err
	}
	if b.wasm, err = compile(ctx, tool, root); err != nil {
		return nil, err
	}
	goroot, err := said(ctx, tool, root, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	b.support, err = os.ReadFile(filepath.Join(strings.TrimSpace(goroot), "lib", "wasm", "wasm_exec.js"))
	return b, err
}

// findSource is the folder of the module's source: the one that is named, or else the
// current folder or one above it, or else where this binary was compiled from.
func findSource(named string) (string, error) {
	if named != "" {
		if isSource(named) {
			return filepath.Abs(named)
		}
		return "", &NoSource{[]string{named}}
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for folder := here; ; folder = filepath.Dir(folder) {
		if isSource(folder) {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			break
		}
	}
	_, file, _, _ := runtime.Caller(0)
	made := filepath.Dir(filepath.Dir(filepath.Dir(file)))
	if isSource(made) {
		return made, nil
	}
	return "", &NoSource{[]string{here, made}}
}

// isSource reports whether a folder is the root of this module.
func isSource(folder string) bool {
	text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil || !bytes.HasPrefix(text, []byte("module ncd\n")) {
		return false
	}
	_, err = os.Stat(filepath.Join(folder, "internal", "playground", "wasm", "main.go"))
	return err == nil
}

// compile is the engine as WebAssembly.
func compile(ctx context.Context, tool, root string) ([]byte, error) {
	folder, err := os.MkdirTemp("", "ncd-playground-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	to := filepath.Join(folder, "ncd.wasm")
	if _, err := said(ctx, tool, root, "build", "-trimpath", "-ldflags=-s -w", "-o", to, "./internal/playground/wasm"); err != nil {
		return nil, err
	}
	return os.ReadFile(to)
}

// said runs the toolchain for a browser, and returns what it printed.
func said(ctx context.Context, tool, root string, words ...string) (string, error) {
	cmd := exec.CommandContext(ctx, tool, words...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=")
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", words[0], err, wrong.Bytes())
	}
	return string(out), nil
}
