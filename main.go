// Ncd checks, runs, trains and draws neural circuit diagrams.
package main

import (
	"os"

	"ncd/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
