// Package jax writes programs for JAX: a diagram as pure functions, a train block as
// its whole training step, if it is wished over a mesh of devices.
//
// A diagram becomes a function for each composite diagram, of the weights it holds (a
// dictionary by our paths) and the arrays of its ports. Any further axes in front of
// these are lifted over. A diagram whose states change takes and hands back a
// dictionary of them; kept values that only are read are among the weights. What a
// diagram sends back by a program of its own is a jax.custom_vjp; what that program keeps
// may be put among the weights, and its gradient is what it becomes. Draws of chance are
// refused there, as a function without a key has none.
//
// A train block becomes the function step(w, s, batch, number): weights, states and a
// batch to new weights, new states and reports. It is the flat diagram that learn
// makes of the block, whatever its learning rule and optimiser, line by line. Draws
// are those of our generator (Philox, in numbers of 32 bits), so that a run follows
// ours step by step. Around it are the first weights, the order of examples, and a
// loop that reads the arrays that `--to npz` writes and writes a weights file for
// `ncd eval`.
//
// With a mesh, named axes lie along axes of the mesh by jax.sharding: weights and data
// are placed by their axes, XLA finds the rest, and jax.distributed joins processes.
package jax

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/internal/export"
	"ncd/internal/export/python"
)

// Format is JAX.
var Format = export.Format{
	Name: "jax", Extension: ".py", Apart: true, Trains: true, Shards: true,
	Doc: "JAX: a diagram as pure functions over weights by path; a train block as its whole training step, of whatever rule and optimiser, " +
		"with a loop around it: python step.py --data data.npz --weights first.safetensors -o trained.safetensors, where data.npz is what --to npz writes. " +
		"Draws and the order of examples are ours. With --mesh and --shard named axes lie along a mesh of devices, on one host or many. " +
		"Needs jax, numpy and safetensors.",
	Write: write,
}

func write(to io.Writer, r *export.Request) error {
	if r.Training != nil {
		return writeTraining(to, r)
	}
	if r.Mesh != nil {
		return &export.Refusal{Said: refuseMesh("a mesh is for a train block, and `" + r.Diagram.Name + "` is a diagram")}
	}
	m := &manner{states: map[string]string{}}
	f := python.NewFile(python.JAX(), m)
	root := f.Root(r.Diagram)
	if err := f.Refused.Err(); err != nil {
		return err
	}
	functions := python.Render(root, python.Style{Reads: "%s", Comma: true}, f.Namer(python.FunctionName))
	var b strings.Builder
	fmt.Fprintf(&b, header, title(r.Diagram), r.File, r.Mode)
	for _, text := range append(f.Dialect.Helpers(f.Used), functions...) {
		b.WriteString("\n\n" + strings.TrimRight(text, "\n") + "\n")
	}
	fmt.Fprintf(&b, footer, root.ClassName(), m.rootTakes)
	_, err := io.WriteString(to, b.String())
	return err
}

func title(d *diagram.Diagram) string {
	if d.Title != "" {
		return d.Title
	}
	return d.Name
}

const header = `"""%s, written by ncd export from %s (mode %s).

The axes of each array stand behind its line; any axes in front of them are lifted over.
Weights are a dictionary by ncd's paths: see load() at the end.
"""
import math

import jax
import jax.numpy as jnp
import numpy
`

const footer = `

def model(w, *ports):
    """The diagram applied to its ports, with weights by path."""
    return %s(%s*ports)


def load(weights):
    """The weights of a safetensors file of ncd's, by path."""
    from safetensors.numpy import load_file

    return {path: jnp.asarray(x) for path, x in load_file(weights).items()}
`

// manner brings lines together to functions.
type manner struct {
	states    map[string]string // names of what scans carry, by complete path
	rootTakes string            // what the function of the root takes before its ports
}

// Weight is an entry of the dictionary of weights.
func (m *manner) Weight(path string) string { return fmt.Sprintf("w[%q]", path) }

// takesWeights reports whether a unit reads weights of its own, or parts of it do.
func takesWeights(u *python.Unit) bool {
	if slices.ContainsFunc(u.Diagram.Weights, u.Owns) || slices.ContainsFunc(u.Diagram.States, func(s *diagram.State) bool { return s.Kept }) {
		return true
	}
	if u.Reverse != nil && len(u.Reverse.Kept) > 0 {
		return true
	}
	return slices.ContainsFunc(u.Parts, func(p *python.Part) bool { return takesWeights(p.Unit) })
}

func (m *manner) Call(u *python.Unit, p *python.Part, args, outs []string, types string) {
	var first []string
	if takesWeights(p.Unit) {
		path := fmt.Sprintf("%q", p.Name)
		if p.IsTurn {
			path = fmt.Sprintf("f\"%s.{turn}\"", p.Name[:strings.LastIndexByte(p.Name, '.')])
		}
		first = append(first, u.Use("within")+"(w, "+path+")")
	}
	if p.IsStateful() {
		state := fmt.Sprintf("after[%q]", p.Name)
		before := fmt.Sprintf("state.get(%q, {})", p.Name)
		if p.IsScanned() {
			state = m.states[p.Path]
			before = state
		}
		first, outs = append(first, before), append(slices.Clone(outs), state)
	}
	args = slices.Concat(first, args, u.Lent(p))
	u.Put("%s = %s(%s%s)  # %s", strings.Join(outs, ", "), python.ChildName(p.Index), strings.Join(args, ", "), python.ChildArguments(p.Index), types)
}

func (m *manner) State(u *python.Unit, s *diagram.State, start string) string {
	if s.Kept {
		start = m.Weight(s.Path)
	}
	return fmt.Sprintf("state.get(%q, %s)", s.Path, start)
}

func (m *manner) Kept(u *python.Unit, s *diagram.State, becomes string) {
	if s.Kept {
		becomes = fmt.Sprintf("%s(%s, %d)", u.Use("kept_mean"), becomes, len(s.Out.Type.Axes))
	}
	u.Put("after[%q] = %s  # %s", s.Path, becomes, python.Comment(s.Out.Type))
}

func (m *manner) Begin(u *python.Unit, p *python.Part) {
	name := u.Name(strings.ReplaceAll(p.Name, ".", "_") + "_state")
	m.states[p.Path] = name
	u.Put("%s = {}", name)
}

func (m *manner) Cut(u *python.Unit, p *python.Part) {
	u.Put("%s = jax.lax.stop_gradient(%[1]s)", m.states[p.Path])
}

func (m *manner) Turn(u *python.Unit, turns []*python.Part) *python.Part {
	words := make([]string, len(turns))
	for i, p := range turns {
		words[i] = p.Name[strings.LastIndexByte(p.Name, '.')+1:]
	}
	u.Put("for turn in (%s,):", strings.Join(words, ", "))
	turn := *turns[0]
	turn.IsTurn = true
	return &turn
}

// Backed hands the results on through a function that sends back what the program
// says.
func (m *manner) Backed(u *python.Unit, r *python.Reverse) {
	var ahead []string
	for _, name := range u.Ports {
		ahead = append(ahead, name)
	}
	for _, name := range u.Results {
		ahead = append(ahead, "jax.lax.stop_gradient("+name+")")
	}
	for _, k := range r.Kept {
		ahead = append(ahead, fmt.Sprintf("w.get(%q, %s)", k.Path, u.Start(k.State)))
	}
	u.Put("%s = %s_reverse(%s)", strings.Join(r.Results, ", "), python.MarkName, strings.Join(ahead, ", "))
	u.Results = r.Results
	u.Reverse = r
}

// Finish writes the function of a unit.
func (m *manner) Finish(u *python.Unit) *python.Template {
	var b strings.Builder
	if u.Reverse != nil {
		b.WriteString(reversing(u))
	}
	takes := ""
	if takesWeights(u) {
		takes = "w, "
	}
	if u.IsStateful() {
		takes += "state, "
	}
	m.rootTakes = strings.Replace(takes, "state", "{}", 1)
	parameters := strings.TrimSuffix(takes+strings.Join(u.Parameters(), ", "), ", ")
	fmt.Fprintf(&b, "def %s(%s%s):\n%s", python.MarkName, parameters, python.MarkParameters, python.Doc(u.Diagram, "    "))
	for _, w := range u.Diagram.In {
		fmt.Fprintf(&b, "    # %s %s\n", python.Identifier(w.Name), python.Comment(w.Type))
	}
	if u.IsStateful() {
		b.WriteString("    after = {}\n")
	}
	b.WriteString(u.Text.String())
	results := slices.Clone(u.Results)
	if u.IsStateful() {
		results = append(results, "after")
	}
	fmt.Fprintf(&b, "    return %s\n", strings.Join(results, ", "))
	return &python.Template{Name: u.Diagram.Name, Text: b.String()}
}

// reversing is the custom_vjp of a unit that sends back by a program. A pure function
// cannot keep anything on the way back: what the program would keep is handed in, and
// what it becomes is handed out as its gradient.
func reversing(u *python.Unit) string {
	r := u.Reverse
	taken := slices.Concat(r.Inputs, r.Results)
	for _, k := range r.Kept {
		taken = append(taken, k.Name)
	}
	all := strings.Join(taken, ", ")
	name := python.MarkName + "_reverse"
	var b strings.Builder
	fmt.Fprintf(&b, "@jax.custom_vjp\ndef %s(%s):\n    \"\"\"What %s makes, and what it sends back.\"\"\"\n    return %s\n\n\n", name, all, u.Diagram.Name, strings.Join(r.Results, ", "))
	fmt.Fprintf(&b, "def %s_back(kept, g):\n    %s, = kept\n    %s = g\n", name, all, strings.Join(r.Sent, ", "))
	for line := range strings.Lines(r.Text) {
		b.WriteString(strings.TrimPrefix(line, "    "))
	}
	var back []string
	i := 0
	for port, input := range r.Inputs {
		if r.IsPlace[port] {
			back = append(back, "None")
			continue
		}
		back = append(back, fmt.Sprintf("%s(%s, %s)", u.Use("given_back"), r.Back[i], input))
		i++
	}
	for _, result := range r.Results {
		back = append(back, "jnp.zeros_like("+result+")")
	}
	for _, k := range r.Kept {
		back = append(back, fmt.Sprintf("%s(%s, %d)", u.Use("kept_mean"), k.Becomes, len(k.Out.Type.Axes)))
	}
	fmt.Fprintf(&b, "    return %s\n\n\n", strings.Join(back, ", "))
	fmt.Fprintf(&b, "%s.defvjp(lambda %s: ((%s), (%s,)), %[1]s_back)\n\n\n", name, all, strings.Join(r.Results, ", "), all)
	return b.String()
}
