package main

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"regexp"
	"slices"
)

// numbers are those that readers of lengths and sizes stumble over.
var numbers = []uint64{0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 1 << 33, 1<<63 - 1, 1 << 63, 1<<64 - 1}

// damaged is a file with one to four damages; other is what parts of are put into it.
func damaged(r *rand.Rand, file, other []byte) []byte {
	file = bytes.Clone(file)
	for range 1 + r.IntN(4) {
		if len(file) == 0 {
			return file
		}
		file = damage(r, file, other)
	}
	return file
}

// damage is one of the usual damages.
func damage(r *rand.Rand, file, other []byte) []byte {
	at, end := span(r, len(file))
	switch r.IntN(9) {
	case 0:
		file[at] ^= 1 << r.IntN(8)
	case 1:
		file[at] = byte(r.Uint32())
	case 2, 3:
		putNumber(r, file[at:])
	case 4:
		return file[:at]
	case 5:
		return slices.Delete(file, at, end)
	case 6:
		return slices.Insert(file, at, bytes.Clone(file[at:end])...)
	case 7:
		from, to := span(r, len(other))
		return slices.Insert(file, at, other[from:to]...)
	case 8:
		for i := at; i < end; i++ {
			file[i] = 0
		}
	}
	return file
}

// span is a part of so many bytes, short as a rule.
func span(r *rand.Rand, length int) (at, end int) {
	if length == 0 {
		return 0, 0
	}
	at = r.IntN(length)
	longest := []int{1, 4, 16, length}[r.IntN(4)]
	return at, min(length, at+1+r.IntN(longest))
}

// putNumber writes a number of 1, 2, 4 or 8 bytes in either order.
func putNumber(r *rand.Rand, to []byte) {
	var little, big [8]byte
	n := numbers[r.IntN(len(numbers))]
	binary.LittleEndian.PutUint64(little[:], n)
	width := 1 << r.IntN(4)
	binary.BigEndian.PutUint64(big[:], n<<(64-8*width))
	if r.IntN(2) == 0 {
		copy(to, little[:width])
	} else {
		copy(to, big[:width])
	}
}

// word is what texts are made of.
var word = regexp.MustCompile(`[\pL_][\pL\pN_']*|[0-9][0-9.eE]*|"[^"\n]*"|->|>>|\.\.|\s+|.`)

// extremes are words that readers of texts stumble over.
var extremes = []string{
	"0", "-1", "1e9", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "1e308", "1e-308", "1e999", "0.5", "nan",
	"(", ")", "[", "]", "{", "}", "\"", ",", ":", ";", "\\", "\x00", "\xff", "#", "-", "->", ">>", "^", "*", "..", "'", "é", "\u2028", "\r", "\t",
}

// rewritten is a text with one to six words put elsewhere, doubled, taken out or exchanged for
// those of another text.
func rewritten(r *rand.Rand, text, other []byte) []byte {
	words, others := word.FindAll(text, -1), word.FindAll(other, -1)
	for range 1 + r.IntN(6) {
		if len(words) == 0 {
			break
		}
		words = rewrite(r, words, others)
	}
	return bytes.Join(words, nil)
}

func rewrite(r *rand.Rand, words, others [][]byte) [][]byte {
	at, end := span(r, len(words))
	switch r.IntN(8) {
	case 0:
		return slices.Delete(words, at, end)
	case 1:
		return slices.Insert(words, at, slices.Clone(words[at:end])...)
	case 2:
		words[at] = []byte(extremes[r.IntN(len(extremes))])
	case 3:
		words[at] = words[r.IntN(len(words))]
	case 4:
		if len(others) > 0 {
			words[at] = others[r.IntN(len(others))]
		}
	case 5:
		from, to := span(r, len(others))
		return slices.Insert(words, at, others[from:to]...)
	case 6:
		with := r.IntN(len(words))
		words[at], words[with] = words[with], words[at]
	case 7:
		if len(words[at]) <= 4 { // so that a few of them make no text of megabytes
			words[at] = bytes.Repeat(words[at], 1+r.IntN(1000))
		}
	}
	return words
}
