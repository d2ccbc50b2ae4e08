// Package pdf writes a scene as PDF: one page of the figure's own size. Letters
// are text in embedded fonts that hold only the letters used, so that a reader
// can search and copy them; with Options.Outline they are shapes, and the file
// has no font at all. There are no dates but a fixed one and nothing is drawn
// by chance: equal scenes give equal bytes.
//
// It knows scenes and type, and no diagram. The form is ISO 32000-1:2008, PDF
// 1.7; section numbers in this package are its sections.
package pdf

import (
	"fmt"
	"io"
	"strings"

	"ncd/render/scene"
)

// Options are what the bytes hang on besides the scene.
type Options struct {
	Outline bool // draw letters as shapes, with no font in the file
}

// pointsPerMillimetre turns lengths of scenes into PDF's own unit.
const pointsPerMillimetre = 72 / 25.4

// Write writes the scene. It errs where the writer does.
func Write(w io.Writer, s *scene.Scene, o Options) error {
	p := &painter{theme: s.Theme, outline: o.Outline}
	text := p.paint(s)
	f := &file{}
	catalog, pages, page, content, structure := f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve()
	f.set(catalog, fmt.Sprintf("<</Type/Catalog/Pages %v/Lang(en)/MarkInfo<</Marked true>>/StructTreeRoot %v/ViewerPreferences<</DisplayDocTitle true>>>>",
		pages, structure))
	f.set(pages, fmt.Sprintf("<</Type/Pages/Kids[%v]/Count 1>>", page))
	f.set(page, fmt.Sprintf("<</Type/Page/Parent %v/MediaBox[0 0 %s %s]/Contents %v/StructParents 0/Resources<<%s>>>>",
		pages, number(s.Width*pointsPerMillimetre), number(s.Height*pointsPerMillimetre), content, f.fonts(p.fonts)))
	f.stream(content, "", text)
	f.figure(structure, page, strings.TrimSpace(s.Title+". "+s.Description))
	return f.write(w, catalog, f.add(information(s)))
}

// figure sets the root of the document's structure, for those who have it read
// out: the page is one figure, with its description; section 14.7.
func (f *file) figure(root, page reference, words string) {
	figure := f.add(fmt.Sprintf("<</Type/StructElem/S/Figure/P %v/Pg %v/K 0/Alt%s>>", root, page, textString(words)))
	f.set(root, fmt.Sprintf("<</Type/StructTreeRoot/K %v/ParentTree<</Nums[0[%v]]>>>>", figure, figure))
}

// information has a fixed date: the day does not change a figure.
func information(s *scene.Scene) string {
	return fmt.Sprintf("<</Title%s/Subject%s/Producer(ncd)/CreationDate(D:20000101000000Z)>>", textString(s.Title), textString(s.Description))
}
