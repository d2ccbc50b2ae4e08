package train

import (
	"cmp"
	"hash/fnv"
	"slices"

	"ncd/compiler/plan"
	"ncd/runtime/data"
	"ncd/runtime/exec"
	"ncd/runtime/fault"
	"ncd/runtime/initial"
	"ncd/runtime/kernel"
)

// What first values are made of: the first examples that the run will train on, and
// at each of them some of the places that a map meets there.
const (
	examplesFed = 2048
	samplesFed  = 10000
	batchFed    = 16 // windows of a layer of many channels are large
)

// fedBuffers are the weights of a plan whose first values are made of what flows in.
func fedBuffers(p *plan.Plan) []plan.Buffer {
	var list []plan.Buffer
	for _, b := range p.Buffers {
		if b.Role == plan.Weight && initial.FromData[b.Fixed.Kind] != nil {
			list = append(list, b)
		}
	}
	return list
}

// holdNoData refuses a plan that needs data for its first values, where there are
// none.
func holdNoData(p *plan.Plan) error {
	for _, b := range fedBuffers(p) {
		return fault.New(fault.MissingData, "", "the first values of weight `%s` are made of data (`%s`), and there are none here", b.Name, b.Fixed.Kind).
			Mend("`ncd train` reads the data of a train block; hand its weights in with --weights")
	}
	return nil
}

func bindFed(t *Training) (*machine, error) {
	if len(fedBuffers(t.Step)) == 0 {
		return nil, nil
	}
	p, err := t.Fed(min(batchFed, t.Data.Train.Len()))
	if err != nil {
		return nil, err
	}
	return bindMachine(p, exec.Options{Threads: t.Threads, Seed: t.Seed})
}

func (s *stage) closeFed() {
	if s.fed != nil {
		s.fed.Close()
	}
	s.fed = nil
}

// begin makes those first values that are made of data, one weight after another, for
// what flows into a later one hangs on those before. Weights that a stage goes on
// with stay.
func (s *stage) begin() error {
	if s.fed == nil {
		return nil
	}
	buffers := fedBuffers(s.training.Step)
	for i, name := range outputNames(s.fed.Plan()) {
		which := slices.IndexFunc(buffers, func(b plan.Buffer) bool { return b.Name == name })
		if which < 0 || s.isCarried(buffers[which]) {
			continue
		}
		s.fed.copyWeights(s.machine)
		if err := s.make(buffers[which], i); err != nil {
			return err
		}
	}
	return nil
}

// isCarried reports whether a weight has its first values from a stage before, or from
// a file.
func (s *stage) isCarried(b plan.Buffer) bool {
	if s.training.First != nil && (s.training.First.Arrays[b.Name] != nil || s.training.First.Arrays[b.Fixed.Like] != nil) {
		return true
	}
	if s.carried == nil {
		return false
	}
	before, found := s.carried.Array(plan.Weight, b.Name)
	return found && slices.Equal(before.Dims, b.Dims)
}

// make gives a weight its first values, of output number i, and those that are like
// it theirs.
func (s *stage) make(b plan.Buffer, i int) error {
	m := exec.MatrixOf(b.Dims, b.Fixed)
	matrices := plan.Count(b.Dims[:b.Fixed.Apart])
	samples, err := s.samples(i, matrices, m.Rows())
	if err != nil {
		return err
	}
	to, _ := s.machine.Array(plan.Weight, b.Name)
	n := m.Rows() * m.Out
	for k := range matrices {
		values := initial.FromData[b.Fixed.Kind](m, samples[k], initial.Draws{Key: s.drawsOf(b.Name), First: k * n})
		for j, x := range values {
			to.Float32[k*n+j] = float32(b.Fixed.Scale * x)
		}
	}
	for _, like := range s.training.Step.Buffers {
		if like.Role == plan.Weight && like.Fixed.Like == b.Name && !s.isCarried(like) {
			other, _ := s.machine.Array(plan.Weight, like.Name)
			copy(other.Float32, to.Float32)
		}
	}
	return nil
}

// samples are what flows into each matrix of a weight, of so many numbers each: the
// same number of places of each batch, drawn by the run's seed.
func (s *stage) samples(output, matrices, rows int) ([][][]float64, error) {
	set, seed := s.training.Data.Train, s.training.Seed
	batch := min(batchFed, set.Len())
	batches := (min(examplesFed, set.Len()) + batch - 1) / batch
	loader := data.NewLoader(set, data.Dealing{Batch: batch, IsTraining: true, Seed: seed})
	defer loader.Close()
	samples := make([][][]float64, matrices)
	for number := range batches {
		s.fed.feed(set, loader.Next())
		if err := s.fed.Run(); err != nil {
			return nil, err
		}
		fed := s.fed.results[output].Float32
		places := len(fed) / (matrices * rows)
		chosen := someOf(places, samplesFed/batches, kernel.Key{Seed: seed, Stream: drawFed, Step: uint32(number)})
		for k := range samples {
			for _, at := range chosen {
				from := (k*places + at) * rows
				samples[k] = append(samples[k], widened(fed[from:from+rows]))
			}
		}
	}
	return samples, nil
}

// drawFed is the stream of random numbers by which places are chosen.
const drawFed = 0x66656421

// someOf are n numbers below `of`, or all where these are no more.
func someOf(of, n int, key kernel.Key) []int {
	order := make([]float64, of)
	kernel.Uniform(order, key, 0)
	list := make([]int, of)
	for i := range list {
		list[i] = i
	}
	if of <= n {
		return list
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(order[a], order[b]) })
	return list[:n]
}

func widened(values []float32) []float64 {
	wide := make([]float64, len(values))
	for i, x := range values {
		wide[i] = float64(x)
	}
	return wide
}

// drawsOf is the key of a weight's draws.
func (s *stage) drawsOf(path string) kernel.Key {
	h := fnv.New64a()
	h.Write([]byte(path))
	return kernel.Key{Seed: s.training.Seed ^ h.Sum64(), Stream: drawFed}
}
