package main

import (
	"encoding/binary"
	"fmt"
	"io"

	"ncd/runtime/tensor"
)

// Sizes are those of a Llama model, in the order in which a checkpoint has them.
type Sizes struct {
	Model, Hidden, Layers, Heads, Groups, Vocab, Context int32
}

// most is more than any size of a model that fits this format's 32 bits of offset.
const most = 1 << 20

// ReadCheckpoint reads a checkpoint of llama2.c (version 0: seven sizes, then the
// weights layer by layer of a kind) as the weights of the diagram Llama by their paths.
// There a matrix has what goes out before what comes in; here it is the other way round.
func ReadCheckpoint(r io.Reader) (Sizes, map[string]*tensor.Tensor, error) {
	c := &checkpoint{r: r, weights: map[string]*tensor.Tensor{}}
	if err := binary.Read(r, binary.LittleEndian, &c.Sizes); err != nil {
		return c.Sizes, nil, fmt.Errorf("the checkpoint has no sizes: %w", err)
	}
	for _, n := range []int32{c.Model, c.Hidden, c.Layers, c.Heads, c.Groups, c.Vocab, c.Context} {
		if n < 1 || n > most {
			return c.Sizes, nil, fmt.Errorf("the checkpoint's sizes are %+v; is it one of version 0, with a shared table of tokens?", c.Sizes)
		}
	}
	if c.Model%c.Heads != 0 || c.Heads%c.Groups != 0 {
		return c.Sizes, nil, fmt.Errorf("%d numbers do not fall into %d heads, or these not into %d groups", c.Model, c.Heads, c.Groups)
	}
	c.read()
	return c.Sizes, c.weights, c.err
}

type checkpoint struct {
	Sizes
	r       io.Reader
	weights map[string]*tensor.Tensor
	err     error
}

func (c *checkpoint) read() {
	m, f := axis{"m", int(c.Model)}, axis{"hidden", int(c.Hidden)}
	g, each := axis{"g", int(c.Groups)}, axis{"each", int(c.Heads / c.Groups)}
	k, v := axis{"k", int(c.Model / c.Heads)}, axis{"v", int(c.Model / c.Heads)}
	c.vector("embedding.weight", axis{"vocab", int(c.Vocab)}, m)
	c.layers("rmsnorm.0.gain.0.weight", nil, []axis{m})
	c.layers("attention.0.query.weight", []axis{m}, []axis{g, each, k})
	c.layers("attention.0.key.weight", []axis{m}, []axis{g, k})
	c.layers("attention.0.value.weight", []axis{m}, []axis{g, k})
	c.layers("attention.0.linear.0.weight", []axis{g, each, v}, []axis{m})
	c.layers("rmsnorm.1.gain.0.weight", nil, []axis{m})
	c.layers("swi_glu.0.gate.weight", []axis{m}, []axis{f})
	c.layers("swi_glu.0.linear.0.weight", []axis{f}, []axis{m})
	c.layers("swi_glu.0.up.weight", []axis{m}, []axis{f})
	c.vector("norm.gain.0.weight", m)
}

type axis struct {
	label string
	size  int
}

// layers reads one weight of each layer.
func (c *checkpoint) layers(path string, in, out []axis) {
	for layer := range c.Layers {
		name := fmt.Sprintf("layers.%d.%s", layer+1, path)
		if len(in) == 0 {
			c.vector(name, out...)
		} else {
			c.matrix(name, in, out)
		}
	}
}

// vector reads numbers as they lie.
func (c *checkpoint) vector(path string, axes ...axis) {
	labels, dims, n := spelled(axes)
	c.weights[path] = tensor.Of(c.numbers(n), labels, dims...)
}

// matrix reads a map and turns it round.
func (c *checkpoint) matrix(path string, in, out []axis) {
	labels, dims, n := spelled(append(append([]axis{}, in...), out...))
	_, _, rows := spelled(out)
	from, columns := c.numbers(n), n/rows
	turned := make([]float32, n)
	for row := range rows {
		for column := range columns {
			turned[column*rows+row] = from[row*columns+column]
		}
	}
	c.weights[path] = tensor.Of(turned, labels, dims...)
}

func spelled(axes []axis) (labels []string, dims []int, n int) {
	n = 1
	for _, a := range axes {
		labels, dims, n = append(labels, a.label), append(dims, a.size), n*a.size
	}
	return labels, dims, n
}

// numbers reads n numbers, in pieces, so that a file that is cut short costs no more
// memory than it has bytes.
func (c *checkpoint) numbers(n int) []float32 {
	const piece = 1 << 16
	var list []float32
	for len(list) < n && c.err == nil {
		some := make([]float32, min(piece, n-len(list)))
		if err := binary.Read(c.r, binary.LittleEndian, some); err != nil {
			c.err = fmt.Errorf("the checkpoint ends before its weights do: %w", err)
		}
		list = append(list, some...)
	}
	return append(list, make([]float32, n-len(list))...)
}
