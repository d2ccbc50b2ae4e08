package jax

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/internal/export"
)

func refuseMesh(message string) []source.Diagnostic {
	return []source.Diagnostic{{Code: export.BadMesh, Message: message}}
}

// holdMesh holds that each axis that is to be spread is an axis of the data, of weights
// or states, and that the devices divide its size.
func holdMesh(m *export.Mesh, d *diagram.Diagram) []source.Diagnostic {
	var said []source.Diagnostic
	for _, p := range m.Shard {
		devices := m.Axes[slices.IndexFunc(m.Axes, func(a export.MeshAxis) bool { return a.Name == p.Along })].Size
		sizes, labels := sizesAlong(d, p.Label)
		if len(sizes) == 0 {
			refused := refuseMesh(fmt.Sprintf("neither data nor weights have an axis `%s` to be laid along `%s`", p.Label, p.Along))
			if near := source.Nearest(p.Label, labels); near != "" {
				refused[0].Help = []string{"did you mean `" + near + "`?"}
			}
			said = append(said, refused...)
		}
		for _, n := range sizes {
			if n%devices != 0 {
				said = append(said, refuseMesh(fmt.Sprintf("axis `%s` has size %d, which is no multiple of the %d devices along `%s`", p.Label, n, devices, p.Along))...)
			}
		}
	}
	return said
}

// sizesAlong are the sizes that axes of a label have in what a step takes, and all
// labels there are.
func sizesAlong(d *diagram.Diagram, label string) (sizes []int, labels []string) {
	visit := func(axes shape.Shape) {
		for _, a := range axes {
			if n, _ := a.Size.Int(); a.Label == label && !slices.Contains(sizes, n) {
				sizes = append(sizes, n)
			}
			if !slices.Contains(labels, a.Label) {
				labels = append(labels, a.Label)
			}
		}
	}
	for _, w := range d.In {
		visit(w.Type.Axes)
	}
	for _, s := range d.States {
		visit(s.In.Type.Axes)
	}
	return sizes, labels
}

func meshSettings(b *strings.Builder, m *export.Mesh) {
	var axes, shard []string
	for _, a := range m.Axes {
		axes = append(axes, fmt.Sprintf("%q: %d", a.Name, a.Size))
	}
	for _, p := range m.Shard {
		shard = append(shard, fmt.Sprintf("%q: %q", p.Label, p.Along))
	}
	fmt.Fprintf(b, "\n# Devices along each axis of the mesh, and which axes lie along which.\nMESH = {%s}\nSHARD = {%s}\n", strings.Join(axes, ", "), strings.Join(shard, ", "))
}
