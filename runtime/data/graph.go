package data

import (
	"math"
	"slices"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// readGraph reads a graph whose nodes have features and labels, as one example.
//
// Source: Yang, Cohen and Salakhutdinov, Revisiting semi-supervised learning with
// graph embeddings, 2016, arXiv:1603.08861, for the splits of Cora and Citeseer;
// Kipf and Welling, Semi-supervised classification with graph convolutional
// networks, 2017, arXiv:1609.02907, for the norm of edges.
func readGraph(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil || from.isDir {
		if found, second := r.lookup.find(req.path() + ".npz"); second == nil {
			from, err = found, nil
		}
	}
	if err != nil {
		return nil, err
	}
	file, err := r.arrays(from)
	if err != nil {
		return nil, err
	}
	g, err := decodeGraph(file, req)
	if err != nil {
		return nil, err
	}
	return g.splits(), nil
}

// graph is what a file says of a graph.
type graph struct {
	features *tensor.Tensor // [node f]
	labels   []int32        // -1 where a node has none
	split    []int32        // of each node: 0 to train, 1 to validate, 2 to test on, -1 neither
	from, to []int32        // the nodes of each edge
}

// decodeGraph takes the arrays of a graph: feat_shape, and of the places of ones in
// the features feat_indptr and feat_indices, row by row; edges, each once; labels;
// and split.
func decodeGraph(file *arrays, req Request) (*graph, error) {
	features, err := graphFeatures(file, req.truth("normalise"))
	if err != nil {
		return nil, err
	}
	nodes := features.Dims[0]
	g := &graph{features: features}
	if g.labels, err = file.integers("labels", -1, mostPlaces); err != nil {
		return nil, err
	}
	if g.split, err = file.integers("split", -1, 3); err != nil {
		return nil, err
	}
	if len(g.labels) != nodes || len(g.split) != nodes {
		return nil, file.bad("has features of %d nodes, labels of %d and a split of %d", nodes, len(g.labels), len(g.split))
	}
	return g, g.decodeEdges(file, req.truth("loops"))
}

// graphFeatures makes the features dense, [node f].
func graphFeatures(file *arrays, normalise bool) (*tensor.Tensor, error) {
	shape, err := file.integers("feat_shape", 0, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	if len(shape) != 2 {
		return nil, file.bad("array \"feat_shape\" has %d numbers, wanted are nodes and features", len(shape))
	}
	nodes, width := int(shape[0]), int(shape[1])
	if err := file.limits.afford(file.from.shown, tensor.Float32, nodes, width); err != nil {
		return nil, err
	}
	rows, err := file.integers("feat_indptr", 0, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	ones, err := file.integers("feat_indices", 0, width)
	if err != nil {
		return nil, err
	}
	if len(rows) != nodes+1 || rows[0] != 0 || int(rows[nodes]) != len(ones) || !slices.IsSorted(rows) {
		return nil, file.bad("array \"feat_indptr\" does not divide the %d places of \"feat_indices\" among %d nodes", len(ones), nodes)
	}
	values := make([]float32, nodes*width)
	for node := range nodes {
		row := ones[rows[node]:rows[node+1]]
		one := float32(1)
		if normalise {
			one /= float32(len(row))
		}
		for _, f := range row {
			values[node*width+int(f)] = one
		}
	}
	return tensor.Of(values, nil, nodes, width), nil
}

// decodeEdges reads each edge in both directions, and behind them the loops.
func (g *graph) decodeEdges(file *arrays, loops bool) error {
	edges, err := file.array("edges", 2)
	if err != nil {
		return err
	}
	nodes := len(g.labels)
	if edges, err = file.wholeNumbers("edges", edges, 0, nodes); err != nil {
		return err
	}
	if edges.Dims[1] != 2 {
		return file.bad("array \"edges\" has the shape %v, wanted are two nodes an edge", edges.Dims)
	}
	for pair := range slices.Chunk(tensor.Elements[int32](edges), 2) {
		g.from = append(g.from, pair[0], pair[1])
		g.to = append(g.to, pair[1], pair[0])
	}
	if loops {
		for node := range int32(nodes) {
			g.from, g.to = append(g.from, node), append(g.to, node)
		}
	}
	if len(g.from) == 0 {
		return fault.New(fault.BadData, file.from.shown, "has no edges")
	}
	return nil
}

// norm is 1/√(degree of from · degree of to) of each edge.
func (g *graph) norm() []float32 {
	degree := make([]float64, len(g.labels))
	for _, node := range g.to {
		degree[node]++
	}
	norm := make([]float32, len(g.from))
	for i := range norm {
		norm[i] = float32(1 / math.Sqrt(degree[g.from[i]]*degree[g.to[i]]))
	}
	return norm
}

// mask is 1 at the labelled nodes of a split.
func (g *graph) mask(split int32) *tensor.Tensor {
	mask := make([]float32, len(g.split))
	for i, s := range g.split {
		if s == split && g.labels[i] >= 0 {
			mask[i] = 1
		}
	}
	return tensor.Of(mask, nil, 1, len(mask))
}

// splits are three sets of the same example, which differ in its mask.
func (g *graph) splits() *Splits {
	labels := make([]int32, len(g.labels))
	for i, l := range g.labels {
		labels[i] = max(l, 0)
	}
	one := func(data []int32) *tensor.Tensor { return tensor.Of(data, nil, 1, len(data)) }
	features := tensor.Of(tensor.Elements[float32](g.features), nil, append([]int{1}, g.features.Dims...)...)
	train, validation, test := g.mask(0), g.mask(1), g.mask(2)
	node, edge := []string{"node"}, []string{"edge"}
	columns := []Column{
		numbers("features", []string{"node", "f"}, features, 1),
		places("label", node, one(labels), int(slices.Max(labels))+1),
		places("from", edge, one(g.from), len(labels)),
		places("to", edge, one(g.to), len(labels)),
		numbers("mask", node, train, 1),
		numbers("norm", edge, tensor.Of(g.norm(), nil, 1, len(g.from)), 1),
		numbers("train", node, train, 1),
		numbers("validation", node, validation, 1),
		numbers("test", node, test, 1),
	}
	masked := func(mask *tensor.Tensor) *Set {
		own := slices.Clone(columns)
		own[4].Values = mask
		return &Set{own}
	}
	return &Splits{Train: masked(train), Validation: masked(validation), Test: masked(test)}
}
