package exec

import (
	"math"
	"unsafe"

	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

// Array is a buffer of a machine: its labels and sizes, and its elements in
// row-major order. One of the slices is not nil. They are the machine's own
// memory: what is written to them, the next run reads.
type Array struct {
	Name string
	Axes []string
	Dims []int
	In   int // of places: how many there are along their axis

	Float32 []float32
	Float64 []float64
	Int32   []int32
}

// Array finds the buffer of that role and name.
func (m *Machine) Array(role plan.Role, name string) (Array, bool) {
	i := m.plan.Find(role, name)
	if i < 0 {
		return Array{}, false
	}
	return m.array(m.plan.Buffers[i]), true
}

// Arrays lists the buffers of a role, in the order of the plan.
func (m *Machine) Arrays(role plan.Role) []Array {
	var list []Array
	for _, b := range m.plan.Buffers {
		if b.Role == role {
			list = append(list, m.array(b))
		}
	}
	return list
}

func (m *Machine) array(b plan.Buffer) Array {
	a := Array{Name: b.Name, Axes: b.Axes, Dims: b.Dims, In: b.In}
	from, to := b.Offset, b.Offset+b.Len()
	switch b.DType {
	case plan.Int32:
		a.Int32 = m.int32s[from:to:to]
	case plan.Float64:
		a.Float64 = m.float64s[from:to:to]
	default:
		a.Float32 = m.float32s[from:to:to]
	}
	return a
}

// NotFinite finds the first element of the array that is infinite or not a number,
// or returns -1.
func (a Array) NotFinite() int {
	for i, x := range a.Float32 {
		if x-x != 0 {
			return i
		}
	}
	for i, x := range a.Float64 {
		if math.IsNaN(x - x) {
			return i
		}
	}
	return -1
}

// NotFinite lists the arrays of the given roles in which some number is infinite
// or not a number.
func (m *Machine) NotFinite(roles ...plan.Role) []Array {
	var list []Array
	for _, role := range roles {
		for _, a := range m.Arrays(role) {
			if a.NotFinite() >= 0 {
				list = append(list, a)
			}
		}
	}
	return list
}

// aligned is a slice of n zeros that begins a cache line.
func aligned[E kernel.Float | ~int32](n int) []E {
	const line = 64
	var e E
	size := int(unsafe.Sizeof(e))
	s := make([]E, n+line/size)
	first := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	skip := int((line-first%line)%line) / size
	return s[skip : skip+n : skip+n]
}
