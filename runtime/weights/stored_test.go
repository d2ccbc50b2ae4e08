package weights

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// pretrained writes a file with an encoder of two layers and a head.
func pretrained(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	arrays := map[string]*tensor.Tensor{
		"encoder.0.weight": tensor.New(tensor.Float32, []string{"pixel", "m"}, 4, 3),
		"encoder.1.weight": tensor.New(tensor.Float32, []string{"m", "m'"}, 3, 3),
		"head.weight":      tensor.New(tensor.Float32, []string{"m", "class"}, 3, 2),
		"head.bias":        tensor.New(tensor.Float32, []string{"class"}, 2),
	}
	write := func() error { return Write(path, &File{Tensors: arrays}) }
	if filepath.Ext(name) == ".npz" {
		write = func() error { return WriteArrays(path, arrays) }
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	return path
}

func readMappings(t *testing.T, texts ...string) []Mapping {
	t.Helper()
	var list []Mapping
	for _, text := range texts {
		m, err := ReadMapping(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

func TestMappingsTakePartsOfAFile(t *testing.T) {
	cases := []struct {
		name string
		maps []string
		want []string
	}{
		{"all of it", nil, []string{"encoder.0.weight", "encoder.1.weight", "head.bias", "head.weight"}},
		{"a part", []string{"encoder=body.encoder"}, []string{"body.encoder.0.weight", "body.encoder.1.weight"}},
		{"one array", []string{"head.bias=last.shift"}, []string{"last.shift"}},
		{"a beginning taken off", []string{"encoder="}, []string{"0.weight", "1.weight"}},
		{"a beginning put on", []string{"=old"}, []string{"old.encoder.0.weight", "old.encoder.1.weight", "old.head.bias", "old.head.weight"}},
		{"a word that varies", []string{"encoder.*=layer.*.map"}, []string{"layer.0.map.weight", "layer.1.map.weight"}},
		{"the first that fits", []string{"encoder.1=second", "encoder=rest", "="}, []string{"head.bias", "head.weight", "rest.0.weight", "second.weight"}},
	}
	for _, file := range []string{"w.safetensors", "w.npz"} {
		path := pretrained(t, file)
		for _, c := range cases {
			t.Run(file+" "+c.name, func(t *testing.T) {
				s, err := ReadStored(path, readMappings(t, c.maps...)...)
				if err != nil {
					t.Fatal(err)
				}
				got := (&File{Tensors: s.Arrays}).Paths()
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestMappingsThatSayNothing(t *testing.T) {
	for text, want := range map[string]string{
		"encoder":      "`encoder` is no pair, OLD=NEW",
		"encoder.=net": "`encoder.` has a dot without a word beside it",
		"a.*.b=c":      "`a.*.b=c` has 1 `*` before the `=` and 0 behind it, and needs as many",
	} {
		if _, err := ReadMapping(text); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestMappingsThatFitNoFile(t *testing.T) {
	path := pretrained(t, "w.safetensors")
	cases := []struct {
		maps       []string
		want, help string
	}{
		{[]string{"encodre=net"}, "`--map encodre=net` is about no array: no path in the file begins with `encodre`", "did you mean `encoder`?"},
		{[]string{"generator=net"}, "no path in the file begins with `generator`", "paths begin with `encoder`, `head`"},
		{[]string{"head.bias="}, "`--map head.bias=` leaves nothing of the path `head.bias`", "say behind the `=` what the model calls it"},
		{[]string{"encoder.0=one", "encoder.1=one"}, "`encoder.0.weight` and `encoder.1.weight` would both be `one.weight`", "of several --map the first that fits an array holds"},
	}
	for _, c := range cases {
		_, err := ReadStored(path, readMappings(t, c.maps...)...)
		wantFault(t, err, fault.BadWeights, c.want)
		if f := fault.As(err); f != nil && f.Help != c.help {
			t.Errorf("%v: got the help %q, want %q", c.maps, f.Help, c.help)
		}
	}
}

// A part that a mapping leads to must be whole, and what is told has the names of both
// sides.
func TestPartsAreHeldByName(t *testing.T) {
	model := []Want{
		{"net.0.weight", []string{"pixel", "n"}, []int{4, 5}},
		{"net.0.bias", []string{"n"}, []int{5}},
		{"last.weight", []string{"class", "m"}, []int{2, 3}},
	}
	s, err := ReadStored(pretrained(t, "w.safetensors"), readMappings(t, "encoder=net", "head=last")...)
	if err != nil {
		t.Fatal(err)
	}
	err = s.HoldParts(model)
	for _, want := range []string{
		"`net.0.weight` is [pixel:4 m:3] in the file, as `encoder.0.weight`, the model wants [pixel:4 n:5]",
		"`net.0.bias` [n:5] is not in the file",
		"`last.weight` is [m:3 class:2] in the file, as `head.weight`, the model wants [class:2 m:3]",
		"`encoder.1.weight` [m:3 m':3] would be `net.1.weight`, and the model has no such weight",
		"`head.bias` [class:2] would be `last.bias`, and the model has no such weight",
	} {
		wantFault(t, err, fault.BadWeights, want)
	}
}

func TestOnlyThePartsAreWanted(t *testing.T) {
	model := []Want{
		{"net.0.weight", nil, []int{4, 3}},
		{"net.1.weight", nil, []int{3, 3}},
		{"other.weight", nil, []int{7}},
	}
	s, err := ReadStored(pretrained(t, "w.safetensors"), readMappings(t, "encoder=net")...)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.HoldParts(model); err != nil {
		t.Errorf("got %v, want no fault", err)
	}
	wantFault(t, s.Hold(model), fault.BadWeights, "`other.weight` [7] is not in the file")
	elsewhere := slices.Clone(model[2:])
	wantFault(t, s.HoldParts(elsewhere), fault.BadWeights, "`--map encoder=net` leads nowhere: no weight of the model begins with `net`")
}

func TestStoredSaysWhatItIs(t *testing.T) {
	s, err := ReadStored(pretrained(t, "w.npz"), readMappings(t, "encoder = net")...)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Maps(); !slices.Equal(got, []string{"encoder=net"}) {
		t.Errorf("got %v", got)
	}
	if digest, err := s.Digest(); err != nil || len(digest) != 64 {
		t.Errorf("got %q, %v", digest, err)
	}
}
