package kernel

import "fmt"

// Take describes a look-up of rows by place: for every index i of Dims and
// every index j of Row,
//
//	out[i, j] = table[i, places[i], j]
//
// An embedding's table does not depend on i (its strides there are 0); where it
// does, as for the score of each example's label, this is a gather.
//
// Put is its transpose: table[i, places[i], j] += out[i, j].
type Take struct {
	Dims, Row []int
	Size      int  // number of places in the table
	Stride    int  // of the table from place to place
	Places    View // over Dims
	Table     View // over Dims and then Row
	Out       View // over Dims and then Row

	row                []int // Row with neighbours joined where both operands allow
	tableView, outView View  // over Dims and then row
}

// PlaceError is a place that the table does not have.
type PlaceError struct {
	Index int // where among the places, row-major
	Place int32
	Size  int // places run from 0 up to Size-1
}

func (e *PlaceError) Error() string {
	return fmt.Sprintf("place %d at position %d, the table has places 0 to %d", e.Place, e.Index, e.Size-1)
}

// NewTake makes t ready to run.
func NewTake(t Take) *Take {
	n := len(t.Dims)
	rank := n + len(t.Row)
	mustFitRank(rank)
	t.Places.mustHaveRank(n, "places")
	t.Table.mustHaveRank(rank, "table")
	t.Out.mustHaveRank(rank, "output")
	row, views := joinAxes(t.Row, []View{{0, t.Table.Strides[n:]}, {0, t.Out.Strides[n:]}})
	if len(row) == 0 {
		row, views[0].Strides, views[1].Strides = []int{1}, []int{1}, []int{1}
	}
	t.row = row
	t.tableView = View{t.Table.Offset, joined(t.Table.Strides[:n], views[0].Strides)}
	t.outView = View{t.Out.Offset, joined(t.Out.Strides[:n], views[1].Strides)}
	return &t
}

// RunTake looks all rows up. On a *PlaceError the rows before it are written.
func RunTake[F Float](t *Take, out, table []F, places []int32) error {
	return t.eachStretch(places, func(n, tableAt, outAt, tableStep, outStep int) {
		if tableStep == 1 && outStep == 1 {
			copy(out[outAt:outAt+n], table[tableAt:tableAt+n])
			return
		}
		for j := range n {
			out[outAt+j*outStep] = table[tableAt+j*tableStep]
		}
	})
}

// RunPut adds every row of out to the table's row of its place, in the order of
// the places. On a *PlaceError the rows before it are added.
func RunPut[F Float](t *Take, table, out []F, places []int32) error {
	return t.eachStretch(places, func(n, tableAt, outAt, tableStep, outStep int) {
		for j := range n {
			table[tableAt+j*tableStep] += out[outAt+j*outStep]
		}
	})
}

// eachStretch hands out the stretches along the innermost axis of every row:
// how long, where each operand begins, and how far apart its elements are.
func (t *Take) eachStretch(places []int32, do func(n, tableAt, outAt, tableStep, outStep int)) error {
	var at [MaxRank]int
	index := at[:len(t.Dims)+len(t.row)]
	outer, inner := index[:len(t.Dims)], index[len(t.Dims):]
	last := len(index) - 1
	n := t.row[len(t.row)-1]
	for i := range count(t.Dims) {
		place := places[t.Places.at(outer)]
		if place < 0 || int(place) >= t.Size {
			return &PlaceError{i, place, t.Size}
		}
		for left := count(t.row); left > 0; left -= n {
			do(n, t.tableView.at(index)+int(place)*t.Stride, t.outView.at(index), t.tableView.Strides[last], t.outView.Strides[last])
			inner[len(inner)-1] = n - 1
			advance(t.row, inner)
		}
		advance(t.Dims, outer)
	}
	return nil
}

// OneHot describes out[i, v] = 1 where places[i] = v, else 0, for every index i
// of Dims and v < Size. A place outside the axis gives a row of zeros.
type OneHot struct {
	Dims   []int
	Size   int
	Places View // over Dims
	Out    View // over Dims
	Stride int  // of out along the places
}

// RunOneHot computes o.
func RunOneHot[F Float](o *OneHot, out []F, places []int32) {
	o.Places.mustHaveRank(len(o.Dims), "places")
	o.Out.mustHaveRank(len(o.Dims), "output")
	var at [MaxRank]int
	index := at[:len(o.Dims)]
	for range count(o.Dims) {
		start, place := o.Out.at(index), places[o.Places.at(index)]
		for v := range o.Size {
			out[start+v*o.Stride] = 0
		}
		if place >= 0 && int(place) < o.Size {
			out[start+int(place)*o.Stride] = 1
		}
		advance(o.Dims, index)
	}
}
