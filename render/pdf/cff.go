package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"ncd/render/scene"
)

// program is the face's letters as a font in the Compact Font Format, one that
// is keyed by number: letter n has number n, and 0 is the empty box. The
// outlines are written anew, so nothing of the large font is left but what is
// shown; hints are left out, as figures are drawn large or printed.
//
// Source: Adobe, The Compact Font Format Specification, Technical Note 5176,
// 2003; the numbers of operators are those of its appendices and of Note 5177,
// The Type 2 Charstring Format.
func (f *face) program() []byte {
	header := []byte{1, 0, 4, 4}
	names := index([]byte(f.postScript))
	words := index([]byte("Adobe"), []byte("Identity"))
	routines := index()
	glyphs := f.charstrings()
	count := len(f.letters) + 1

	// Offsets stand as five bytes each, so that the table's length does not
	// hang on what it says.
	tables := func(charset, selection, strings, fonts int) []byte {
		return index(dict(
			entry{opROS, []int{firstOwnString, firstOwnString + 1, 0}},
			entry{opFontBBox, f.bounds()},
			entry{opCIDCount, []int{count}},
			entry{opCharset, []int{charset}},
			entry{opFDSelect, []int{selection}},
			entry{opCharStrings, []int{strings}},
			entry{opFDArray, []int{fonts}},
		))
	}
	charset := len(header) + len(names) + len(tables(0, 0, 0, 0)) + len(words) + len(routines)
	ranges := rangeOfAll(count)
	selection := charset + len(ranges)
	selections := selectionOfAll(count)
	strings := selection + len(selections)
	fonts := strings + len(glyphs)
	private := dict(entry{opDefaultWidth, []int{defaultAdvance}}, entry{opNominalWidth, []int{0}})
	part := func(at int) []byte { return index(dict(entry{opPrivate, []int{len(private), at}})) }
	return bytes.Join([][]byte{header, names, tables(charset, selection, strings, fonts), words, routines,
		ranges, selections, glyphs, part(fonts + len(part(0))), private}, nil)
}

// firstOwnString is the number of the first string behind the standard ones.
const firstOwnString = 391

// operator is one of a dictionary; those of two bytes begin with 12.
type operator int

const (
	opFontBBox     operator = 5
	opCharset      operator = 15
	opCharStrings  operator = 17
	opPrivate      operator = 18
	opDefaultWidth operator = 20
	opNominalWidth operator = 21
	opROS          operator = 12<<8 | 30
	opCIDCount     operator = 12<<8 | 34
	opFDArray      operator = 12<<8 | 36
	opFDSelect     operator = 12<<8 | 37
)

type entry struct {
	operator operator
	operands []int
}

func dict(entries ...entry) []byte {
	var b []byte
	for _, e := range entries {
		for _, n := range e.operands {
			b = binary.BigEndian.AppendUint32(append(b, 29), uint32(int32(n)))
		}
		if e.operator > 0xff {
			b = append(b, byte(e.operator>>8))
		}
		b = append(b, byte(e.operator))
	}
	return b
}

// index is a counted list of byte strings.
func index(items ...[]byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(len(items)))
	if len(items) == 0 {
		return b
	}
	b = append(b, 4) // bytes an offset
	offset := 1
	for _, item := range items {
		b = binary.BigEndian.AppendUint32(b, uint32(offset))
		offset += len(item)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(offset))
	return append(b, bytes.Join(items, nil)...)
}

// rangeOfAll gives every glyph but the first its own place as its number.
func rangeOfAll(count int) []byte {
	b := binary.BigEndian.AppendUint16([]byte{2}, 1)
	return binary.BigEndian.AppendUint16(b, uint16(count-2))
}

// selectionOfAll puts every glyph into the one part there is.
func selectionOfAll(count int) []byte {
	return binary.BigEndian.AppendUint16([]byte{3, 0, 1, 0, 0, 0}, uint16(count))
}

// charstrings are the empty box and then each letter.
func (f *face) charstrings() []byte {
	all := [][]byte{{14}} // endchar
	for _, l := range f.letters {
		all = append(all, charstring(l))
	}
	return index(all...)
}

// charstring is a letter as steps relative to the last place, y upward, its
// advance first.
func charstring(l letter) []byte {
	b := operands(nil, l.advance)
	var now [2]int
	step := func(operator byte, places ...scene.Point) {
		for _, q := range places {
			to := [2]int{int(math.Round(q.X)), -int(math.Round(q.Y))}
			b = operands(b, to[0]-now[0], to[1]-now[1])
			now = to
		}
		b = append(b, operator)
	}
	for _, s := range l.outline {
		switch s.Verb {
		case scene.MoveTo:
			step(21, s.To) // rmoveto
		case scene.LineTo:
			step(5, s.To) // rlineto
		case scene.CurveTo:
			step(8, s.C1, s.C2, s.To) // rrcurveto
		}
	}
	return append(b, 14) // endchar
}

// operands are numbers of a charstring; those between -107 and 107 take a byte.
func operands(b []byte, numbers ...int) []byte {
	for _, n := range numbers {
		if -107 <= n && n <= 107 {
			b = append(b, byte(n+139))
			continue
		}
		b = binary.BigEndian.AppendUint16(append(b, 28), uint16(int16(n)))
	}
	return b
}

// bounds are the edges of all letters together, y upward.
func (f *face) bounds() []int {
	var all scene.Rect
	for _, l := range f.letters {
		if len(l.outline) > 0 {
			all = all.Union(l.outline.Bounds())
		}
	}
	return []int{int(math.Floor(all.Min.X)), int(math.Floor(-all.Max.Y)), int(math.Ceil(all.Max.X)), int(math.Ceil(-all.Min.Y))}
}

func (f *face) box() string {
	b := f.bounds()
	return fmt.Sprintf("%d %d %d %d", b[0], b[1], b[2], b[3])
}
