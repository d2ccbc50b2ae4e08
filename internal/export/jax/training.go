package jax

import (
	_ "embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/internal/export"
	"ncd/internal/export/python"
)

var (
	//go:embed loop.py
	loopText string
	//go:embed mesh.py
	meshText string
	//go:embed alone.py
	aloneText string
)

// writeTraining writes a train block: its step and the loop around it.
func writeTraining(to io.Writer, r *export.Request) error {
	step, said := learn.Step(r.Training)
	if errors := slices.DeleteFunc(said, func(d source.Diagnostic) bool { return d.Severity != source.Error }); len(errors) > 0 {
		return &export.Refusal{Said: errors}
	}
	if r.Mesh != nil {
		if said := holdMesh(r.Mesh, step); len(said) > 0 {
			return &export.Refusal{Said: said}
		}
	}
	used, refused := map[string]bool{"drawn": true}, &export.Refusal{}
	dialect := python.JAX()
	text := stepText(step, python.NewLines(dialect, used, refused))
	if err := refused.Err(); err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, trainingHeader, r.Training.Name, r.File)
	settings(&b, r.Training, step, r.Mesh)
	for _, part := range dialect.Helpers(used) {
		b.WriteString("\n\n" + part + "\n")
	}
	b.WriteString("\n\n" + text)
	between := aloneText
	if r.Mesh != nil {
		between = meshText
	}
	for _, part := range []string{between, loopText} {
		_, code, _ := strings.Cut(part, "\n\n\n")
		b.WriteString("\n\n" + code)
	}
	_, err := io.WriteString(to, b.String())
	return err
}

const trainingHeader = `"""Training of %s, written by ncd export from %s.

step() is one step of training: weights, states and a batch to new weights, new states and
reports. The axes of each array stand behind its line. Weights are a dictionary by ncd's
paths. Draws of chance and the order of examples are those of ncd train, so that a run
follows it step by step. The arrays of --data are those that ncd export --to npz writes.
"""
import argparse
import json
import math

import jax
import jax.numpy as jnp
import numpy
`

// settings writes what the loop has to know of the block.
func settings(b *strings.Builder, t *diagram.Training, step *diagram.Diagram, mesh *export.Mesh) {
	fmt.Fprintf(b, "\nBATCH = %d  # examples in a step\nSEED = %d  # of all chance\n", t.Batch, t.Seed)
	total, _ := t.TotalSteps()
	fmt.Fprintf(b, "STEPS = %d  # of the whole run\n", total)
	b.WriteString("\n# Weights by path: their axes, their sizes, how their first values are drawn, by how much, and the name of the draw.\nWEIGHTS = {\n")
	for _, s := range step.States {
		if s.Weight != nil {
			first := s.Weight.First()
			fmt.Fprintf(b, "    %q: (%s, %s, %q, %s, %q),\n", s.Path, labelsOf(s.Weight.Axes), sizesOf(s.Weight.Axes), first.Init.Kind, python.Literal(scaleOf(first.Init)), first.Path+"\x00"+first.Init.Stream)
		}
	}
	b.WriteString("}\n\n# States by path: their axes, their sizes, and the number that each begins with. Those that are kept are saved with the weights.\nSTATES = {\n")
	var kept []string
	for _, s := range step.States {
		if s.Weight == nil {
			fmt.Fprintf(b, "    %q: (%s, %s, %s),\n", s.Path, labelsOf(s.In.Type.Axes), sizesOf(s.In.Type.Axes), python.Literal(s.Init))
			if s.Kept {
				kept = append(kept, fmt.Sprintf("%q", s.Path))
			}
		}
	}
	fmt.Fprintf(b, "}\nKEPT = [%s]\n\n# What a batch has: axes, sizes.\nFIELDS = {\n", strings.Join(kept, ", "))
	for _, w := range step.In {
		fmt.Fprintf(b, "    %q: (%s, %s),\n", w.Name, labelsOf(w.Type.Axes), sizesOf(w.Type.Axes))
	}
	b.WriteString("}\n")
	if mesh != nil {
		meshSettings(b, mesh)
	}
}

// scaleOf is how much first values are drawn by.
func scaleOf(i diagram.Init) float64 {
	if len(i.FanIn) == 0 {
		return i.Scale
	}
	places, _ := i.FanIn.Places().Int()
	return i.Scale / math.Sqrt(float64(places))
}

func labelsOf(axes shape.Shape) string {
	words := make([]string, len(axes))
	for i, a := range axes {
		words[i] = fmt.Sprintf("%q,", a.Label)
	}
	return "(" + strings.Join(words, " ") + ")"
}

func sizesOf(axes shape.Shape) string {
	words := make([]string, len(axes))
	for i, a := range axes {
		words[i] = a.Size.String() + ","
	}
	return "(" + strings.Join(words, " ") + ")"
}

// stepText is the function of the flat diagram of a step.
func stepText(d *diagram.Diagram, l *python.Lines) string {
	l.Indent = "    "
	l.Put(`"""Step number (from 0) of training: weights, states and a batch to new ones, and reports."""`)
	for _, w := range d.In {
		name := l.Name(w.Name)
		l.Put("%s = batch[%q]  # %s", name, w.Name, w.Type)
		l.Bind(w, name, false)
	}
	for _, s := range d.States {
		name, from := l.Name(s.Path), "s"
		if s.Weight != nil {
			from = "w"
		}
		l.Put("%s = %s[%q]  # %s", name, from, s.Path, s.In.Type)
		l.Bind(s.In, name, false)
	}
	for _, b := range d.Boxes {
		l.Box(b, func(w *diagram.Weight) string { return fmt.Sprintf("w[%q]", w.Path) }, func(b *diagram.Box) string { return draw(l, b) })
	}
	isWeight := func(s *diagram.State) bool { return s.Weight != nil }
	l.Put("w = {")
	entries(l, d.States, isWeight)
	l.Put("}\n    s = {")
	entries(l, d.States, func(s *diagram.State) bool { return !isWeight(s) })
	l.Put("}")
	var reports []string
	for _, w := range d.Out {
		reports = append(reports, fmt.Sprintf("%q: %s", w.Name, l.Value(w)))
	}
	l.Put("return w, s, {%s}", strings.Join(reports, ", "))
	return "def step(w, s, batch, number, seed=SEED):\n" + l.Text.String()
}

func entries(l *python.Lines, states []*diagram.State, isOf func(*diagram.State) bool) {
	for _, s := range states {
		if isOf(s) {
			l.Put("    %q: %s,", s.Path, l.Value(s.Out))
		}
	}
}

// draw is a draw of our generator, for each place of what is drawn in its order. The
// runs of a plan are counted from 1; what is drawn once is of run 0.
func draw(l *python.Lines, b *diagram.Box) string {
	op := b.Op.(diagram.Random)
	stream, number := op.Stream, "number + 1"
	if op.Fixed {
		stream, number = "\x00"+op.Stream, "0"
	}
	return fmt.Sprintf("%s(%q, %s, %s, seed, %q, %s)", l.Use("drawn"), op.Distribution, python.Literal(op.Scale), sizesOf(b.Out[0].Type.Axes), stream, number)
}
