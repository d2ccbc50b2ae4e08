package data

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

const (
	pcmFormat        = 1
	floatFormat      = 3
	extensibleFormat = 0xfffe // the format proper comes later in the chunk
	mostChannels     = 64
)

// wavFormat is how samples are stored.
type wavFormat struct {
	code, channels, bits int
	rate                 int // samples a second
}

// decodeWav reads the samples of a wav file, from -1 to 1, channels averaged.
//
// Source: Microsoft and IBM, Multimedia programming interface and data
// specifications 1.0, 1991.
func decodeWav(file []byte) (samples []float32, rate int, err error) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return nil, 0, errors.New("is no wav file")
	}
	var format *wavFormat
	for rest := file[12:]; len(rest) >= 8; {
		name, length := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		chunk := rest[8:]
		if length > int64(len(chunk)) && name != "data" {
			return nil, 0, fmt.Errorf("ends within its chunk %q", name)
		}
		switch name {
		case "fmt ":
			if format, err = decodeWavFormat(chunk[:length]); err != nil {
				return nil, 0, err
			}
		case "data":
			if format == nil {
				return nil, 0, errors.New("has samples before their format")
			}
			if length > int64(len(chunk)) {
				return nil, 0, fmt.Errorf("ends after %d of the %d bytes of samples that it declares", len(chunk), length)
			}
			return format.samples(chunk[:length]), format.rate, nil
		}
		rest = chunk[min(length+length%2, int64(len(chunk))):] // chunks begin at even bytes
	}
	return nil, 0, errors.New("has no samples")
}

func decodeWavFormat(chunk []byte) (*wavFormat, error) {
	if len(chunk) < 16 {
		return nil, errors.New("ends within its format")
	}
	f := &wavFormat{
		code:     int(binary.LittleEndian.Uint16(chunk)),
		channels: int(binary.LittleEndian.Uint16(chunk[2:])),
		rate:     int(binary.LittleEndian.Uint32(chunk[4:])),
		bits:     int(binary.LittleEndian.Uint16(chunk[14:])),
	}
	if f.code == extensibleFormat && len(chunk) >= 26 {
		f.code = int(binary.LittleEndian.Uint16(chunk[24:]))
	}
	integers := f.code == pcmFormat && (f.bits == 8 || f.bits == 16 || f.bits == 24 || f.bits == 32)
	if !integers && !(f.code == floatFormat && f.bits == 32) {
		return nil, fmt.Errorf("has samples of format %d with %d bits; known are PCM with 8, 16, 24 or 32 bits, and floating point with 32", f.code, f.bits)
	}
	if f.channels < 1 || f.channels > mostChannels || f.rate < 100 || f.rate > fastestRate {
		return nil, fmt.Errorf("declares %d channels at %d samples a second", f.channels, f.rate)
	}
	return f, nil
}

// samples decodes whole frames and averages their channels.
func (f *wavFormat) samples(data []byte) []float32 {
	width := f.bits / 8
	frames := len(data) / (width * f.channels)
	samples := make([]float32, frames)
	for i := range samples {
		for range f.channels {
			samples[i] += f.sample(data) / float32(f.channels)
			data = data[width:]
		}
	}
	return samples
}

// sample decodes the sample that data begin with.
func (f *wavFormat) sample(data []byte) float32 {
	switch {
	case f.code == floatFormat:
		v := math.Float32frombits(binary.LittleEndian.Uint32(data))
		if v != v {
			return 0
		}
		return min(max(v, -1), 1)
	case f.bits == 8:
		return (float32(data[0]) - 128) / 128
	case f.bits == 16:
		return float32(int16(binary.LittleEndian.Uint16(data))) / (1 << 15)
	case f.bits == 24:
		high := int32(uint32(data[0])<<8 | uint32(data[1])<<16 | uint32(data[2])<<24)
		return float32(high) / (1 << 31)
	}
	return float32(int32(binary.LittleEndian.Uint32(data))) / (1 << 31)
}
