package data

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// wav is a sound file of one format: the code, bits and channels, the rate, and
// samples as they are stored.
func wav(code, bits, channels, rate int, samples []byte) []byte {
	file := []byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00fmt \x10\x00\x00\x00") // a chunk of odd length first
	file = binary.LittleEndian.AppendUint16(file, uint16(code))
	file = binary.LittleEndian.AppendUint16(file, uint16(channels))
	file = binary.LittleEndian.AppendUint32(file, uint32(rate))
	file = binary.LittleEndian.AppendUint32(file, uint32(rate*channels*bits/8))
	file = binary.LittleEndian.AppendUint16(file, uint16(channels*bits/8))
	file = binary.LittleEndian.AppendUint16(file, uint16(bits))
	file = binary.LittleEndian.AppendUint32(append(file, "data"...), uint32(len(samples)))
	return append(file, samples...)
}

func TestFormatsOfSound(t *testing.T) {
	for _, c := range []struct {
		name                 string
		code, bits, channels int
		samples              []byte
		want                 []float32
	}{
		{"8 bits", 1, 8, 1, []byte{0, 128, 192}, []float32{-1, 0, 0.5}},
		{"16 bits", 1, 16, 1, []byte{0, 0x80, 0, 0, 0, 0x40}, []float32{-1, 0, 0.5}},
		{"24 bits", 1, 24, 1, []byte{0, 0, 0x80, 0, 0, 0x40}, []float32{-1, 0.5}},
		{"32 bits", 1, 32, 1, []byte{0, 0, 0, 0x80, 0, 0, 0, 0x40}, []float32{-1, 0.5}},
		{"floating point", 3, 32, 1, []byte{0, 0, 0, 0x3f, 0, 0, 0xc0, 0x7f, 0, 0, 0, 0x41}, []float32{0.5, 0, 1}},
		{"two channels", 1, 16, 2, []byte{0, 0x40, 0, 0}, []float32{0.25}},
		{"half a frame", 1, 16, 2, []byte{0, 0x40, 0, 0, 1, 1}, []float32{0.25}},
	} {
		t.Run(c.name, func(t *testing.T) {
			samples, rate, err := decodeWav(wav(c.code, c.bits, c.channels, 8000, c.samples))
			if err != nil || rate != 8000 || !slices.Equal(samples, c.want) {
				t.Errorf("got %v at %d, %v; want %v", samples, rate, err, c.want)
			}
		})
	}
}

// The features of a file are those that numpy computes.
func TestMelBands(t *testing.T) {
	text, err := os.ReadFile("testdata/5_anna_0.mel.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want []float64
	for word := range strings.FieldsSeq(string(text)) {
		var v float64
		fmt.Sscan(word, &v)
		want = append(want, v)
	}
	named := map[string]any{"mels": 8.0, "scale": false, "test": 0.0}
	got, err := Open(request("features[t mel], label in, speaker in", "wav", "testdata", named), Lookup{})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "features[t:6 mel:8], label in 1, speaker in 1" {
		t.Fatalf("fields are %s", text)
	}
	if c := got.Train.Columns; c[1].Names[0] != "5" || c[2].Names[0] != "anna" {
		t.Errorf("label and speaker are %v and %v", c[1].Names, c[2].Names)
	}
	for i, v := range tensor.Elements[float32](got.Train.Columns[0].Values) {
		if math.Abs(float64(v)-want[i]) > 1e-3 {
			t.Errorf("frame %d, band %d: got %v, want %v", i/8, i%8, v, want[i])
		}
	}
}

// A tone that both rates can hold is the same tone; one above half the new rate is
// gone.
func TestResample(t *testing.T) {
	tone := func(hertz float64, rate, n int) []float32 {
		samples := make([]float32, n)
		for i := range samples {
			samples[i] = float32(math.Sin(2 * math.Pi * hertz * float64(i) / float64(rate)))
		}
		return samples
	}
	for _, c := range []struct {
		hertz    float64
		from, to int
		isGone   bool
	}{{440, 8000, 4000, false}, {440, 44100, 8000, false}, {440, 8000, 16000, false}, {3000, 8000, 4000, true}, {6000, 44100, 8000, true}} {
		got := newResampler(c.from, c.to).resample(tone(c.hertz, c.from, c.from))
		want := tone(c.hertz, c.to, c.to)
		if len(got) != len(want) {
			t.Errorf("%d to %d: %d samples, want %d", c.from, c.to, len(got), len(want))
		}
		worst := 0.0
		for i := c.to / 10; i < c.to*9/10; i++ { // the ends lack neighbours
			if c.isGone {
				want[i] = 0
			}
			worst = max(worst, math.Abs(float64(got[i]-want[i])))
		}
		if worst > 0.01 {
			t.Errorf("%v hertz, %d to %d: wrong by %v", c.hertz, c.from, c.to, worst)
		}
	}
}

// recordingsFolder has ten recordings of each of two labels and two speakers, of
// loudness that grows with their numbers.
func recordingsFolder(t *testing.T) map[string][]byte {
	contents := map[string][]byte{}
	for label := range 2 {
		for _, speaker := range []string{"anna", "bob"} {
			for number := range 10 {
				samples := make([]byte, 800)
				for i := range samples {
					samples[i] = byte(128 + number + 10*(i%2))
				}
				contents[fmt.Sprintf("set/%d_%s_%d.wav", label, speaker, number)] = wav(1, 8, 1, 8000, samples)
			}
		}
	}
	return contents
}

func TestRecordingsAreSplitByNumber(t *testing.T) {
	at := Lookup{Under: files(t, recordingsFolder(t))}
	got, err := Open(request("features[t mel], label in, speaker in", "wav", "set", map[string]any{"mels": 4.0, "test": 0.2, "scale": false}), at)
	if err != nil {
		t.Fatal(err)
	}
	if lengths(got) != [3]int{32, 0, 8} {
		t.Fatalf("there are %v recordings", lengths(got))
	}
	quiet, loud := math.Inf(1), math.Inf(-1)
	for i := range got.Train.Len() {
		quiet = min(quiet, got.Train.Columns[0].Values.At(i, 0, 0))
	}
	for i := range got.Test.Len() {
		loud = max(loud, got.Test.Columns[0].Values.At(i, 0, 0))
	}
	if loud >= quiet {
		t.Errorf("the test set has a recording of energy %v, the training set one of %v", loud, quiet)
	}
}

func TestSoundIsCutOrFilledUp(t *testing.T) {
	at := Lookup{Under: files(t, map[string][]byte{"set/a_b_1.wav": wav(1, 8, 1, 8000, make([]byte, 400)), "a.tgz": gzipped(t, tarred(t, recordingsFolder(t)))})}
	for frames, silent := range map[float64]bool{1: false, 30: true} {
		got, err := Open(request("features[t mel]", "wav", "set", map[string]any{"mels": 4.0, "frames": frames, "test": 0.0, "scale": false}), at)
		if err != nil {
			t.Fatal(err)
		}
		last := got.Train.Columns[0].Values.At(0, int(frames)-1, 0)
		if quiet := float32(last) == float32(math.Log(silence)); quiet != silent {
			t.Errorf("of %v frames the last is %v", frames, last)
		}
	}
	if got, err := Open(request("features[t mel]", "wav", "a.tgz", map[string]any{"mels": 4.0}), at); err != nil || lengths(got) != [3]int{36, 0, 4} {
		t.Errorf("of the archive: got %v, %v", got, err)
	}
}

func TestBadSound(t *testing.T) {
	good := wav(1, 16, 1, 8000, make([]byte, 100))
	for _, c := range []struct {
		name, file string
		sound      []byte
		named      map[string]any
		code       fault.Code
		want       string
	}{
		{"another name", "five.wav", good, nil, fault.BadData, "five.wav is not named LABEL_SPEAKER_NUMBER.wav"},
		{"no number", "5_anna_x.wav", good, nil, fault.BadData, `5_anna_x.wav has the number "x"`},
		{"a text", "5_anna_0.wav", []byte("hello"), nil, fault.BadData, "5_anna_0.wav is no wav file"},
		{"no samples", "5_anna_0.wav", good[:48], nil, fault.BadData, "has no samples"},
		{"cut short", "5_anna_0.wav", good[:len(good)-10], nil, fault.BadData, "ends after 90 of the 100 bytes"},
		{"compressed", "5_anna_0.wav", wav(85, 16, 1, 8000, nil), nil, fault.BadData, "has samples of format 85 with 16 bits"},
		{"no channels", "5_anna_0.wav", wav(1, 16, 0, 8000, nil), nil, fault.BadData, "declares 0 channels"},
		{"no time", "5_anna_0.wav", wav(1, 16, 1, 0, nil), nil, fault.BadData, "at 0 samples a second"},
		{"too many bands", "5_anna_0.wav", good, map[string]any{"mels": 500.0}, fault.BadOption, "option `mels` of `wav` is 500; 8000 samples a second have 128 frequencies"},
		{"empty bands", "5_anna_0.wav", good, map[string]any{"mels": 120.0}, fault.BadOption, "no frequency lies in band 1"},
		{"far too fast", "5_anna_0.wav", good, map[string]any{"rate": 1e9}, fault.BadOption, "at most 262144 are heard"},
		{"far too long", "5_anna_0.wav", good, map[string]any{"frames": 1e9}, fault.BadData, "more than the limit"},
		{"nothing", "notes.txt", nil, nil, fault.MissingData, "holds no wav files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := Lookup{Under: files(t, map[string][]byte{"set/" + c.file: c.sound})}
			_, err := Open(request("features[t mel], label in", "wav", "set", c.named), at)
			wantFault(t, err, c.code, c.want)
		})
	}
}
