package lanes

// DrawGraph draws a graph in Graphviz's language as SVG: boxes and arrows, laid
// out by dot. The text must be sound, and not too large: Graphviz heeds no
// deadline.
func DrawGraph(dot []byte) (svg []byte, err error) {
	return layOut(dot, "svg")
}
