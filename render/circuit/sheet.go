package circuit

// sheet is a figure, or one line of it, as columns of steps between ranks of
// strands, without measures: len(ranks) is len(columns)+1.
type sheet struct {
	ranks   []rank
	columns []column
	fences  []*fence
	from    int  // the number of its first rank in the whole figure
	more    bool // the figure goes on in another line
	copies  int  // how many arrays are read several times, or never
	crossed int  // pairs of lanes that crossings turn round
}

// rank is what lies between two columns, from top to bottom.
type rank struct {
	strands  []*strand
	labelled [][]bool // which lanes are labelled here
}

// column is steps beside strands that pass by, from top to bottom.
type column []item

// item is a step, or a strand that passes.
type item struct {
	step *step
	pass *strand
}

// before and after are the strands of an item at its two sides.
func (it item) before() []*strand {
	if it.step != nil {
		return it.step.in
	}
	return []*strand{it.pass}
}

func (it item) after() []*strand {
	if it.step != nil {
		return it.step.out
	}
	return []*strand{it.pass}
}

func (it item) fences() []*fence {
	if it.step != nil {
		return it.step.fences
	}
	return it.pass.fences
}
