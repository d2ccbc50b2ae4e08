package kernel

// copyBlock writes to[i·toRow + j·toCol] = from[i·fromRow + j·fromCol] for i < rows, j < cols.
func copyBlock(to, from []float32, rows, cols, toRow, toCol, fromRow, fromCol int) {
	for i := range rows {
		for j := range cols {
			to[i*toRow+j*toCol] = from[i*fromRow+j*fromCol]
		}
	}
}
