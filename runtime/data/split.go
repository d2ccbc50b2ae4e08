package data

import (
	"math"
	"slices"

	"ncd/runtime/tensor"
)

// splitShuffled puts the examples in an order that is always the same, and cuts
// off the given part as the test set.
func splitShuffled(all *Set, part float64) *Splits {
	shuffled := all.pick(shuffledOrder(all.Len()))
	train, test := shuffled.cut(part)
	return &Splits{Train: train, Test: test}
}

// holdOut takes the given part of the training set, chosen by an order that is
// always the same, as the validation set.
func (s *Splits) holdOut(part float64) {
	if part == 0 || s.Validation != nil {
		return
	}
	shuffled := s.Train.pick(shuffledOrder(s.Train.Len()))
	s.Train, s.Validation = shuffled.cut(part)
}

func shuffledOrder(n int) []int32 {
	order := make([]int32, n)
	Shuffle(order, 0, 0)
	return order
}

// cut parts a set before its last examples; there is no second set where the part
// is none of them.
func (s *Set) cut(part float64) (most, last *Set) {
	n := s.Len()
	k := portion(n, part)
	if k == 0 {
		return s, nil
	}
	return s.Rows(0, n-k), s.Rows(n-k, n)
}

// portion is a part of n, rounded to the nearest.
func portion(n int, part float64) int { return int(math.Round(float64(n) * part)) }

// pick is the given examples in the given order, in storage of their own.
func (s *Set) pick(examples []int32) *Set {
	picked := &Set{slices.Clone(s.Columns)}
	for i, c := range s.Columns {
		picked.Columns[i].Values = pickRows(c, examples)
		picked.Columns[i].Windows = nil
	}
	return picked
}

func pickRows(c Column, examples []int32) *tensor.Tensor {
	dims := append([]int{len(examples)}, c.Dims...)
	picked := tensor.New(c.Values.DType(), nil, dims...)
	switch picked.DType() {
	case tensor.Uint8:
		copyRows(tensor.Elements[uint8](picked), tensor.Elements[uint8](c.Values), examples, c.layout())
	case tensor.Int32:
		copyRows(tensor.Elements[int32](picked), tensor.Elements[int32](c.Values), examples, c.layout())
	default:
		copyRows(tensor.Elements[float32](picked), tensor.Elements[float32](c.Values), examples, c.layout())
	}
	return picked
}

// standardise gives the first field of all sets mean 0 and variance 1 on the
// training set, for each place of its last axis on its own. What is the same in
// every training example keeps its spread.
func (s *Splits) standardise() {
	train := s.Train.Columns[0]
	width := train.Dims[len(train.Dims)-1]
	mean, deviation := moments(tensor.Elements[float32](train.Values), width)
	for _, set := range s.sets() {
		c := &set.Columns[0]
		scaled := slices.Clone(tensor.Elements[float32](c.Values))
		for i, v := range scaled {
			scaled[i] = float32((float64(v) - mean[i%width]) / deviation[i%width])
		}
		c.Values = tensor.Of(scaled, nil, c.Values.Dims...)
	}
}

// moments are the mean and the standard deviation of each of width columns; where
// the deviation is 0 it is given as 1.
func moments(values []float32, width int) (mean, deviation []float64) {
	mean, deviation = make([]float64, width), make([]float64, width)
	rows := float64(max(1, len(values)/max(1, width)))
	for i, v := range values {
		mean[i%width] += float64(v) / rows
	}
	for i, v := range values {
		d := float64(v) - mean[i%width]
		deviation[i%width] += d * d / rows
	}
	for i, v := range deviation {
		deviation[i] = math.Sqrt(v)
		// Rounding alone gives a constant column a deviation of about 1e-8 of its size.
		if deviation[i] <= 1e-6*math.Abs(mean[i]) {
			deviation[i] = 1
		}
	}
	return mean, deviation
}
