package data

import (
	"slices"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

func openSpikes(t *testing.T, arrays map[string][]byte, named map[string]any) (*Splits, error) {
	t.Helper()
	arrays["y"] = npy("|u1", []int{2}, []uint8{1, 0})
	at := Lookup{Under: files(t, map[string][]byte{"set/a.npz": npz(t, arrays), "set/about.txt": nil})}
	return Open(request("x[t channel], label in", "spikes", "set", named), at)
}

// trial is the spikes of the example with a label.
func trial(set *Set, label float64) []float32 {
	for i := range set.Len() {
		if set.Columns[1].Values.At(i) == label {
			return tensor.Elements[float32](set.Columns[0].Values.Rows(i, i+1))
		}
	}
	return nil
}

func TestSpikesOfLevels(t *testing.T) {
	// The first trial rises from 10 to 15 and falls to 13; the second stays.
	levels := map[string][]byte{"x": npy("|u1", []int{2, 4, 1}, []uint8{10, 11, 15, 13, 7, 7, 8, 7})}
	for _, c := range []struct {
		name  string
		named map[string]any
		want  string
		first []float32
	}{
		{"a channel up and one down", map[string]any{"test": 0.0}, "x[t:4 channel:2], label in 2", []float32{0, 0, 0, 0, 2, 0, 0, 0}},
		{"a threshold of one", map[string]any{"test": 0.0, "threshold": 1.0}, "x[t:4 channel:2], label in 2", []float32{0, 0, 1, 0, 4, 0, 0, 2}},
		{"fewer steps", map[string]any{"test": 0.0, "threshold": 1.0, "steps": 2.0}, "x[t:2 channel:2], label in 2", []float32{1, 0, 4, 2}},
		{"the levels themselves", map[string]any{"test": 0.0, "threshold": 0.0, "steps": 2.0}, "x[t:2 channel:1], label in 2", []float32{10.5 / 255, 14. / 255}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := openSpikes(t, levels, c.named)
			if err != nil {
				t.Fatal(err)
			}
			if text := list(got.Train.Fields()); text != c.want {
				t.Errorf("fields are %s, want %s", text, c.want)
			}
			spikes := trial(got.Train, 1)
			for i, v := range spikes {
				if len(spikes) != len(c.first) || v-c.first[i] > 1e-6 || c.first[i]-v > 1e-6 {
					t.Fatalf("spikes are %v, want %v", spikes, c.first)
				}
			}
		})
	}
}

func TestSpikesOfEvents(t *testing.T) {
	got, err := openSpikes(t, map[string][]byte{
		"example": npy("<i8", []int{4}, []int64{0, 0, 1, 0}),
		"time":    npy("<f8", []int{4}, []float64{0, 0.3, 0.5, 1}),
		"channel": npy("<i4", []int{4}, []int32{0, 0, 2, 1}),
	}, map[string]any{"steps": 2.0, "test": 0.0})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "x[t:2 channel:3], label in 2" {
		t.Errorf("fields are %s", text)
	}
	if first, second := trial(got.Train, 1), trial(got.Train, 0); !slices.Equal(first, []float32{2, 0, 0, 0, 1, 0}) || !slices.Equal(second, []float32{0, 0, 0, 0, 0, 1}) {
		t.Errorf("spikes are %v and %v", first, second)
	}
}

func TestBadSpikes(t *testing.T) {
	event := func(example int32, time float32) map[string][]byte {
		return map[string][]byte{"example": npy("<i4", []int{1}, example), "time": npy("<f4", []int{1}, time), "channel": npy("<i4", []int{1}, int32(0))}
	}
	for _, c := range []struct {
		name   string
		arrays map[string][]byte
		named  map[string]any
		code   fault.Code
		want   string
	}{
		{"neither levels nor events", map[string][]byte{}, nil, fault.MissingData, `has no array "example"; it has y`},
		{"a trial less", map[string][]byte{"x": npy("|u1", []int{1, 2, 2}, []uint8{1, 2, 3, 4})}, nil, fault.BadData, "for 2 labels and 2 steps"},
		{"more steps than samples", map[string][]byte{"x": npy("|u1", []int{2, 1, 1}, []uint8{1, 2})}, map[string]any{"steps": 2.0}, fault.BadData, "for 2 labels and 2 steps"},
		{"an event of no example", event(2, 0), nil, fault.BadData, `array "example" has the value 2`},
		{"an event before time", event(0, -1), nil, fault.BadData, `array "time" has the value -1`},
		{"far too many steps", event(0, 1), map[string]any{"steps": 2e9}, fault.BadData, "more than the limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := openSpikes(t, c.arrays, c.named)
			wantFault(t, err, c.code, c.want)
		})
	}
	_, err := Open(request("x[t channel], label in", "spikes", "set", nil), Lookup{Under: files(t, map[string][]byte{"set/a.npz": nil, "set/b.npz": nil})})
	wantFault(t, err, fault.MissingData, "holds 2 files *.npz, wanted is one")
}
