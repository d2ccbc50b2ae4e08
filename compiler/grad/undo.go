package grad

// undo sends what it hands on the cotangents of its results.
func undo(a *application) {
	for i, c := range a.cotangents {
		if c != nil && a.wants[i] {
			a.send(i, a.received(i))
		}
	}
}
