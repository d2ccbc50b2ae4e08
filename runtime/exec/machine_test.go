package exec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/grammar/source"
	"ncd/runtime/kernel"
)

// feed writes numbers into all inputs that differ from run to run.
func feed(m *Machine, run int) {
	for _, a := range m.Arrays(plan.Input) {
		for i := range a.Float32 {
			a.Float32[i] = float32(math.Sin(float64(i + 100*run)))
		}
		for i := range a.Int32 {
			a.Int32[i] = int32((i*7 + run) % a.In)
		}
	}
}

// memory is all that a machine holds, as bytes.
func memory(t *testing.T, m *Machine) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, data := range []any{m.float32s, m.int32s} {
		if err := binary.Write(&b, binary.LittleEndian, data); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func dropout(t *testing.T) *diagram.Diagram {
	d := trainingStep(t, 64, 100, 70, 10)
	noise := wire("noise", axis("batch", 64), axis("pixel", 100))
	drawn := newBox(diagram.Random{Distribution: "normal", Stream: "noise", Scale: 0.1}, noise.Type.Axes, nil, nil, wires(noise))
	noisy := newBox(diagram.Apply(diagram.FnAdd), noise.Type.Axes, nil, wires(d.In[0], noise), wires(wire("noisy", noise.Type.Axes...)))
	for _, b := range d.Boxes {
		for i, w := range b.In {
			if w == d.In[0] {
				b.In[i] = noisy.Out[0]
			}
		}
	}
	d.Boxes = append([]*diagram.Box{drawn, noisy}, d.Boxes...)
	return d
}

// The number of threads changes no bit of any result.
func TestThreadsAgree(t *testing.T) {
	d := dropout(t)
	var want []byte
	for _, threads := range []int{1, 2, 3, 8} {
		m := nestedMachine(t, d, plan.Float32, threads, 1)
		for run := range 5 {
			feed(m, run)
			if err := m.Run(); err != nil {
				t.Fatal(err)
			}
		}
		got := memory(t, m)
		m.Close()
		if want == nil {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d threads do not as 1", threads)
		}
		if bad := m.NotFinite(plan.Weight, plan.State, plan.Output); len(bad) > 0 {
			t.Errorf("%s is not finite", bad[0].Name)
		}
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	for _, profile := range []bool{false, true} {
		m := nestedMachine(t, dropout(t), plan.Float32, 2, 1)
		if profile {
			m.Close()
			var err error
			if m, err = Bind(m.Plan(), Options{Threads: 2, Profile: true}); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		var stats debug.GCStats
		debug.ReadGCStats(&stats)
		before := stats.NumGC
		if n := testing.AllocsPerRun(100, func() { m.Run() }); n != 0 {
			t.Errorf("profile %v: %v allocations a run", profile, n)
		}
		if debug.ReadGCStats(&stats); stats.NumGC != before {
			t.Errorf("profile %v: garbage was collected", profile)
		}
		if profile && slices.Max(m.Spent()) == 0 {
			t.Error("no step took any time")
		}
		m.Close()
	}
}

func TestPlaceOutsideItsTableIsAFault(t *testing.T) {
	v, b := axis("v", 5), axis("b", 3)
	take := newBox(diagram.Take{}, axes(b), axes(v), wires(wire("table", v), place("tokens", v, b)), wires(wire("y", b)))
	take.Name, take.Path, take.Kind = "embed", []string{"net"}, "linear"
	take.Span = source.Span{File: &source.File{Name: "net.ncd", Text: "\n  tokens >> linear"}, Start: 3, End: 5}
	put := newBox(diagram.Put{}, axes(b), axes(v), wires(wire("x", b), place("tokens", v, b)), wires(wire("y", v)))
	for _, box := range []*diagram.Box{take, put} {
		for _, float := range []plan.DType{plan.Float32, plan.Float64} {
			m := machineOf(t, diagramOf(box), float, 2)
			tokens, _ := m.Array(plan.Input, "tokens")
			for _, bad := range []int32{-1, 5} {
				tokens.Int32[1] = bad
				err := m.Run()
				var fault *Fault
				var cause *kernel.PlaceError
				if !errors.As(err, &fault) || !errors.As(err, &cause) || cause.Place != bad {
					t.Fatalf("%s of place %d: got %v", box.Op.Kind(), bad, err)
				}
				if want := "net.ncd:2:3: net.embed (linear): place"; box == take && !strings.HasPrefix(err.Error(), want) {
					t.Errorf("got %q, want %q", err, want)
				}
			}
			tokens.Int32[1] = 4
			if err := m.Run(); err != nil {
				t.Errorf("got %v after the mend", err)
			}
			m.Close()
		}
	}
}

// First values hang on seed and path alone.
func TestFirstValues(t *testing.T) {
	first := func(d *diagram.Diagram, seed uint64) Array {
		m := machineOf(t, d, plan.Float32, 1)
		m, err := Bind(m.Plan(), Options{Threads: 1, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return find(t, m, plan.Weight, "affine.0.weight")
	}
	small, deep := trainingStep(t, 2, 40, 30, 10), trainingStep(t, 8, 40, 30, 20, 10)
	got := first(small, 7)
	if !slices.Equal(got.Float32, first(deep, 7).Float32) {
		t.Error("another layer changes the first values of the first")
	}
	if slices.Equal(got.Float32, first(small, 8).Float32) {
		t.Error("another seed draws the same")
	}
	limit := 1 / math.Sqrt(40)
	if low, high := slices.Min(got.Float32), slices.Max(got.Float32); float64(low) < -limit || float64(high) > limit || float64(high-low) < 1.9*limit {
		t.Errorf("uniform weights lie from %v to %v, want about ±%v", low, high, limit)
	}
}

func TestDraws(t *testing.T) {
	i := axis("i", 9000)
	const third = 1. / 3
	cases := []struct {
		distribution   string
		mean, variance float64
	}{{"normal", 0, 1}, {"uniform", 0.5, third / 4}, {"sign", 0, 1}}
	for _, c := range cases {
		for _, fixed := range []bool{false, true} {
			t.Run(fmt.Sprint(c.distribution, fixed), func(t *testing.T) {
				op := diagram.Random{Distribution: c.distribution, Stream: "s", Scale: 2, Fixed: fixed}
				m := machineOf(t, diagramOf(newBox(op, axes(i), nil, nil, wires(wire("y", i)))), plan.Float64, 2)
				defer m.Close()
				y, _ := m.Array(plan.Output, "y")
				if err := m.Run(); err != nil {
					t.Fatal(err)
				}
				first := slices.Clone(y.Float64)
				sum, squares := 0.0, 0.0
				for _, x := range first {
					sum, squares = sum+x, squares+x*x
				}
				mean := sum / 9000
				if math.Abs(mean-2*c.mean) > 0.1 || math.Abs(squares/9000-mean*mean-4*c.variance) > 0.2 {
					t.Errorf("mean %v, variance %v; want %v and %v", mean, squares/9000-mean*mean, 2*c.mean, 4*c.variance)
				}
				if m.Run(); slices.Equal(y.Float64, first) != fixed {
					t.Errorf("drawn again the same: %v, want %v", !fixed, fixed)
				}
				m.SetRuns(0)
				if m.Run(); !slices.Equal(y.Float64, first) {
					t.Error("run 1 again draws other numbers")
				}
			})
		}
	}
}

func TestNotFinite(t *testing.T) {
	cases := []struct {
		name string
		a    Array
		want int
	}{
		{"nothing", Array{}, -1},
		{"places", Array{Int32: []int32{1}}, -1},
		{"numbers", Array{Float32: []float32{1, math.MaxFloat32}}, -1},
		{"infinite", Array{Float32: []float32{1, float32(math.Inf(-1))}}, 1},
		{"not a number", Array{Float64: []float64{1, 2, math.NaN()}}, 2},
		{"infinite in double precision", Array{Float64: []float64{math.Inf(1)}}, 0},
	}
	for _, c := range cases {
		if got := c.a.NotFinite(); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestBindRefusesAnUnsoundPlan(t *testing.T) {
	p := machineOf(t, diagramOf(newBox(diagram.Apply(diagram.FnNeg), nil, nil, wires(wire("x")), wires(wire("y")))), plan.Float32, 1).Plan()
	p.Steps[0].In[0].Offset = 1
	if _, err := Bind(p, Options{}); err == nil || !strings.Contains(err.Error(), "elements 1 to 1 of a buffer of 1") {
		t.Errorf("got %v", err)
	}
}
