package onnx

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
)

// mostShared is how many times as many bytes the tensors of a model may take out of the
// files beside it as these hold.
const mostShared = 4

// Fill reads the numbers that lie in files beside a model into its tensors. Names of
// files are looked up in folder and must lie in it; a file is read once.
func Fill(m *Model, folder fs.FS) error {
	f := &filling{folder: folder, files: map[string][]byte{}}
	for _, t := range tensorsOf(m) {
		if len(t.External) == 0 {
			continue
		}
		if err := f.fill(t); err != nil {
			return fmt.Errorf("tensor `%s`: %w", t.Name, err)
		}
	}
	return nil
}

type filling struct {
	folder      fs.FS
	files       map[string][]byte
	held, taken int // bytes
}

func (f *filling) fill(t *Tensor) error {
	said := map[string]string{"offset": "0"}
	for _, e := range t.External {
		said[e.Key] = e.Value
	}
	b, err := f.file(said["location"])
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(said["offset"])
	if err != nil || from < 0 || from > len(b) {
		return fmt.Errorf("it begins at byte %s of %d of `%s`", said["offset"], len(b), said["location"])
	}
	length := len(b) - from
	if text, isSaid := said["length"]; isSaid {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > length {
			return fmt.Errorf("it takes %s bytes from byte %d on, and `%s` has %d", text, from, said["location"], len(b))
		}
		length = n
	}
	if f.taken += length; f.taken > mostShared*f.held {
		return fmt.Errorf("the same numbers of `%s` are taken too often", said["location"])
	}
	t.Raw, t.External = slices.Clip(b[from:from+length]), nil
	return nil
}

func (f *filling) file(name string) ([]byte, error) {
	if b, isRead := f.files[name]; isRead {
		return b, nil
	}
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("it is to be read from `%s`, which does not lie in the folder of the model", name)
	}
	file, err := f.folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	f.files[name] = b
	f.held += len(b)
	return b, nil
}

// tensorsOf lists the tensors of a model: its initializers, those of graphs that nodes
// hold, and the values of constants.
func tensorsOf(m *Model) []*Tensor {
	var list []*Tensor
	var visit func([]*Node)
	ofGraph := func(g *Graph) {
		list = append(list, g.Initializers...)
		visit(g.Nodes)
	}
	visit = func(nodes []*Node) {
		for _, n := range nodes {
			for _, a := range n.Attributes {
				if a.Tensor != nil {
					list = append(list, a.Tensor)
				}
				if a.Graph != nil {
					ofGraph(a.Graph)
				}
			}
		}
	}
	if m.Graph != nil {
		ofGraph(m.Graph)
	}
	for _, f := range m.Functions {
		visit(f.Nodes)
	}
	return list
}
