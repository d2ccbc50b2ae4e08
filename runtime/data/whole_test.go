package data

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ncd/runtime/tensor"
)

// field reads a field as a data clause writes it: image[row col:3], label in class.
// An axis with a number is held to it.
func field(text string) Field {
	name, isPlaces := strings.CutSuffix(text, " in")
	f := Field{Name: name, IsPlaces: isPlaces}
	before, axes, found := strings.Cut(name, "[")
	if !found {
		return f
	}
	f.Name = before
	for axis := range strings.FieldsSeq(strings.TrimSuffix(axes, "]")) {
		size := 0
		label, given, _ := strings.Cut(axis, ":")
		fmt.Sscan(given, &size)
		f.Axes, f.Dims = append(f.Axes, label), append(f.Dims, size)
	}
	return f
}

// request is a data clause; fields are as field reads them, with commas.
func request(fields, source, path string, named map[string]any) Request {
	r := Request{Source: source, Named: named}
	if path != "" {
		r.Args = []any{path}
	}
	for text := range strings.SplitSeq(fields, ", ") {
		r.Fields = append(r.Fields, field(text))
	}
	return r
}

// shared is the folder of the whole sets; without it the test is skipped.
func shared(t *testing.T) Lookup {
	folder := os.Getenv("NCD_SHARED")
	if folder == "" {
		t.Skip("NCD_SHARED does not say where the data sets are")
	}
	return Lookup{Under: filepath.Join(folder, "data")}
}

// The sets as their authors publish them, where they are at hand.
func TestWholeSets(t *testing.T) {
	at := shared(t)
	type options = map[string]any
	for _, c := range []struct {
		fields, source, path string
		named                options
		want                 string
		counts               [3]int // training, validation, test
	}{
		{"tokens[s:64] in, next[s] in", "characters", "text/tinyshakespeare/input.txt", options{"context": 64.0},
			"tokens[s:64] in 65, next[s:64] in 65", [3]int{1003791, 0, 1742}},
		{"tokens[s] in, next[s] in", "characters", "text/tinyshakespeare/input.txt", options{"context": 256.0, "validation": 0.1},
			"tokens[s:256] in 65, next[s:256] in 65", [3]int{903213, 392, 435}},
		{"image[row col c], label in", "cifar", "images/cifar10-lossless1k/data_batch_1_first1000.bin.gz", nil, "image[row:32 col:32 c:3], label in 10", [3]int{1000, 0, 0}},
		{"image[row col c], label in", "cifar", "images/cifar10-lossless1k", options{"validation": 0.1}, "image[row:32 col:32 c:3], label in 10", [3]int{900, 100, 0}},
		{"image[row col c], label in", "cifar", "images/cifar10-jpeg", nil, "image[row:32 col:32 c:3], label in 10", [3]int{50000, 0, 10000}},
		{"image[row col], label in", "images", "images/omniglot-small/images_background_small1.zip", options{"size": 28.0}, "image[row:28 col:28], label in 136", [3]int{2176, 0, 544}},
		{"image[row col], label[row col] in", "images", "images/membrane-seg", options{"crop": 256.0, "validation": 0.1}, "image[row:256 col:256], label[row:256 col:256] in 2", [3]int{88, 8, 24}},
		{"image[row col], label[row col] in", "images", "images/membrane-seg", options{"size": 128.0}, "image[row:128 col:128], label[row:128 col:128] in 2", [3]int{24, 0, 6}},
		{"features[t mel], label in, speaker in", "wav", "speech/fsdd", nil, "features[t:227 mel:40], label in 10, speaker in 6", [3]int{2700, 0, 300}},
		{"features[t mel], label in", "wav", "speech/fsdd", options{"frames": 50.0, "mels": 20.0, "rate": 4000.0, "validation": 0.1}, "features[t:50 mel:20], label in 10", [3]int{2430, 270, 300}},
		{"features[node f], label[node] in, from[edge] in, to[edge] in, mask[node]", "graph", "graphs/cora", nil,
			"features[node:2708 f:1433], label[node:2708] in 7, from[edge:13264] in 2708, to[edge:13264] in 2708, mask[node:2708]", [3]int{1, 1, 1}},
		{"features[node f], label[node] in, from[edge] in, norm[edge]", "graph", "graphs/citeseer.npz", options{"loops": false},
			"features[node:3327 f:3703], label[node:3327] in 6, from[edge:9104] in 3327, norm[edge:9104]", [3]int{1, 1, 1}},
		{"x[t channel], label in", "spikes", "spiking/braille", nil, "x[t:76 channel:24], label in 27", [3]int{1080, 0, 270}},
		{"x[t channel], label in", "spikes", "spiking/braille/braille.npz", options{"threshold": 0.0, "steps": 38.0}, "x[t:38 channel:12], label in 27", [3]int{1080, 0, 270}},
		{"x[t channel], y in", "npz", "spiking/braille/braille.npz", options{"unit": 255.0}, "x[t:76 channel:12], y in 27", [3]int{1080, 0, 270}},
		{"x[t channel], label in, mask[t], length[]", "ucr", "timeseries/ucr/JapaneseVowels", nil, "x[t:29 channel:12], label in 9, mask[t:29], length[]", [3]int{270, 0, 370}},
		{"x[t channel], label in", "ucr", "timeseries/ucr/BasicMotions", nil, "x[t:100 channel:6], label in 4", [3]int{40, 0, 40}},
		{"x[t], label in", "ucr", "timeseries/ucr/GunPoint", options{"validation": 0.2}, "x[t:150], label in 2", [3]int{40, 10, 150}},
		{"x[t], label in", "ucr", "timeseries/ucr/ArrowHead", nil, "x[t:251], label in 3", [3]int{36, 0, 175}},
		{"tokens[s] in, label in, mask[s]", "words", "text/sst2", options{"length": 40.0}, "tokens[s:40] in 13840, label in 2, mask[s:40]", [3]int{6920, 872, 1821}},
		{"tokens[s] in, next[s] in", "words", "text/wikitext-2/valid.txt.gz", options{"context": 35.0, "vocabulary": 5000.0}, "tokens[s:35] in 5000, next[s:35] in 5000", [3]int{195846, 0, 621}},
		{"x[f], y[]", "csv", "tabular/uci-regression/concrete/data.txt", options{"separator": " ", "header": false, "scale": true}, "x[f:8], y[]", [3]int{824, 0, 206}},
		{"x[f], y[]", "csv", "tabular/uci-regression/naval-propulsion-plant/data.txt.gz", options{"separator": " ", "header": false}, "x[f:17], y[]", [3]int{9547, 0, 2387}},
		{"x[f], label in", "csv", "tabular/small/sonar.csv", options{"header": false, "validation": 0.1}, "x[f:60], label in 2", [3]int{149, 17, 42}},
		{"x[f], label in", "csv", "tabular/sklearn/iris.csv", options{"scale": true}, "x[f:4], label in 3", [3]int{120, 0, 30}},
	} {
		t.Run(c.source+" "+c.path, func(t *testing.T) {
			got, err := Open(request(c.fields, c.source, c.path, c.named), at)
			if err != nil {
				t.Fatal(err)
			}
			if text := list(got.Train.Fields()); text != c.want {
				t.Errorf("fields are %s, want %s", text, c.want)
			}
			if counts := lengths(got); counts != c.counts {
				t.Errorf("there are %v examples, want %v", counts, c.counts)
			}
			if len(got.Files) == 0 {
				t.Error("no digest is recorded")
			}
		})
	}
}

// lengths are the numbers of examples to train on, to validate on and to test on.
func lengths(s *Splits) (counts [3]int) {
	for i, set := range []*Set{s.Train, s.Validation, s.Test} {
		if set != nil {
			counts[i] = set.Len()
		}
	}
	return counts
}

// The Planetoid split of Cora: 20 nodes of each class to train on.
func TestWholeCora(t *testing.T) {
	got, err := Open(request("label[node] in, mask[node]", "graph", "graphs/cora", nil), shared(t))
	if err != nil {
		t.Fatal(err)
	}
	perClass := make([]int, 7)
	for i, want := range []float64{140, 500, 1000} {
		set, sum := got.sets()[i], 0.0
		for node := range 2708 {
			in := set.Columns[1].Values.At(0, node)
			sum += in
			if i == 0 && in == 1 {
				perClass[int(set.Columns[0].Values.At(0, node))]++
			}
		}
		if sum != want {
			t.Errorf("split %d has %v nodes, want %v", i, sum, want)
		}
	}
	for class, n := range perClass {
		if n != 20 {
			t.Errorf("class %d has %d nodes to train on", class, n)
		}
	}
}

// The two forms of CIFAR-10 hold the same images, one of them compressed: the k-th
// record of a class is its k-th picture. The authors of the pictures lost about 6
// grey levels of 255 on average.
func TestWholeCIFARFormsAgree(t *testing.T) {
	at := shared(t)
	exact, err := Open(request("image[row col c], label in", "cifar", "images/cifar10-lossless1k", nil), at)
	if err != nil {
		t.Fatal(err)
	}
	lossy, err := Open(request("image[row col c], label in", "cifar", "images/cifar10-jpeg", nil), at)
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]int, 10)
	sum, worst := 0.0, 0.0
	for i := range exact.Train.Len() {
		class := int(exact.Train.Columns[1].Values.At(i))
		k := 5000*class + seen[class]
		seen[class]++
		if int(lossy.Train.Columns[1].Values.At(k)) != class {
			t.Fatalf("picture %d is of class %v, record %d of %d", k, lossy.Train.Columns[1].Values.At(k), i, class)
		}
		a := tensor.Elements[uint8](exact.Train.Columns[0].Values.Rows(i, i+1))
		b := tensor.Elements[uint8](lossy.Train.Columns[0].Values.Rows(k, k+1))
		difference := 0.0
		for j := range a {
			difference += math.Abs(float64(a[j])-float64(b[j])) / float64(len(a))
		}
		sum, worst = sum+difference, max(worst, difference)
	}
	if mean := sum / float64(exact.Train.Len()); mean > 8 || worst > 30 {
		t.Errorf("pixels differ by %v on average, by %v in the worst image", mean, worst)
	}
}
