package main

import (
	"embed"
	"fmt"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/compiler/plan"
	"ncd/runtime/exec"
	"ncd/runtime/tensor"
	"ncd/stdlib"
)

//go:embed stories.ncd
var program embed.FS

// Teller is a model that goes on with a text.
type Teller struct {
	sizes    Sizes
	weights  map[string]*tensor.Tensor
	program  *check.Program
	machines map[int]*exec.Machine // by the number of tokens that they read
}

// NewTeller is the teller with these weights.
func NewTeller(sizes Sizes, weights map[string]*tensor.Tensor) (*Teller, error) {
	set := map[string]string{
		"vocab": fmt.Sprint(sizes.Vocab), "h": fmt.Sprint(sizes.Heads), "g": fmt.Sprint(sizes.Groups),
		"m": fmt.Sprint(sizes.Model), "n": fmt.Sprint(sizes.Layers), "f": fmt.Sprint(sizes.Hidden),
	}
	p, err := compiler.Load(program, "stories.ncd", check.Options{Library: stdlib.Files, Set: set})
	if err != nil {
		return nil, err
	}
	return &Teller{sizes: sizes, weights: weights, program: p, machines: map[int]*exec.Machine{}}, nil
}

// Scores says how well each token would follow the tokens so far. Nobody looks ahead in
// this model, so that what stands behind the last one is of no weight: a machine for 32,
// 64, 128 … tokens serves all shorter texts.
func (t *Teller) Scores(tokens []int) ([]float32, error) {
	if len(tokens) > int(t.sizes.Context) {
		return nil, fmt.Errorf("the model reads %d tokens at most", t.sizes.Context)
	}
	length := 32
	for length < len(tokens) {
		length *= 2
	}
	m, err := t.machine(min(length, int(t.sizes.Context)))
	if err != nil {
		return nil, err
	}
	in, _ := m.Array(plan.Input, "tokens")
	for i, token := range tokens {
		in.Int32[i] = int32(token)
	}
	if err := m.Run(); err != nil {
		return nil, err
	}
	out := m.Arrays(plan.Output)[0].Float32
	vocab := int(t.sizes.Vocab)
	return out[(len(tokens)-1)*vocab : len(tokens)*vocab], nil
}

// machine is the machine for texts of so many tokens.
func (t *Teller) machine(length int) (*exec.Machine, error) {
	if m, ok := t.machines[length]; ok {
		return m, nil
	}
	p, err := compiler.Plan(t.program, "Llama", map[string][]int{"tokens": {length}})
	if err != nil {
		return nil, err
	}
	m, err := exec.Bind(p, exec.Options{})
	if err != nil {
		return nil, err
	}
	for _, w := range m.Arrays(plan.Weight) {
		from, ok := t.weights[w.Name]
		if !ok || from.Len() != len(w.Float32) {
			return nil, fmt.Errorf("the weights have no `%s` %s", w.Name, tensor.Shape(w.Axes, w.Dims))
		}
		copy(w.Float32, tensor.Elements[float32](from))
	}
	t.machines[length] = m
	return m, nil
}

// Tell goes on with tokens until there are n behind the first, or the text ends, and
// hands each to say with the one before it. It always takes the best.
func (t *Teller) Tell(tokens []int, n int, say func(before, token int)) error {
	for i := 1; i < len(tokens); i++ {
		say(tokens[i-1], tokens[i])
	}
	for len(tokens) <= n {
		scores, err := t.Scores(tokens)
		if err != nil {
			return err
		}
		next := best(scores)
		if next == Begin {
			return nil
		}
		say(tokens[len(tokens)-1], next)
		tokens = append(tokens, next)
	}
	return nil
}

// best is the place of the largest score.
func best(scores []float32) int {
	at := 0
	for i, x := range scores {
		if x > scores[at] {
			at = i
		}
	}
	return at
}
