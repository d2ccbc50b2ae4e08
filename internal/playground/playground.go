// Package playground writes the playground: a page that checks, formats, draws and
// trains small programs in a browser, as static files that need no server.
//
// What runs in the page is the compiler and the runtime of this module, compiled to
// WebAssembly by the Go toolchain of the machine from the module's source. It goes
// into one script, packed, so that the page works from a disk as well, where a browser
// fetches nothing.
package playground

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ncd/runtime/weights"
)

//go:embed page
var page embed.FS

// files are written as they are.
var files = []string{"index.html", "page.css", "page.js", "editor.js", "curve.js"}

// engineFile is the script that holds what is compiled.
const engineFile = "engine.js"

// Sizes are the bytes of what is compiled.
type Sizes struct {
	Wasm, Packed int
}

// Write writes the playground to a folder, which is made if it is not there. It runs
// the Go toolchain on the source of the module in the folder from; "" is where it is
// found. The error is a *NoSource, a *NoToolchain or what the toolchain said.
func Write(ctx context.Context, to, from string) (Sizes, error) {
	built, err := build(ctx, from)
	if err != nil {
		return Sizes{}, err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return Sizes{}, err
	}
	for _, name := range files {
		text, err := page.ReadFile("page/" + name)
		if err != nil {
			return Sizes{}, err
		}
		if err := put(filepath.Join(to, name), text); err != nil {
			return Sizes{}, err
		}
	}
	packed, err := pack(built.wasm)
	if err != nil {
		return Sizes{}, err
	}
	script, err := built.script(packed)
	if err != nil {
		return Sizes{}, err
	}
	return Sizes{len(built.wasm), len(packed)}, put(filepath.Join(to, engineFile), script)
}

func put(path string, text []byte) error {
	return weights.Replace(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

func pack(wasm []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(wasm); err != nil {
		return nil, err
	}
	err = w.Close() // which writes the rest
	return packed.Bytes(), err
}

// script is the engine as a script: the text of the worker, which begins with the
// toolchain's support, the packed module, and the examples.
func (b *built) script(packed []byte) ([]byte, error) {
	worker, err := page.ReadFile("page/worker.js")
	if err != nil {
		return nil, err
	}
	engine := struct {
		Worker   string    `json:"worker"`
		Wasm     string    `json:"wasm"`
		Examples []Example `json:"examples"`
	}{string(b.support) + "\n" + string(worker), base64.StdEncoding.EncodeToString(packed), b.examples}
	text, err := json.Marshal(engine)
	return fmt.Appendf(nil, "\"use strict\";\nconst engine = %s;\n", text), err
}
