package initial

import "gonum.org/v1/gonum/mat"

// Orthogonal draws from all matrices whose columns have length 1 and stand at right
// angles, each as likely as the next; where more numbers go out than come in, the
// rows do. It is the first factor of the QR decomposition of normal draws, with
// signs that make the diagonal of the second positive.
//
// Source: Saxe, McClelland and Ganguli, Exact Solutions to the Nonlinear Dynamics of
// Learning in Deep Linear Neural Networks, 2014; Mezzadri, How to Generate Random
// Matrices from the Classical Compact Groups, 2007.
func Orthogonal(m Matrix, d Draws) []float64 {
	rows, cols := m.Rows(), m.Out
	tall, wide := max(rows, cols), min(rows, cols)
	if wide == 0 {
		return nil
	}
	var qr mat.QR
	qr.Factorize(mat.NewDense(tall, wide, d.normal(tall*wide)))
	var q, r mat.Dense
	qr.QTo(&q)
	qr.RTo(&r)
	values := make([]float64, rows*cols)
	for i := range tall {
		for j := range wide {
			x := q.At(i, j)
			if r.At(j, j) < 0 {
				x = -x
			}
			if rows >= cols {
				values[i*cols+j] = x
			} else {
				values[j*cols+i] = x
			}
		}
	}
	return values
}
