// Package torch writes diagrams as PyTorch modules: one file, a class for each
// composite diagram, einsum for index equations.
//
// In goes a diagram with its hierarchy whose sizes are numbers. Modules and arrays are
// named by our paths, so that a weights file of ours is the model's state_dict:
//
//	model = GPT()
//	model.load_state_dict(safetensors.torch.load_file("weights.safetensors"))
//
// A module takes arrays with the axes of its ports, and any further axes in front of
// them: these are lifted over, as a batch is. Kept values are buffers; a diagram with
// states remembers them from call to call until reset(); a scan is a loop that resets
// its body first. What a diagram sends back by a program of its own is an
// autograd.Function; what that program keeps is a buffer outside of the state_dict. Lost are the widths of sizes that were letters (they are numbers
// in the file), the draws of chance (PyTorch draws its own), and that a checkpoint
// makes again what it needs.
package torch

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/internal/export"
	"ncd/internal/export/python"
)

// Format is PyTorch.
var Format = export.Format{
	Name: "torch", Extension: ".py", Apart: true,
	Doc: "PyTorch: one file of modules that follow the diagrams, with einsum for index equations. Parameters have our paths, so that " +
		"model.load_state_dict(safetensors.torch.load_file(\"weights.safetensors\")) takes our weights. Further axes in front of a port's are lifted over. " +
		"Needs torch, and safetensors for load().",
	Write: write,
}

// write writes the file.
func write(to io.Writer, r *export.Request) error {
	m := &manner{}
	f := python.NewFile(python.PyTorch(), m)
	root := f.Root(r.Diagram)
	if err := f.Refused.Err(); err != nil {
		return err
	}
	classes := python.Render(root, python.Style{Reads: "self.%s", Keeps: "        self.%[1]s = %[1]s\n"}, f.Namer(python.ClassName))
	var b strings.Builder
	b.WriteString(header(r, root.ClassName()))
	for _, text := range append(f.Dialect.Helpers(f.Used), classes...) {
		text = strings.ReplaceAll(text, emptyInit, "")
		b.WriteString("\n\n" + strings.TrimRight(text, "\n") + "\n")
	}
	fmt.Fprintf(&b, loader, root.ClassName())
	_, err := io.WriteString(to, b.String())
	return err
}

func header(r *export.Request, class string) string {
	title := r.Diagram.Title
	if title == "" {
		title = r.Diagram.Name
	}
	return fmt.Sprintf(`"""%s, written by ncd export from %s (mode %s).

The axes of each array stand behind its line; any axes in front of them are lifted over.
Parameters have the paths of ncd's weights: see load() at the end.
"""
import math

import torch
from torch import nn
`, title, r.File, r.Mode)
}

// emptyInit is the constructor of a module that holds nothing.
const emptyInit = "    def __init__(self):\n        super().__init__()\n\n"

const loader = `

model = %s


def load(weights):
    """The model with the weights of a safetensors file of ncd's."""
    from safetensors.torch import load_file

    made = model()
    made.load_state_dict(load_file(weights))
    return made
`

// manner brings lines together to modules.
type manner struct{}

// Weight is an attribute: self.q.weight, self.affine[0].bias.
func (m *manner) Weight(path string) string { return "self" + attribute(path) }

func (m *manner) Call(u *python.Unit, p *python.Part, args, outs []string, types string) {
	args = append(args, u.Lent(p)...)
	module := "self" + partOf(u, p.Name)
	if p.IsTurn {
		module = "turn"
	}
	u.Put("%s = %s(%s)  # %s", strings.Join(outs, ", "), module, strings.Join(args, ", "), types)
}

func (m *manner) State(u *python.Unit, s *diagram.State, start string) string {
	if s.Kept {
		return m.Weight(s.Path) + ".clone()"
	}
	return fmt.Sprintf("self.remembered.get(%q, %s)", s.Path, start)
}

func (m *manner) Kept(u *python.Unit, s *diagram.State, becomes string) {
	if s.Kept {
		u.Use("keep")
		u.Put("keep(%s, %s)", m.Weight(s.Path), becomes)
		return
	}
	u.Put("self.remembered[%q] = %s  # %s", s.Path, becomes, python.Comment(s.Out.Type))
}

func (m *manner) Begin(u *python.Unit, p *python.Part) { u.Put("self%s.reset()", partOf(u, p.Name)) }
func (m *manner) Cut(u *python.Unit, p *python.Part)   { u.Put("self%s.cut()", partOf(u, p.Name)) }

func (m *manner) Turn(u *python.Unit, turns []*python.Part) *python.Part {
	name := turns[0].Name
	u.Put("for turn in self%s:", partOf(u, name[:strings.LastIndexByte(name, '.')]))
	turn := *turns[0]
	turn.IsTurn = true
	return &turn
}

// Backed hands the results on through a function that sends back what the program
// says.
func (m *manner) Backed(u *python.Unit, r *python.Reverse) {
	ahead := slices.Concat(u.Ports, u.Results)
	for _, k := range r.Kept {
		ahead = append(ahead, m.Weight(k.Path))
	}
	u.Put("%s = \x01N\x01Reverse.apply(%s)", strings.Join(r.Results, ", "), strings.Join(ahead, ", "))
	u.Results = r.Results
	u.Reverse = r
}

// Finish writes the class of a unit.
func (m *manner) Finish(u *python.Unit) *python.Template {
	var b strings.Builder
	if u.Reverse != nil {
		b.WriteString(function(u))
	}
	base := "nn.Module"
	if u.IsStateful() || u.IsScanned() {
		base = "Remembering"
		u.Use(base)
	}
	fmt.Fprintf(&b, "class %s(%s):\n%s", python.MarkName, base, python.Doc(u.Diagram, "    "))
	fmt.Fprintf(&b, "    def __init__(self%s):\n        super().__init__()\n%s%s\n", python.MarkParameters, python.MarkKept, initials(u))
	fmt.Fprintf(&b, "    def forward(%s):\n", strings.Join(append([]string{"self"}, u.Parameters()...), ", "))
	for _, w := range u.Diagram.In {
		fmt.Fprintf(&b, "        # %s %s\n", python.Identifier(w.Name), python.Comment(w.Type))
	}
	text := u.Text.String()
	if u.Reverse != nil {
		lines, apply := text[:strings.LastIndex(text[:len(text)-1], "\n")+1], text[strings.LastIndex(text[:len(text)-1], "\n")+1:]
		text = "    with torch.no_grad():\n" + indented(lines) + apply
	}
	b.WriteString(indented(text))
	fmt.Fprintf(&b, "        return %s\n", strings.Join(u.Results, ", "))
	return &python.Template{Name: u.Diagram.Name, Text: b.String()}
}

func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("    " + line)
	}
	return b.String()
}

// function is the autograd.Function of a unit that sends back by a program. What the
// program keeps is in buffers, which each way back changes.
func function(u *python.Unit) string {
	r := u.Reverse
	var b strings.Builder
	all := slices.Concat(r.Inputs, r.Results)
	taken := slices.Clone(all)
	for _, k := range r.Kept {
		taken = append(taken, k.Name)
	}
	fmt.Fprintf(&b, "class %sReverse(torch.autograd.Function):\n    \"\"\"What %s sends back.\"\"\"\n\n", python.MarkName, u.Diagram.Name)
	fmt.Fprintf(&b, "    @staticmethod\n    def forward(ctx, %s):\n        ctx.save_for_backward(%s)\n", strings.Join(taken, ", "), strings.Join(all, ", "))
	for _, k := range r.Kept {
		fmt.Fprintf(&b, "        ctx.%s = %[1]s\n", k.Name)
	}
	clones := make([]string, len(r.Results))
	for i, name := range r.Results {
		clones[i] = name + ".clone()"
	}
	fmt.Fprintf(&b, "        return %s\n\n    @staticmethod\n    def backward(ctx, %s):\n", strings.Join(clones, ", "), strings.Join(r.Sent, ", "))
	fmt.Fprintf(&b, "        %s = ctx.saved_tensors\n", strings.Join(all, ", ")+",")
	for _, k := range r.Kept {
		fmt.Fprintf(&b, "        %s = ctx.%[1]s.clone()\n", k.Name)
	}
	b.WriteString(r.Text)
	for _, k := range r.Kept {
		fmt.Fprintf(&b, "        %s(ctx.%s, %s)\n", u.Use("keep"), k.Name, k.Becomes)
	}
	fmt.Fprintf(&b, "        return %s\n\n\n", strings.Join(sentBack(u), ", "))
	return b.String()
}

// sentBack is what a program sends back to each argument of its function.
func sentBack(u *python.Unit) []string {
	r := u.Reverse
	var back []string
	i := 0
	for port, name := range r.Inputs {
		if r.IsPlace[port] {
			back = append(back, "None")
			continue
		}
		back = append(back, fmt.Sprintf("%s(%s, %s)", u.Use("given_back"), r.Back[i], name))
		i++
	}
	for range len(r.Results) + len(r.Kept) {
		back = append(back, "None")
	}
	return back
}
