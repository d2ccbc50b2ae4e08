package raster

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"math"

	"ncd/render/scene"
)

// encode writes a picture with what the standard library leaves out: how large a
// pixel is, and words. Section numbers are of the PNG Specification, third
// edition.
func encode(w io.Writer, m image.Image, dpi float64, s *scene.Scene) error {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return err
	}
	head := len("\x89PNG\r\n\x1a\n") + len(chunk("IHDR", make([]byte, 13)))
	for _, part := range [][]byte{
		b.Bytes()[:head], resolution(dpi), text("Title", s.Title), text("Description", s.Description), b.Bytes()[head:],
	} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// chunk is one part of a file; section 5.3.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// resolution is the number of pixels a metre; section 11.3.4.3.
func resolution(dpi float64) []byte {
	perMetre := uint32(math.Round(dpi / 0.0254))
	b := binary.BigEndian.AppendUint32(nil, perMetre)
	b = binary.BigEndian.AppendUint32(b, perMetre)
	return chunk("pHYs", append(b, 1))
}

// text is a note in UTF-8, neither packed nor in a language; section 11.3.3.4.
// Nothing to say is no chunk.
func text(keyword, words string) []byte {
	if words == "" {
		return nil
	}
	return chunk("iTXt", []byte(keyword+"\x00\x00\x00\x00\x00"+words))
}
