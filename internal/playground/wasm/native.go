//go:build !js

package main

import (
	"fmt"
	"os"
)

// main, where there is no JavaScript, says how the package is compiled.
func main() {
	fmt.Fprintln(os.Stderr, "this runs in a browser: compile it with GOOS=js GOARCH=wasm")
	os.Exit(2)
}
