package data

import (
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// readUCR reads time series in the .ts format of the UCR and UEA archives.
//
// Source: Bagnall et al., The UEA multivariate time series classification archive,
// 2018, arXiv:1811.00075.
func readUCR(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	train, test, err := seriesFiles(from)
	if err != nil {
		return nil, err
	}
	files := make([]*seriesFile, 0, 2)
	for _, file := range append([]place{train}, test...) {
		f, err := readSeries(r, file)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return seriesSplits(r, files, req)
}

// seriesFiles are the file to train on and, of a folder that has one, to test on.
func seriesFiles(from place) (train place, test []place, err error) {
	if !from.isDir {
		return from, nil, nil
	}
	entries, err := fs.ReadDir(from.fsys, from.name)
	if err != nil {
		return train, nil, fault.New(fault.UnreadableFile, from.shown, "cannot be read: %v", reason(err)).Because(err)
	}
	found := false
	for _, entry := range entries {
		switch name := strings.TrimSuffix(entry.Name(), ".gz"); {
		case strings.HasSuffix(name, "_TRAIN.ts") && !found:
			train, found = from.in(entry.Name()), true
		case strings.HasSuffix(name, "_TEST.ts") && test == nil:
			test = []place{from.in(entry.Name())}
		}
	}
	if !found {
		return train, nil, fault.New(fault.MissingData, from.shown, "holds no file NAME_TRAIN.ts").
			Mend("ucr takes the folder of one data set, with NAME_TRAIN.ts and NAME_TEST.ts")
	}
	return train, test, nil
}

// seriesFile is what a .ts file says.
type seriesFile struct {
	from    place
	classes []string
	series  [][][]float32 // of each example, each channel's values
	labels  []int32
}

// longest is the number of steps of the longest series.
func (f *seriesFile) longest() int {
	n := 0
	for _, channels := range f.series {
		n = max(n, len(channels[0]))
	}
	return n
}

func readSeries(r *reader, from place) (*seriesFile, error) {
	text, err := r.plainText(from)
	if err != nil {
		return nil, err
	}
	f := &seriesFile{from: from}
	number, isData := 0, false
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case isData:
			err = f.example(line, number)
		case strings.EqualFold(line, "@data"):
			isData, err = true, f.checkHeader(number)
		case line[0] == '@':
			err = f.header(line, number)
		default:
			err = f.bad(number, "stands before @data")
		}
		if err != nil {
			return nil, err
		}
	}
	if len(f.series) == 0 {
		return nil, fault.New(fault.BadData, from.shown, "has no examples behind a line @data")
	}
	return f, nil
}

func (f *seriesFile) bad(line int, format string, args ...any) *fault.Fault {
	return fault.New(fault.BadData, f.from.shown, "line "+strconv.Itoa(line)+": "+format, args...)
}

// header takes a line such as @classLabel true a b c. What is not about time
// stamps and classes, the data themselves show.
func (f *seriesFile) header(line string, number int) error {
	words := strings.Fields(line)
	value := ""
	if len(words) > 1 {
		value = strings.ToLower(words[1])
	}
	switch strings.ToLower(words[0]) {
	case "@timestamps":
		if value == "true" {
			return f.bad(number, "values have time stamps, which are not read")
		}
	case "@classlabel":
		if value == "true" {
			f.classes = words[2:]
		}
	}
	return nil
}

func (f *seriesFile) checkHeader(number int) error {
	if len(f.classes) == 0 {
		return f.bad(number, "there is no line @classLabel true CLASS CLASS before the data")
	}
	return nil
}

// example takes a line of data: the channels and the label, divided by colons, and
// in a channel the values, divided by commas.
func (f *seriesFile) example(line string, number int) error {
	parts := strings.Split(line, ":")
	channels, name := parts[:len(parts)-1], strings.TrimSpace(parts[len(parts)-1])
	label := slices.Index(f.classes, name)
	if label < 0 || len(channels) == 0 {
		return f.bad(number, "ends with %.40q, which is none of the classes %s", name, enumerate(f.classes))
	}
	if len(f.series) > 0 && len(channels) != len(f.series[0]) {
		return f.bad(number, "has %d channels, the first has %d", len(channels), len(f.series[0]))
	}
	series := make([][]float32, len(channels))
	for c, text := range channels {
		values, err := f.values(text, number)
		if err != nil {
			return err
		}
		if c > 0 && len(values) != len(series[0]) {
			return f.bad(number, "channel %d has %d values, the first has %d", c+1, len(values), len(series[0]))
		}
		series[c] = values
	}
	f.series, f.labels = append(f.series, series), append(f.labels, int32(label))
	return nil
}

func (f *seriesFile) values(text string, number int) ([]float32, error) {
	values := make([]float32, 0, strings.Count(text, ",")+1)
	for word := range strings.SplitSeq(text, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(word), 32)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, f.bad(number, "%.40q is not a number", word).Mend("leave out series with missing values")
		}
		values = append(values, float32(v))
	}
	return values, nil
}

// seriesSplits makes the sets of the file to train on and the file to test on.
func seriesSplits(r *reader, files []*seriesFile, req Request) (*Splits, error) {
	first, longest := files[0], 0
	for _, f := range files {
		longest = max(longest, f.longest())
		if len(f.series[0]) != len(first.series[0]) || !slices.Equal(f.classes, first.classes) {
			return nil, fault.New(fault.BadData, f.from.shown, "has %d channels and the classes %s, %s has %d and %s",
				len(f.series[0]), enumerate(f.classes), first.from.shown, len(first.series[0]), enumerate(first.classes))
		}
	}
	x, _ := req.field("x", 0)
	layout := seriesLayout{longest, len(first.series[0]), len(x.Axes) == 1 && len(first.series[0]) == 1, req.text("pad") == "front"}
	sets := make([]*Set, 2)
	for i, f := range files {
		if err := r.limits.afford(f.from.shown, tensor.Float32, len(f.series), longest, layout.channels); err != nil {
			return nil, err
		}
		sets[i] = layout.set(f)
	}
	return &Splits{Train: sets[0], Test: sets[1]}, nil
}

// seriesLayout is how series are laid out as one array.
type seriesLayout struct {
	steps, channels int
	isFlat          bool // without an axis for the only channel
	inFront         bool // padding
}

func (l seriesLayout) set(f *seriesFile) *Set {
	n := len(f.series)
	x, mask, lengths := make([]float32, n*l.steps*l.channels), make([]float32, n*l.steps), make([]float32, n)
	for i, channels := range f.series {
		first, length := i*l.steps, len(channels[0])
		if l.inFront {
			first += l.steps - length
		}
		lengths[i] = float32(length)
		for t := range length {
			mask[first+t] = 1
			for c, values := range channels {
				x[(first+t)*l.channels+c] = values[t]
			}
		}
	}
	axes, dims := []string{"t", "channel"}, []int{n, l.steps, l.channels}
	if l.isFlat {
		axes, dims = axes[:1], dims[:2]
	}
	return &Set{[]Column{
		numbers("x", axes, tensor.Of(x, nil, dims...), 1),
		named("label", nil, tensor.Of(f.labels, nil, n), f.classes),
		numbers("mask", []string{"t"}, tensor.Of(mask, nil, n, l.steps), 1),
		numbers("length", nil, tensor.Of(lengths, nil, n), 1),
	}}
}
