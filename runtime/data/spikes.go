package data

import (
	"cmp"
	"io/fs"
	"math"
	"path"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// stepsOfEvents is how many steps events are counted in where the program says
// nothing.
const stepsOfEvents = 100

// readSpikes reads spikes, or levels that become spikes, counted in steps.
func readSpikes(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	if from.isDir {
		if from, err = onlyFile(from, ".npz"); err != nil {
			return nil, err
		}
	}
	file, err := r.arrays(from)
	if err != nil {
		return nil, err
	}
	y, err := file.array("y", 1)
	if err != nil {
		return nil, err
	}
	labels, err := file.wholeNumbers("y", y, 0, mostPlaces)
	if err != nil {
		return nil, err
	}
	var counts *tensor.Tensor
	if _, hasLevels := file.byName["x"]; hasLevels {
		counts, err = spikesOfLevels(file, labels.Dims[0], req)
	} else {
		counts, err = spikesOfEvents(file, labels.Dims[0], req)
	}
	if err != nil {
		return nil, err
	}
	all := &Set{[]Column{
		numbers("x", []string{"t", "channel"}, counts, 1),
		places("label", nil, labels, highest(labels)+1),
	}}
	return splitShuffled(all, req.number("test")), nil
}

// onlyFile is the only file of a folder with an ending.
func onlyFile(folder place, ending string) (place, error) {
	entries, err := fs.ReadDir(folder.fsys, folder.name)
	if err != nil {
		return place{}, fault.New(fault.UnreadableFile, folder.shown, "cannot be read: %v", reason(err)).Because(err)
	}
	var names []string
	for _, e := range entries {
		if path.Ext(e.Name()) == ending {
			names = append(names, e.Name())
		}
	}
	if len(names) != 1 {
		return place{}, fault.New(fault.MissingData, folder.shown, "holds %d files *%s, wanted is one", len(names), ending).Mend("name the file itself")
	}
	return folder.in(names[0]), nil
}

// spikesOfEvents counts the events of each example and channel in steps of time,
// which begins at 0 and ends with the last event of all.
func spikesOfEvents(file *arrays, examples int, req Request) (*tensor.Tensor, error) {
	example, err := file.integers("example", 0, examples)
	if err != nil {
		return nil, err
	}
	channel, err := file.integers("channel", 0, mostPlaces)
	if err != nil {
		return nil, err
	}
	time, err := file.array("time", 1)
	if err == nil {
		time, err = file.real("time", time)
	}
	if err != nil {
		return nil, err
	}
	if len(example) != len(channel) || len(example) != time.Len() {
		return nil, file.bad("has %d events in \"example\", %d in \"channel\", %d in \"time\"", len(example), len(channel), time.Len())
	}
	times, last, channels := tensor.Elements[float32](time), float32(0), 0
	for i, t := range times {
		if t < 0 {
			return nil, file.bad("array \"time\" has the value %v at place %d, time begins at 0", t, i)
		}
		last, channels = max(last, t), max(channels, int(channel[i])+1)
	}
	steps := cmp.Or(req.whole("steps"), stepsOfEvents)
	if err := file.limits.afford(file.from.shown, tensor.Float32, examples, steps, channels); err != nil {
		return nil, err
	}
	counts := make([]float32, examples*steps*channels)
	for i, t := range times {
		step := 0
		if last > 0 {
			step = min(int(float64(t)/float64(last)*float64(steps)), steps-1)
		}
		counts[(int(example[i])*steps+step)*channels+int(channel[i])]++
	}
	return tensor.Of(counts, nil, examples, steps, channels), nil
}

// spikesOfLevels turns levels into spikes: a channel holds a reference, at first
// its first level; wherever the level is a threshold or more away, there is a spike
// for each threshold, and the reference moves along. Channels that rise come
// before those that fall. With a threshold of 0 the levels themselves are given,
// bytes as from 0 to 1, each step the mean of the samples in it.
func spikesOfLevels(file *arrays, examples int, req Request) (*tensor.Tensor, error) {
	x, err := file.array("x", 3)
	if err != nil {
		return nil, err
	}
	unit := float32(1)
	if x.DType() == tensor.Uint8 && req.number("threshold") == 0 {
		unit = 255
	}
	values, err := file.real("x", x)
	if err != nil {
		return nil, err
	}
	samples, channels := x.Dims[1], x.Dims[2]
	steps := cmp.Or(req.whole("steps"), samples)
	if x.Dims[0] != examples || samples == 0 || channels == 0 || steps > samples {
		return nil, file.bad("array \"x\" has the shape %v, for %d labels and %d steps", x.Dims, examples, steps)
	}
	code := &levelCode{samples, channels, steps, req.number("threshold"), unit}
	width := code.width()
	if err := file.limits.afford(file.from.shown, tensor.Float32, examples, steps, width); err != nil {
		return nil, err
	}
	counts, levels := make([]float32, examples*steps*width), tensor.Elements[float32](values)
	for e := range examples {
		code.encode(counts[e*steps*width:(e+1)*steps*width], levels[e*samples*channels:(e+1)*samples*channels])
	}
	return tensor.Of(counts, nil, examples, steps, width), nil
}

// levelCode is how levels become spikes.
type levelCode struct {
	samples, channels, steps int
	threshold                float64
	unit                     float32
}

// width is the number of channels of spikes.
func (c *levelCode) width() int {
	if c.threshold == 0 {
		return c.channels
	}
	return 2 * c.channels
}

// encode writes the spikes [step channel] of the levels [sample channel].
func (c *levelCode) encode(counts, levels []float32) {
	for channel := range c.channels {
		reference := float64(levels[channel])
		for sample := range c.samples {
			level := levels[sample*c.channels+channel]
			step := sample * c.steps / c.samples
			at := step*c.width() + channel
			if c.threshold == 0 {
				counts[at] += level / c.unit / float32(c.samplesIn(step))
				continue
			}
			moved := math.Trunc((float64(level) - reference) / c.threshold)
			reference += moved * c.threshold
			if moved < 0 {
				at += c.channels
			}
			counts[at] += float32(math.Abs(moved))
		}
	}
}

// samplesIn is how many samples a step has.
func (c *levelCode) samplesIn(step int) int {
	first := (step*c.samples + c.steps - 1) / c.steps
	next := ((step+1)*c.samples + c.steps - 1) / c.steps
	return next - first
}
