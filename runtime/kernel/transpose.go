package kernel

// transposeFunc writes to[j·toRow + i] = from[i·fromRow + j] for i < lanes and
// j < cols. There are 1 to 8 rows to read; lanes past them (up to 8) get
// whatever. cols is a positive multiple of 8.
type transposeFunc func(to, from *float32, toRow, fromRow, rows, lanes, cols int)

// transposeDepth is how many columns a strip of eight rows runs before the next
// strip writes into the same cache lines.
const transposeDepth = 64

// copyBlock writes to[i·toRow + j] = from[at + i·fromRow + j·fromCol] for
// i < rows and j < cols. It is the plain twin of packBlock.
func copyBlock(to, from []float32, at, rows, cols, toRow, fromRow, fromCol int) {
	for i := range rows {
		for j := range cols {
			to[i*toRow+j] = from[at+i*fromRow+j*fromCol]
		}
	}
}

// packBlock is copyBlock, and with room may write whatever up to the next
// multiple of eight columns.
func packBlock(to, from []float32, at, rows, cols, toRow, fromRow, fromCol int, room bool) {
	switch {
	case fromCol == 1:
		for i := range rows {
			start := at + i*fromRow
			copy(to[i*toRow:i*toRow+cols], from[start:start+cols])
		}
	case fromRow == 1:
		transposeBlock(to, from, at, rows, cols, toRow, fromCol, room)
	default:
		copyBlock(to, from, at, rows, cols, toRow, fromRow, fromCol)
	}
}

// transposeBlock is packBlock with fromRow 1.
func transposeBlock(to, from []float32, at, rows, cols, toRow, fromCol int, room bool) {
	whole := 0
	if transpose != nil {
		whole = rows &^ 7
	}
	for i := 0; i < whole; i += transposeDepth {
		depth := min(transposeDepth, whole-i)
		for j := 0; j < cols; j += 8 {
			lanes := min(8, cols-j)
			stored := lanes
			if room {
				stored = 8
			}
			transpose(&to[i*toRow+j], &from[at+i+j*fromCol], toRow, fromCol, lanes, stored, depth)
		}
	}
	if whole < rows {
		copyBlock(to[whole*toRow:], from, at+whole, rows-whole, cols, toRow, 1, fromCol)
	}
}
