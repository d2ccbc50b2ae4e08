package format

import "slices"

// column is tokens of one kind that stand beneath each other.
type column struct {
	source int // where the author has put them
	cells  []*cell
}

// align keeps `=` and `>>` beneath each other where the author has put them so:
// in one column of neighbouring lines that each begin a statement, and with more
// than one space before at least one of them. What is padded moves what follows
// in its line, and so columns settle from left to right.
func (l *layout) align() {
	columns := l.columns()
	for range len(columns) + 1 {
		l.place()
		changed := false
		for _, c := range columns {
			changed = c.settle() || changed
		}
		if !changed {
			return
		}
	}
}

// settle pads a column's cells to the rightmost, and reports whether any moved.
func (c *column) settle() bool {
	target := 0
	for _, cell := range c.cells {
		target = max(target, cell.column-cell.pad)
	}
	changed := false
	for _, cell := range c.cells {
		pad := target - (cell.column - cell.pad)
		changed = changed || pad != cell.pad
		cell.pad = pad
	}
	return changed
}

// columns finds the columns that the author has made, from left to right.
func (l *layout) columns() []*column {
	var found, open []*column
	wide := map[*column]bool{}
	for i, line := range l.lines {
		var now []*column
		if !line.begins {
			open = nil
			continue
		}
		for j, cell := range line.cells {
			if j == 0 || !isMark(cell.token, "=", ">>") {
				continue
			}
			c := continued(open, cell)
			if c == nil || i == 0 || line.source != l.lines[i-1].source+1 {
				c = &column{source: cell.token.Pos.Column}
				found = append(found, c)
			}
			c.cells = append(c.cells, cell)
			wide[c] = wide[c] || spacesBefore(line, j) > 1
			now = append(now, c)
		}
		open = now
	}
	found = slices.DeleteFunc(found, func(c *column) bool { return len(c.cells) < 2 || !wide[c] })
	slices.SortStableFunc(found, func(a, b *column) int { return a.source - b.source })
	return found
}

// continued is the column of the line before that a cell goes on with.
func continued(open []*column, c *cell) *column {
	for _, candidate := range open {
		last := candidate.cells[len(candidate.cells)-1]
		if last.token.Value == c.token.Value && last.token.Pos.Column == c.token.Pos.Column {
			return candidate
		}
	}
	return nil
}

// spacesBefore is how many columns the author has left before a cell.
func spacesBefore(line *line, i int) int {
	before := line.cells[i-1].token
	return line.cells[i].token.Pos.Column - before.Pos.Column - width(before.Value)
}
