package train

import (
	"context"
	"math"
	"slices"
	"testing"

	"ncd/compiler/plan"
	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/kernel"
	"ncd/runtime/tensor"
)

// mapped is the plan of the loss w·x, added up over a batch of pairs and over both
// columns of w. Nothing changes w, which begins with the principal directions of x.
func mapped(batch int) *plan.Plan {
	p := pairs(batch)
	p.Buffers = append(p.Buffers,
		plan.Buffer{Name: "w", Role: plan.Weight, Axes: []string{"in", "out"}, Dims: []int{2, 2}, Fixed: plan.Fixed{Kind: "pca", Scale: 3, From: 1}},
		plan.Buffer{Name: "like", Role: plan.Weight, Axes: []string{"in", "out"}, Dims: []int{2, 2}, Offset: 16, Fixed: plan.Fixed{Kind: "pca", Scale: 3, From: 1, Like: "w"}},
		plan.Buffer{Name: "loss", Role: plan.Output, Offset: 32})
	p.Steps = []plan.Step{{
		Kernel: plan.Contract{Dims: []int{batch, 2, 2}, Summed: 3},
		In:     []plan.View{{Buffer: 0, Strides: []int{2, 1, 0}}, {Buffer: 1, Strides: []int{0, 2, 1}}},
		Out:    []plan.View{{Buffer: 3, Strides: []int{0, 0, 0}}},
		Origin: plan.Origin{Kind: "loss", Span: lossLine},
	}}
	return p
}

// fedPairs is the plan that hands on the pairs of a batch.
func fedPairs(batch int) (*plan.Plan, error) {
	p := pairs(batch)
	p.Buffers = append(p.Buffers, plan.Buffer{Name: "w", Role: plan.Output, Axes: []string{"n", "in"}, Dims: []int{batch, 2}})
	view := plan.View{Strides: []int{2, 1}}
	to := view
	to.Buffer = 1
	p.Steps = []plan.Step{{Kernel: plan.Contract{Dims: []int{batch, 2}}, In: []plan.View{view}, Out: []plan.View{to}}}
	p.Numbers += 2 * batch
	return p, nil
}

func pairs(batch int) *plan.Plan {
	const before = 128
	return &plan.Plan{
		Name:    "test",
		Buffers: []plan.Buffer{{Name: "x", Role: plan.Input, Axes: []string{"batch", "in"}, Dims: []int{batch, 2}, Offset: before}},
		Numbers: before + 2*batch,
	}
}

// slanted are pairs around [7 -9] that vary by 2 along [0.6 0.8] and by 0.5 across.
func slanted(n int) *data.Set {
	drawn, values := make([]float64, 2*n), make([]float32, 2*n)
	kernel.Normal(drawn, kernel.Key{Seed: 5}, 0)
	for i := range n {
		along, across := 2*drawn[2*i], 0.5*drawn[2*i+1]
		values[2*i], values[2*i+1] = float32(7+0.6*along-0.8*across), float32(-9+0.8*along+0.6*across)
	}
	field := data.Field{Name: "x", Dims: []int{2}}
	return &data.Set{Columns: []data.Column{{Field: field, Values: tensor.Of(values, nil, n, 2), Unit: 1}}}
}

func slantedTraining(threads int) *Training {
	return &Training{
		Step: mapped(4), Fed: fedPairs, Data: &data.Splits{Train: slanted(500)}, Batch: 4, Steps: 1, Seed: 1, Threads: threads,
		Evaluate: func(batch int) (*plan.Plan, error) { return mapped(batch), nil },
	}
}

// TestBeginsWithData runs a step and looks at the weight that no step changes.
func TestBeginsWithData(t *testing.T) {
	var first []float32
	for _, threads := range []int{1, 3} {
		r, err := Bind(slantedTraining(threads))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		folder, err := Create(t.TempDir()+"/run", &Record{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Run(context.Background(), folder, silent{}); err != nil {
			t.Fatal(err)
		}
		w, _ := r.current.machine.Array(plan.Weight, "w")
		like, _ := r.current.machine.Array(plan.Weight, "like")
		if !slices.Equal(w.Float32, like.Float32) {
			t.Errorf("what is like it is %v, want %v", like.Float32, w.Float32)
		}
		if first = append(first, w.Float32...); !slices.Equal(first[:4], w.Float32) {
			t.Errorf("with %d threads %v, with 1 %v", threads, w.Float32, first[:4])
		}
	}
	for i, want := range []float64{1.8, 2.4, 2.4, -1.8} {
		at := []int{0, 2, 1, 3}[i]
		if got := float64(first[at]); math.Abs(got-want) > 0.15 {
			t.Errorf("w is %v, want near 3 times [0.6 0.8] and [0.8 -0.6] as columns", first[:4])
			break
		}
	}
}

type silent struct{}

func (silent) Stepped(int, float64)   {}
func (silent) Measured(int, []Metric) {}

// TestBeginsNotWithout refuses to draw such weights where there are no data.
func TestBeginsNotWithout(t *testing.T) {
	_, err := FirstWeights(mapped(4), 1)
	if f := fault.As(err); f == nil || f.Code != fault.MissingData {
		t.Errorf("got %v, want MissingData", err)
	}
	if _, err := Apply(&Application{Plan: mapped(4), Fresh: true}); fault.As(err) == nil {
		t.Errorf("got %v, want a fault", err)
	}
}

// TestStageKeepsWeights: a stage goes on with the weight as it is.
func TestStageKeepsWeights(t *testing.T) {
	s, err := bindStage(slantedTraining(1), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	w, _ := s.machine.Array(plan.Weight, "w")
	copy(w.Float32, []float32{1, 2, 3, 4})
	after, err := s.next(slantedTraining(1))
	if err != nil {
		t.Fatal(err)
	}
	defer after.close()
	if err := after.begin(); err != nil {
		t.Fatal(err)
	}
	if now, _ := after.machine.Array(plan.Weight, "w"); !slices.Equal(now.Float32, []float32{1, 2, 3, 4}) {
		t.Errorf("got %v, want 1 to 4", now.Float32)
	}
}
