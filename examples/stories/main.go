// Command stories goes on with a story, by a Llama 2 model written in NCD.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"ncd/runtime/weights"
)

func main() {
	folder := flag.String("model", ".", "`folder` with stories260K.bin and tok512.bin")
	prompt := flag.String("prompt", "", "`text` to go on with")
	n := flag.Int("n", 200, "`number` of tokens")
	to := flag.String("weights", "", "safetensors `file` to write the weights to, instead of telling")
	flag.Parse()
	if err := run(*folder, *prompt, *n, *to); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, prompt string, n int, to string) error {
	teller, err := openTeller(filepath.Join(folder, "stories260K.bin"))
	if err != nil {
		return err
	}
	if to != "" {
		return weights.Write(to, &weights.File{Tensors: teller.weights})
	}
	tokens, err := openTokens(filepath.Join(folder, "tok512.bin"), int(teller.sizes.Vocab))
	if err != nil {
		return err
	}
	err = teller.Tell(tokens.Encode(prompt), n, func(before, token int) { fmt.Print(tokens.Decode(before, token)) })
	fmt.Println()
	return err
}

func openTeller(path string) (*Teller, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sizes, arrays, err := ReadCheckpoint(file)
	if err != nil {
		return nil, err
	}
	return NewTeller(sizes, arrays)
}

func openTokens(path string, n int) (*Tokens, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ReadTokens(file, n)
}
