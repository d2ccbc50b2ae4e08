package grad

import (
	"slices"

	"ncd/compiler/diagram"
)

// take sends the array what its places were sent: out[i] = array[places[i], i].
func take(a *application) {
	if !a.wants[0] {
		return
	}
	array, places, sent := a.input(0), a.input(1), a.received(0)
	out := cotangentOf(array.wire)
	weave := a.box.Weave
	weave.In, weave.Out = [][]diagram.Affine{sent.maps, places.maps}, [][]diagram.Affine{array.maps}
	a.Send(array.wire, a.add(a.box, diagram.Put{}, weave, []*diagram.Wire{sent.wire, places.wire}, out))
}

// put sends its numbers what stands at their places: out[places[i], i] += numbers[i].
func put(a *application) {
	if !a.wants[0] {
		return
	}
	numbers, places, sent := a.input(0), a.input(1), a.received(0)
	n := len(a.box.Weave.Degree)
	weave := a.box.Weave
	weave.In = [][]diagram.Affine{sent.maps, places.maps}
	like := numbers
	if !isWhole(numbers.maps, n) {
		like = operand{diagram.NewWire("", weave.Degree...), identity(n)}
	}
	weave.Out = [][]diagram.Affine{like.maps}
	made := a.add(a.box, diagram.Take{}, weave, []*diagram.Wire{sent.wire, places.wire}, cotangentOf(like.wire))
	if !isWhole(numbers.maps, n) {
		made = a.contractedOver(n, operand{made, like.maps}, numbers)
	}
	a.Send(numbers.wire, made)
}

// contractedOver adds up over the first n indices of the space alone: the own axis
// of a look-up is no index that its numbers run over.
func (a *application) contractedOver(n int, in, like operand) *diagram.Wire {
	order, others := a.parted(like.maps)
	summed := slices.DeleteFunc(others, func(i int) bool { return i >= n })
	return a.contraction([]operand{in}, like, order, summed)
}
