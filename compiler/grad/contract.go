package grad

// contract sends each operand the cotangent contracted with the other operands.
// The index space stays the same, so a window scatters, a diagonal puts on the
// diagonal, and an axis that only the operand has is filled evenly.
func contract(a *application) {
	for i, wanted := range a.wants {
		if !wanted {
			continue
		}
		factors := []operand{a.received(0)}
		for j := range a.box.In {
			if j != i {
				factors = append(factors, a.input(j))
			}
		}
		a.sendProduct(i, factors)
	}
}

// sendProduct sends an input the product of the factors, added up over what it lacks.
func (a *application) sendProduct(input int, factors []operand) {
	to := a.input(input)
	if len(factors) == 1 && samePlaces(factors[0].maps, to.maps, len(a.space())) {
		a.Send(to.wire, factors[0].wire)
		return
	}
	a.Send(to.wire, a.contracted(factors, to))
}
