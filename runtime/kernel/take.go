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
	rank := len(t.Dims) + len(t.Row)
	mustFitRank(rank)
	t.Places.mustHaveRank(len(t.Dims), "places")
	t.Table.mustHaveRank(rank, "table")
	t.Out.mustHaveRank(rank, "output")
	return &t
}

// RunTake looks all rows up. On a *PlaceError the rows before it are written.
func RunTake[F Float](t *Take, out, table []F, places []int32) error {
	var at [MaxRank]int
	index := at[:len(t.Dims)]
	for i := range count(t.Dims) {
		place, err := t.place(i, index, places)
		if err != nil {
			return err
		}
		t.eachOfRow(at[:], func(tableAt, outAt int) { out[outAt] = table[tableAt+place*t.Stride] })
		advance(t.Dims, index)
	}
	return nil
}

// RunPut adds every row of out to the table's row of its place, in the order of
// the places. On a *PlaceError the rows before it are added.
func RunPut[F Float](t *Take, table, out []F, places []int32) error {
	var at [MaxRank]int
	index := at[:len(t.Dims)]
	for i := range count(t.Dims) {
		place, err := t.place(i, index, places)
		if err != nil {
			return err
		}
		t.eachOfRow(at[:], func(tableAt, outAt int) { table[tableAt+place*t.Stride] += out[outAt] })
		advance(t.Dims, index)
	}
	return nil
}

func (t *Take) place(i int, index []int, places []int32) (int, error) {
	place := places[t.Places.at(index)]
	if place < 0 || int(place) >= t.Size {
		return 0, &PlaceError{i, place, t.Size}
	}
	return int(place), nil
}

func (t *Take) eachOfRow(at []int, do func(tableAt, outAt int)) {
	rank := len(t.Dims) + len(t.Row)
	inner := at[len(t.Dims):rank]
	for range count(t.Row) {
		do(t.Table.at(at[:rank]), t.Out.at(at[:rank]))
		advance(t.Row, inner)
	}
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
			out[start+v*o.Stride] = F(truth(int(place) == v))
		}
		advance(o.Dims, index)
	}
}
