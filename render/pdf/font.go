package pdf

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"ncd/render/typeset"
)

// fonts are the faces a page uses, in order of first use.
type fonts struct{ used []*face }

func (f *fonts) of(which typeset.Face) *face {
	for _, known := range f.used {
		if known.which == which {
			return known
		}
	}
	added := openFace(which)
	added.number = len(f.used)
	f.used = append(f.used, added)
	return added
}

// name is what the page's content calls the face.
func (f *face) name() string { return fmt.Sprintf("/F%d", f.number) }

// fonts adds the faces to the file and returns the entry of the page's
// resources that names them.
func (f *file) fonts(all fonts) string {
	if len(all.used) == 0 {
		return ""
	}
	var b strings.Builder
	for _, face := range all.used {
		fmt.Fprintf(&b, "%s %v", face.name(), f.font(face))
	}
	return "/Font<<" + b.String() + ">>"
}

// font adds one face as a composite font whose codes are the numbers of its
// letters; section 9.7.
func (f *file) font(face *face) reference {
	program := face.program()
	name := subsetTag(program) + "+" + face.postScript
	data, descriptor, descendant, unicode := f.reserve(), f.reserve(), f.reserve(), f.reserve()
	f.stream(data, "/Subtype/CIDFontType0C", program)
	f.set(descriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%s]/ItalicAngle %s/Ascent %d/Descent %d/CapHeight %d/StemV %d/FontFile3 %v>>",
		name, face.box(), number(face.italicAngle), face.ascent, face.descent, face.capHeight, face.stem, data))
	f.set(descendant, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %v/DW %d/W[1[%s]]>>",
		name, descriptor, defaultAdvance, face.advances()))
	f.stream(unicode, "", face.unicode())
	return f.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s-Identity-H/Encoding/Identity-H/DescendantFonts[%v]/ToUnicode %v>>",
		name, descendant, unicode))
}

// defaultAdvance is the width of letters that have none of their own, in font
// units: only of the empty box, which is never shown.
const defaultAdvance = 1000

// subsetTag are the six letters that part one subset of a font from another;
// section 9.6.4.
func subsetTag(program []byte) string {
	sum := sha256.Sum256(program)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

func (f *face) advances() string {
	words := make([]string, len(f.letters))
	for i, l := range f.letters {
		words[i] = fmt.Sprint(l.advance)
	}
	return strings.Join(words, " ")
}

// unicode is the map from codes back to text; section 9.10.3. A block holds 100
// lines at most.
func (f *face) unicode() []byte {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for start := 0; start < len(f.letters); start += 100 {
		block := f.letters[start:min(start+100, len(f.letters))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, l := range block {
			fmt.Fprintf(&b, "<%04X> <%s>\n", start+i+1, utf16Hex(l.text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}
