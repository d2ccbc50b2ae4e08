package kernel

import "fmt"

// Family names the kernels that products are taken by on this processor, for people:
// the instructions they are written in and the size of a tile of results.
func Family() string {
	sets := availableTiles()
	if len(sets) == 0 {
		return "plain Go"
	}
	name := map[int]string{8: "AVX2", 16: "AVX-512"}[sets[0].lanes]
	return fmt.Sprintf("%s, %d by %d", name, sets[0].rows, 2*sets[0].lanes)
}
