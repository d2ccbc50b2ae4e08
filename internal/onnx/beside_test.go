package onnx

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestFill(t *testing.T) {
	folder := fstest.MapFS{"w.bin": {Data: []byte("0123456789")}}
	cases := []struct {
		name     string
		external []Entry
		want     string // what is read, or a part of what is told
	}{
		{"a part of a file", []Entry{{"location", "w.bin"}, {"offset", "2"}, {"length", "4"}}, "2345"},
		{"a file to its end", []Entry{{"location", "w.bin"}, {"offset", "8"}}, "89"},
		{"a file that is not there", []Entry{{"location", "v.bin"}}, "v.bin"},
		{"a file outside of the folder", []Entry{{"location", "../w.bin"}}, "does not lie in the folder"},
		{"a file by its full path", []Entry{{"location", "/etc/passwd"}}, "does not lie in the folder"},
		{"no file", nil, ""},
		{"more than the file holds", []Entry{{"location", "w.bin"}, {"offset", "8"}, {"length", "4"}}, "takes 4 bytes"},
		{"before the file", []Entry{{"location", "w.bin"}, {"offset", "-1"}}, "begins at byte -1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			x := &Tensor{Name: "w", External: c.external}
			err := Fill(&Model{Graph: &Graph{Initializers: []*Tensor{x}}}, folder)
			if err != nil && (len(x.Raw) > 0 || !strings.Contains(err.Error(), c.want)) || err == nil && string(x.Raw) != c.want {
				t.Errorf("got %q and %v, want %q", x.Raw, err, c.want)
			}
		})
	}
}

// TestFillIsBounded holds that a small model cannot ask for the same bytes without end.
func TestFillIsBounded(t *testing.T) {
	folder := fstest.MapFS{"w.bin": {Data: make([]byte, 100)}}
	var nodes []*Node
	for range 10 {
		x := &Tensor{External: []Entry{{"location", "w.bin"}}}
		nodes = append(nodes, &Node{Op: "Constant", Attributes: []*Attribute{{Name: "value", Type: TensorAttribute, Tensor: x}}})
	}
	err := Fill(&Model{Graph: &Graph{}, Functions: []*Function{{Nodes: nodes}}}, folder)
	if err == nil || !strings.Contains(err.Error(), "too often") {
		t.Errorf("got %v", err)
	}
}
