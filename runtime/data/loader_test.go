package data

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ncd/runtime/tensor"
)

// numbered is a set whose example i is the byte i and the place i.
func numbered(n int) *Set {
	bytes, place := make([]uint8, n), make([]int32, n)
	for i := range n {
		bytes[i], place[i] = uint8(i), int32(i)
	}
	return &Set{[]Column{
		numbers("x", []string{"one"}, tensor.Of(bytes, nil, n, 1), 2),
		places("y", nil, tensor.Of(place, nil, n), n),
	}}
}

// deal is the examples of some batches, and where each batch stands.
func deal(l *Loader, batches int) (dealt [][]int32, at []Position) {
	for range batches {
		b := l.Next()
		if b == nil {
			return dealt, at
		}
		dealt = append(dealt, slices.Clone(tensor.Elements[int32](b.Values[1])[:b.Count]))
		at = append(at, b.Position)
	}
	return dealt, at
}

func TestShuffleIsAPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := make([]int32, rapid.IntRange(0, 300).Draw(t, "n"))
		Shuffle(order, rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 100).Draw(t, "epoch"))
		slices.Sort(order)
		for i, v := range order {
			if v != int32(i) {
				t.Fatalf("%d is missing", i)
			}
		}
	})
}

// The order is part of what a seed promises: it may never change.
func TestShuffleStaysAsItIs(t *testing.T) {
	for _, c := range []struct {
		seed  uint64
		epoch int
		want  []int32
	}{
		{0, 0, []int32{1, 2, 5, 7, 0, 8, 4, 3, 9, 6}},
		{1, 0, []int32{6, 4, 7, 2, 9, 1, 5, 0, 8, 3}},
		{1, 1, []int32{4, 3, 0, 8, 2, 5, 1, 7, 6, 9}},
	} {
		got := make([]int32, 10)
		Shuffle(got, c.seed, c.epoch)
		if !slices.Equal(got, c.want) {
			t.Errorf("seed %d, epoch %d: got %v, want %v", c.seed, c.epoch, got, c.want)
		}
	}
}

// The first numbers from 0 are those of the authors' own program.
func TestSplitMix(t *testing.T) {
	var s splitMix
	for _, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		if got := s.next(); got != want {
			t.Errorf("got %#x, want %#x", got, want)
		}
	}
}

// Every place of five gets every example equally often, within four standard
// deviations, over neighbouring seeds and epochs.
func TestShuffleIsEven(t *testing.T) {
	const n, draws = 5, 20000
	var count [n][n]int
	order := make([]int32, n)
	for i := range draws {
		Shuffle(order, uint64(i/100), i%100)
		for place, example := range order {
			count[place][example]++
		}
	}
	mean := float64(draws) / n
	deviation := math.Sqrt(mean * (1 - 1./n))
	for place := range n {
		for example, c := range count[place] {
			if math.Abs(float64(c)-mean) > 4*deviation {
				t.Errorf("example %d is %d times at place %d, want %.0f ± %.0f", example, c, place, mean, deviation)
			}
		}
	}
}

func TestTrainingDealsFullBatchesOfEachEpoch(t *testing.T) {
	l := NewLoader(numbered(10), Dealing{Batch: 4, IsTraining: true, Seed: 3})
	defer l.Close()
	dealt, at := deal(l, 4)
	if want := []Position{{0, 0}, {0, 1}, {1, 0}, {1, 1}}; !slices.Equal(at, want) {
		t.Errorf("positions are %v, want %v", at, want)
	}
	for epoch := range 2 {
		order := make([]int32, 10)
		Shuffle(order, 3, epoch)
		if got := slices.Concat(dealt[2*epoch], dealt[2*epoch+1]); !slices.Equal(got, order[:8]) {
			t.Errorf("epoch %d deals %v, want %v", epoch, got, order[:8])
		}
	}
}

func TestTrainingGoesOnWhereItStopped(t *testing.T) {
	how := Dealing{Batch: 3, IsTraining: true, Seed: 9}
	whole := NewLoader(numbered(10), how)
	defer whole.Close()
	dealt, at := deal(whole, 8)
	for i, start := range at {
		how.Start = start
		rest := NewLoader(numbered(10), how)
		got, _ := deal(rest, 8-i)
		rest.Close()
		if diff := cmp.Diff(dealt[i:], got); diff != "" {
			t.Errorf("from %v (-want +got):\n%s", start, diff)
		}
	}
	how.Start = Position{0, 3} // behind the last batch of the epoch
	next := NewLoader(numbered(10), how)
	defer next.Close()
	if _, got := deal(next, 1); got[0] != (Position{1, 0}) {
		t.Errorf("goes on at %v, want the next epoch", got[0])
	}
}

func TestSmallSetIsRepeatedWithinABatch(t *testing.T) {
	l := NewLoader(numbered(3), Dealing{Batch: 7, IsTraining: true, Seed: 1})
	defer l.Close()
	dealt, _ := deal(l, 1)
	count := make([]int, 3)
	for _, e := range dealt[0] {
		count[e]++
	}
	slices.Sort(count)
	if !slices.Equal(count, []int{2, 2, 3}) {
		t.Errorf("examples occur %v times in a batch of 7", count)
	}
}

func TestEvaluationDealsEveryExampleOnce(t *testing.T) {
	for _, n := range []int{1, 3, 4, 8, 9} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			l := NewLoader(numbered(n), Dealing{Batch: 4})
			defer l.Close()
			dealt, _ := deal(l, 100)
			all := slices.Concat(dealt...)
			for i, e := range all {
				if e != int32(i) {
					t.Fatalf("dealt %v", all)
				}
			}
			if len(all) != n || len(dealt) != (Dealing{Batch: 4}).Batches(n) {
				t.Errorf("dealt %v in %d batches", all, len(dealt))
			}
			if l.Next() != nil {
				t.Error("there is a batch behind the last")
			}
		})
	}
}

func TestPaddingRepeatsAnExample(t *testing.T) {
	l := NewLoader(numbered(6), Dealing{Batch: 4})
	defer l.Close()
	l.Next()
	b := l.Next()
	want := &Batch{
		Position: Position{0, 1}, Count: 2,
		Streams: []uint64{Stream(0, 0, 4), Stream(0, 0, 5), Stream(0, 0, 4), Stream(0, 0, 4)},
		Values: []*tensor.Tensor{
			tensor.Of([]float32{2, 2.5, 2, 2}, []string{"batch", "one"}, 4, 1), // the unit is 2
			tensor.Of([]int32{4, 5, 4, 4}, []string{"batch"}, 4),
		},
	}
	if diff := cmp.Diff(want, b, cmp.AllowUnexported(tensor.Tensor{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoaderTakesNoMoreMemory(t *testing.T) {
	text := stream{tensor.New(tensor.Uint8, nil, 500), []string{"a"}, "", ""}
	for name, set := range map[string]*Set{
		"rows":                numbered(100),
		"overlapping windows": text.windows(0, 500, 1, 16),
		"wide places":         (&Set{[]Column{places("y", []string{"s"}, tensor.New(tensor.Int32, nil, 30, 4), 9)}}),
		"numbers":             (&Set{[]Column{numbers("x", []string{"s"}, tensor.New(tensor.Float32, nil, 30, 4), 1)}}),
	} {
		t.Run(name, func(t *testing.T) {
			l := NewLoader(set, Dealing{Batch: 8, IsTraining: true})
			defer l.Close()
			l.Next()
			if n := testing.AllocsPerRun(200, func() { l.Next() }); n > 0 {
				t.Errorf("a batch takes %v allocations", n)
			}
		})
	}
}

// A window is a view on the text: next is tokens one on.
func TestWindowsAreViews(t *testing.T) {
	text := make([]uint8, 50)
	for i := range text {
		text[i] = uint8(i)
	}
	set := stream{tensor.Of(text, nil, 50), make([]string, 50), "", ""}.windows(10, 40, 2, 4)
	if set.Len() != 13 { // windows begin at 10, 12 … 34; the last next ends with 38
		t.Errorf("there are %d windows", set.Len())
	}
	l := NewLoader(set.Rows(1, 13), Dealing{Batch: 2})
	defer l.Close()
	b := l.Next()
	if got := tensor.Elements[int32](b.Values[0]); !slices.Equal(got, []int32{12, 13, 14, 15, 14, 15, 16, 17}) {
		t.Errorf("tokens are %v", got)
	}
	if got := tensor.Elements[int32](b.Values[1]); !slices.Equal(got, []int32{13, 14, 15, 16, 15, 16, 17, 18}) {
		t.Errorf("next is %v", got)
	}
	if apart := set.Apart(); apart.Len() != 7 || *apart.Columns[1].Windows != (Windows{11, 4, 7}) {
		t.Errorf("apart there are %d windows, %+v", apart.Len(), apart.Columns[1].Windows)
	}
}

// Each example has random numbers of its own, which neither the batch nor where a
// run goes on can change.
func TestStreamsBelongToExamples(t *testing.T) {
	seen := map[uint64]bool{}
	for batch := range 2 {
		how := Dealing{Batch: 5 * (batch + 1), IsTraining: true, Seed: 7, Start: Position{Epoch: 3}}
		l := NewLoader(numbered(10), how)
		defer l.Close()
		b := l.Next()
		for i, s := range b.Streams {
			if want := Stream(7, 3, int(tensor.Elements[int32](b.Values[1])[i])); s != want {
				t.Errorf("batch of %d, place %d: stream is %x, want %x", how.Batch, i, s, want)
			}
			seen[s] = true
		}
	}
	if len(seen) != 10 {
		t.Errorf("10 examples have %d streams", len(seen))
	}
}

func TestCloseEndsTheLoader(t *testing.T) {
	l := NewLoader(numbered(100), Dealing{Batch: 8, IsTraining: true})
	l.Next()
	l.Close()
	l.Close()
	for range 10 {
		if l.Next() == nil {
			return
		}
	}
	t.Error("the loader still deals after it was closed")
}

func BenchmarkLoader(b *testing.B) {
	const examples, pixels, batch = 10000, 28 * 28, 128
	images := tensor.New(tensor.Uint8, nil, examples, pixels)
	set := &Set{[]Column{numbers("image", []string{"pixel"}, images, 255)}}
	l := NewLoader(set, Dealing{Batch: batch, IsTraining: true})
	defer l.Close()
	b.SetBytes(batch * pixels)
	for b.Loop() {
		l.Next()
	}
}
