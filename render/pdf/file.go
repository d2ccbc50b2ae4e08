package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"io"
	"unicode/utf16"
)

// reference is the number of an object, counted from 1.
type reference int

// String is the reference in PDF's words.
func (r reference) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

// file gathers the objects of a document.
type file struct{ objects [][]byte }

// reserve takes a number for an object that others must name before it is set.
func (f *file) reserve() reference {
	f.objects = append(f.objects, nil)
	return reference(len(f.objects))
}

func (f *file) set(r reference, object string) { f.objects[r-1] = []byte(object) }

func (f *file) add(object string) reference {
	r := f.reserve()
	f.set(r, object)
	return r
}

// stream sets a compressed stream; entries are those its dictionary has besides
// the length and the filter.
func (f *file) stream(r reference, entries string, data []byte) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(data) // memory takes every byte
	z.Close()
	f.set(r, fmt.Sprintf("<<%s/Length %d/Filter/FlateDecode>>stream\n%s\nendstream", entries, packed.Len(), packed.Bytes()))
}

// write writes the objects in order, then the table of their places; section
// 7.5. The file's identity is drawn from its content, section 14.4.
func (f *file) write(w io.Writer, catalog, information reference) error {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") // bytes over 127 tell that it is no text file
	places := make([]int, len(f.objects))
	for i, object := range f.objects {
		places[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	identity := sha256.Sum256(b.Bytes())
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, place := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %v/Info %v/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(places)+1, catalog, information, identity[:16], identity[:16], table)
	_, err := w.Write(b.Bytes())
	return err
}

// textString is a string for readers, in UTF-16 with its mark; section 7.9.2.
func textString(s string) string {
	return "<FEFF" + utf16Hex(s) + ">"
}

func utf16Hex(s string) string {
	var b bytes.Buffer
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}
