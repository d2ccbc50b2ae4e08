package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Mesh is devices in a grid, and which axes of the program lie along which axis of
// it.
type Mesh struct {
	Axes  []MeshAxis
	Shard []Placement
}

// MeshAxis is an axis of the grid.
type MeshAxis struct {
	Name string
	Size int
}

// Placement lays an axis of the program along an axis of the grid.
type Placement struct {
	Label string // of the program's axis
	Along string // the mesh axis
}

// Along is the mesh axis that a label lies along, or "".
func (m *Mesh) Along(label string) string {
	i := slices.IndexFunc(m.Shard, func(p Placement) bool { return p.Label == label })
	if i < 0 {
		return ""
	}
	return m.Shard[i].Along
}

// ReadMesh reads `data=8,model=2` and `batch:data,h:model`. Its error says what is
// wrong with them.
func ReadMesh(mesh, shard string) (*Mesh, error) {
	m := &Mesh{}
	for word := range strings.SplitSeq(mesh, ",") {
		name, size, isPair := strings.Cut(strings.TrimSpace(word), "=")
		n, err := strconv.Atoi(size)
		if !isPair || err != nil || n < 1 || name == "" {
			return nil, fmt.Errorf("`--mesh %s`: `%s` is no NAME=DEVICES", mesh, word)
		}
		m.Axes = append(m.Axes, MeshAxis{name, n})
	}
	if shard == "" {
		return m, nil
	}
	for word := range strings.SplitSeq(shard, ",") {
		label, along, isPair := strings.Cut(strings.TrimSpace(word), ":")
		if !isPair || label == "" {
			return nil, fmt.Errorf("`--shard %s`: `%s` is no AXIS:MESHAXIS", shard, word)
		}
		if !slices.ContainsFunc(m.Axes, func(a MeshAxis) bool { return a.Name == along }) {
			return nil, fmt.Errorf("`--shard %s`: the mesh has no axis `%s`", shard, along)
		}
		m.Shard = append(m.Shard, Placement{label, along})
	}
	return m, nil
}
