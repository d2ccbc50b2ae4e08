package exec

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
)

// failer is a test, or a property of one.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// machineOf lowers a diagram and binds it, and holds that the plan is sound.
func machineOf(t failer, d *diagram.Diagram, float plan.DType, threads int) *Machine {
	t.Helper()
	return nestedMachine(t, d, float, threads, 0)
}

// nestedMachine is machineOf, with steps nested that touch so many numbers.
func nestedMachine(t failer, d *diagram.Diagram, float plan.DType, threads, grain int) *Machine {
	t.Helper()
	p, err := lower.Lower(d, lower.Options{Float: float, Grain: grain})
	if err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	m, err := Bind(p, Options{Threads: threads, Seed: 1})
	if err != nil {
		t.Fatalf("%v in\n%s%s", err, d, p)
	}
	return m
}

// drawArray draws an array by the name of what it is for: normal numbers, or places.
func drawArray(t failer, name string, of shape.Type) *reference.Array {
	t.Helper()
	dims, err := of.Axes.Ints()
	if err != nil {
		t.Fatalf("%v", err)
	}
	h := fnv.New64a()
	h.Write([]byte(name))
	r := rand.New(rand.NewPCG(h.Sum64(), 3))
	a := reference.New(dims...)
	for i := range a.Values {
		a.Values[i] = r.NormFloat64()
		if of.IsPlace() {
			a.Values[i] = float64(r.IntN(of.In.Size.MustInt()))
		}
	}
	return a
}

// give writes an array of the reference to one of a machine.
func give(to Array, from *reference.Array) {
	for i, x := range from.Values {
		switch {
		case to.Float32 != nil:
			to.Float32[i] = float32(x)
		case to.Float64 != nil:
			to.Float64[i] = x
		default:
			to.Int32[i] = int32(x)
		}
	}
}

func values(a Array) []float64 {
	var list []float64
	for _, x := range a.Float32 {
		list = append(list, float64(x))
	}
	list = append(list, a.Float64...)
	for _, x := range a.Int32 {
		list = append(list, float64(x))
	}
	return list
}

// differs says where an array is not what the reference says, to an error relative
// to the largest number.
func differs(name string, got Array, want *reference.Array, tolerance float64) error {
	have := values(got)
	if len(have) != len(want.Values) {
		return fmt.Errorf("%s: got %d numbers, want %d", name, len(have), len(want.Values))
	}
	scale := 1.0
	for _, w := range want.Values {
		if !math.IsInf(w, 0) {
			scale = max(scale, math.Abs(w))
		}
	}
	for i, w := range want.Values {
		if have[i] != w && !(math.Abs(have[i]-w) <= tolerance*scale) {
			return fmt.Errorf("%s, element %d: got %v, want %v", name, i, have[i], w)
		}
	}
	return nil
}

var tolerances = map[plan.DType]float64{plan.Float64: 1e-10, plan.Float32: 1e-4}

// compare runs a flat diagram twice in a row on the reference and on a machine, and
// holds that outputs, weights and states are the same after each run; without nests and
// with as many as there can be.
func compare(t failer, d *diagram.Diagram, float plan.DType, threads int) {
	t.Helper()
	for _, grain := range []int{math.MaxInt, 1} {
		compareNested(t, d, float, threads, grain)
	}
}

func compareNested(t failer, d *diagram.Diagram, float plan.DType, threads, grain int) {
	t.Helper()
	m := nestedMachine(t, d, float, threads, grain)
	defer m.Close()
	given := reference.Values{Weights: map[string]*reference.Array{}}
	for _, b := range d.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			a := drawArray(t, op.Weight.Path, b.Out[0].Type)
			given.Weights[op.Weight.Path] = a
			give(find(t, m, plan.Weight, op.Weight.Path), a)
		}
	}
	for _, s := range d.States {
		a := drawArray(t, s.Path, s.In.Type)
		for i, x := range a.Values { // what is remembered may be a variance
			if s.Weight == nil {
				a.Values[i] = math.Abs(x)
			}
		}
		given.States = append(given.States, a)
		give(stateOf(t, m, s), a)
	}
	same := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v in\n%s%s", err, d, m.Plan())
		}
	}
	for run := range 2 {
		given.Arrays = nil
		for i, w := range d.In {
			a := drawArray(t, w.Name+string(rune('0'+run)), w.Type)
			given.Arrays = append(given.Arrays, a)
			give(m.Arrays(plan.Input)[i], a)
		}
		want, err := reference.Run(d, given)
		if err != nil {
			t.Fatalf("%v in\n%s", err, d)
		}
		if err := m.Run(); err != nil {
			t.Fatalf("%v in\n%s", err, m.Plan())
		}
		for i, w := range d.Out {
			same(differs("output "+w.Name, m.Arrays(plan.Output)[i], want.Arrays[i], tolerances[float]))
		}
		for i, s := range d.States {
			same(differs("state "+s.Path, stateOf(t, m, s), want.States[i], tolerances[float]))
		}
		given.States = want.States
	}
}

func find(t failer, m *Machine, role plan.Role, name string) Array {
	t.Helper()
	a, ok := m.Array(role, name)
	if !ok {
		t.Fatalf("no %s %s in\n%s", role, name, m.Plan())
	}
	return a
}

func stateOf(t failer, m *Machine, s *diagram.State) Array {
	t.Helper()
	if s.Weight != nil {
		return find(t, m, plan.Weight, s.Weight.Path)
	}
	return find(t, m, plan.State, s.Path)
}

func compareAll(t *testing.T, d *diagram.Diagram) {
	t.Helper()
	for _, float := range []plan.DType{plan.Float64, plan.Float32} {
		t.Run(float.String(), func(t *testing.T) { compare(t, d, float, 3) })
	}
}
