package data

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// recording is one sound file.
type recording struct {
	label, speaker string
	number         int
	samples        []float32 // from -1 to 1, at rate
	rate           int
}

// readWav reads sound files as mel bands.
func readWav(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	members, err := r.tree(from, ".wav")
	if err != nil {
		return nil, err
	}
	if len(members) == 0 && from.isDir {
		if members, err = r.onlyArchive(from, ".wav"); err != nil {
			return nil, err
		}
	}
	if len(members) == 0 {
		return nil, fault.New(fault.MissingData, from.shown, "holds no wav files").Mend("wav takes a folder of files LABEL_SPEAKER_NUMBER.wav, or an archive of one")
	}
	recordings, err := recordingsOf(r.limits, from, members)
	if err != nil {
		return nil, err
	}
	all, err := hear(r, from, recordings, req)
	if err != nil {
		return nil, err
	}
	return splitRecordings(all, recordings, req.number("test")), nil
}

// onlyArchive reads the files of the only archive of a folder.
func (r *reader) onlyArchive(folder place, ending string) ([]member, error) {
	for _, archive := range archiveEndings[1:] {
		last := archive[strings.LastIndex(archive, "."):]
		if file, err := onlyFile(folder, last); err == nil {
			return r.tree(file, ending)
		}
	}
	return nil, nil
}

func recordingsOf(limits Limits, from place, members []member) ([]recording, error) {
	recordings := make([]recording, len(members))
	samples := 0
	for i, m := range members {
		var err error
		if recordings[i], err = recordingOf(from, m); err != nil {
			return nil, err
		}
		samples += len(recordings[i].samples)
		if err := limits.afford(from.shown, tensor.Float32, samples); err != nil {
			return nil, err
		}
	}
	return recordings, nil
}

// recordingOf decodes a file named LABEL_SPEAKER_NUMBER.wav.
func recordingOf(from place, m member) (recording, error) {
	base := strings.TrimSuffix(m.base(), path.Ext(m.base()))
	parts := strings.Split(base, "_")
	if len(parts) != 3 {
		return recording{}, fault.New(fault.BadData, from.shown, "%s is not named LABEL_SPEAKER_NUMBER.wav", m.name).Mend("rename it, as in 7_jackson_32.wav")
	}
	number, err := strconv.Atoi(parts[2])
	if err != nil {
		return recording{}, fault.New(fault.BadData, from.shown, "%s has the number %q", m.name, parts[2]).Mend("rename it, as in 7_jackson_32.wav")
	}
	samples, rate, err := decodeWav(m.data)
	if err != nil {
		return recording{}, fault.New(fault.BadData, from.shown, "%s %v", m.name, err)
	}
	return recording{parts[0], parts[1], number, samples, rate}, nil
}

// hear makes the features of all recordings, cut or filled up with silence to the
// same number of frames.
func hear(r *reader, from place, recordings []recording, req Request) (*Set, error) {
	rate := cmp.Or(req.whole("rate"), recordings[0].rate)
	ear, err := newEar(rate, req.whole("mels"))
	if err != nil {
		return nil, req.refuse("mels", "%v", err)
	}
	frames := req.whole("frames")
	for _, rec := range recordings {
		samples := resampledLen(len(rec.samples), rec.rate, rate)
		if err := r.limits.afford(from.shown, tensor.Float32, samples); err != nil {
			return nil, err
		}
		if req.whole("frames") == 0 {
			frames = max(frames, ear.frames(samples))
		}
	}
	n := len(recordings)
	if err := r.limits.afford(from.shown, tensor.Float32, n, frames, ear.mels); err != nil {
		return nil, err
	}
	features := make([]float32, n*frames*ear.mels)
	size := frames * ear.mels
	change := newResampler(rate, rate)
	for i, rec := range recordings {
		if change.from != rec.rate {
			change = newResampler(rec.rate, rate)
		}
		ear.hear(features[i*size:(i+1)*size], change.resample(rec.samples))
	}
	labels, labelNames := distinct(recordings, func(r recording) string { return r.label })
	speakers, speakerNames := distinct(recordings, func(r recording) string { return r.speaker })
	return &Set{[]Column{
		numbers("features", []string{"t", "mel"}, tensor.Of(features, nil, n, frames, ear.mels), 1),
		named("label", nil, labels, labelNames),
		named("speaker", nil, speakers, speakerNames),
	}}, nil
}

// distinct is a name of each recording as its place among all of them, in order.
func distinct(recordings []recording, name func(recording) string) (*tensor.Tensor, []string) {
	names := map[string]int32{}
	for _, r := range recordings {
		names[name(r)] = 0
	}
	ordered := inOrder(names)
	place := placesOf(ordered)
	data := make([]int32, len(recordings))
	for i, r := range recordings {
		data[i] = place[name(r)]
	}
	return tensor.Of(data, nil, len(data)), ordered
}

// splitRecordings takes, of each label and speaker, the given part of the
// recordings as the test set, those with the lowest numbers.
func splitRecordings(all *Set, recordings []recording, part float64) *Splits {
	groups := map[[2]string][]int32{}
	for i, r := range recordings {
		key := [2]string{r.label, r.speaker}
		groups[key] = append(groups[key], int32(i))
	}
	var train, test []int32
	for _, group := range groups {
		slices.SortFunc(group, func(a, b int32) int {
			return cmp.Or(cmp.Compare(recordings[a].number, recordings[b].number), cmp.Compare(a, b))
		})
		k := portion(len(group), part)
		test, train = append(test, group[:k]...), append(train, group[k:]...)
	}
	slices.Sort(train)
	slices.Sort(test)
	splits := &Splits{Train: all.pick(train)}
	if len(test) > 0 {
		splits.Test = all.pick(test)
	}
	return splits
}
