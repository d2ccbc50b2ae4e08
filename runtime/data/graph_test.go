package data

import (
	"math"
	"slices"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

const allOfGraph = "features[node f], label[node] in, from[edge] in, to[edge] in, mask[node], norm[edge], train[node], validation[node], test[node]"

func floats(set *Set, column int) []float32 {
	return tensor.Elements[float32](set.Columns[column].Values)
}

// square.npz:
//
//	0 — 1
//	|   |
//	3 — 2
func TestGraph(t *testing.T) {
	got, err := Open(request(allOfGraph, "graph", "testdata/square", nil), Lookup{})
	if err != nil {
		t.Fatal(err)
	}
	want := "features[node:4 f:3], label[node:4] in 2, from[edge:12] in 4, to[edge:12] in 4, mask[node:4], norm[edge:12], train[node:4], validation[node:4], test[node:4]"
	if text := list(got.Train.Fields()); text != want || lengths(got) != [3]int{1, 1, 1} {
		t.Errorf("fields are %s, there are %v examples", text, lengths(got))
	}
	if f := floats(got.Train, 0); !slices.Equal(f, []float32{.5, 0, .5, 0, 1, 0, 0, 0, 0, 1, 0, 0}) {
		t.Errorf("features are %v", f)
	}
	if l := tensor.Elements[int32](got.Train.Columns[1].Values); !slices.Equal(l, []int32{0, 1, 0, 0}) {
		t.Errorf("labels are %v", l)
	}
	from, to := tensor.Elements[int32](got.Train.Columns[2].Values), tensor.Elements[int32](got.Train.Columns[3].Values)
	if !slices.Equal(from, []int32{0, 1, 1, 2, 2, 3, 0, 3, 0, 1, 2, 3}) || !slices.Equal(to, []int32{1, 0, 2, 1, 3, 2, 3, 0, 0, 1, 2, 3}) {
		t.Errorf("edges are from %v to %v", from, to)
	}
	for i, norm := range floats(got.Train, 5) { // each node has three edges, with its loop
		if math.Abs(float64(norm)-1./3) > 1e-6 {
			t.Errorf("the norm of edge %d is %v", i, norm)
		}
	}
	for i, set := range got.sets() {
		mask := make([]float32, 4)
		mask[i] = 1
		if !slices.Equal(floats(set, 4), mask) || !slices.Equal(floats(got.Train, 6+i), mask) {
			t.Errorf("split %d: the mask is %v, in the training set %v", i, floats(set, 4), floats(got.Train, 6+i))
		}
	}
}

func TestGraphOptions(t *testing.T) {
	got, err := Open(request(allOfGraph, "graph", "testdata/square.npz", map[string]any{"loops": false, "normalise": false}), Lookup{})
	if err != nil {
		t.Fatal(err)
	}
	if n := got.Train.Columns[2].Dims[0]; n != 8 || floats(got.Train, 5)[0] != 0.5 || floats(got.Train, 0)[0] != 1 {
		t.Errorf("%d edges, norm %v, feature %v", n, floats(got.Train, 5)[0], floats(got.Train, 0)[0])
	}
}

func TestBadGraph(t *testing.T) {
	good := map[string][]byte{
		"feat_shape": npy("<i4", []int{2}, []int32{2, 3}), "feat_indptr": npy("<i4", []int{3}, []int32{0, 1, 2}), "feat_indices": npy("<i4", []int{2}, []int32{0, 2}),
		"edges": npy("<i4", []int{1, 2}, []int32{0, 1}), "labels": npy("<i4", []int{2}, []int32{0, 1}), "split": npy("<i4", []int{2}, []int32{0, 2}),
	}
	for _, c := range []struct {
		name, array string
		file        []byte
		code        fault.Code
		want        string
	}{
		{"no labels", "labels", nil, fault.MissingData, `has no array "labels"`},
		{"a label less", "labels", npy("<i4", []int{1}, []int32{0}), fault.BadData, "has features of 2 nodes, labels of 1 and a split of 2"},
		{"an edge to nowhere", "edges", npy("<i4", []int{1, 2}, []int32{0, 2}), fault.BadData, `array "edges" has the value 2 at place 1, wanted are whole numbers from 0 to 1`},
		{"edges of three", "edges", npy("<i4", []int{1, 3}, []int32{0, 1, 0}), fault.BadData, "wanted are two nodes an edge"},
		{"a feature beyond all", "feat_indices", npy("<i4", []int{2}, []int32{0, 3}), fault.BadData, `array "feat_indices" has the value 3`},
		{"rows that go back", "feat_indptr", npy("<i4", []int{3}, []int32{0, 3, 2}), fault.BadData, "does not divide the 2 places"},
		{"rows that go on", "feat_indptr", npy("<i4", []int{3}, []int32{0, 1, 3}), fault.BadData, "does not divide the 2 places"},
		{"far more nodes", "feat_shape", npy("<i4", []int{2}, []int32{1 << 30, 1 << 30}), fault.BadData, "more than the limit"},
		{"another split", "split", npy("<i4", []int{2}, []int32{0, 3}), fault.BadData, `array "split" has the value 3`},
	} {
		t.Run(c.name, func(t *testing.T) {
			arrays := map[string][]byte{}
			for name, file := range good {
				arrays[name] = file
			}
			if arrays[c.array] = c.file; c.file == nil {
				delete(arrays, c.array)
			}
			at := Lookup{Under: files(t, map[string][]byte{"g.npz": npz(t, arrays)})}
			_, err := Open(request("features[node f], label[node] in", "graph", "g", nil), at)
			wantFault(t, err, c.code, c.want)
		})
	}
	_, err := Open(request("features[node f]", "graph", "nowhere", nil), Lookup{})
	wantFault(t, err, fault.MissingData, "nowhere: there is no such file")
}
