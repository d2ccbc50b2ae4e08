package exec

import (
	"fmt"
	"testing"

	"ncd/compiler/plan"
)

// BenchmarkPerceptron is a training step of 784-512-10 with 128 examples and Adam.
func BenchmarkPerceptron(b *testing.B) {
	d := trainingStep(b, 128, 784, 512, 10)
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("%d threads", threads), func(b *testing.B) {
			m := machineOf(b, d, plan.Float32, threads)
			defer m.Close()
			for b.Loop() {
				if err := m.Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHandOver is what it costs to share a step that does nothing.
func BenchmarkHandOver(b *testing.B) {
	nothing := func(int, *workspace) error { return nil }
	for _, pieces := range []int{1, 2, 8} {
		b.Run(fmt.Sprintf("%d pieces", pieces), func(b *testing.B) {
			p := newPool([]call{{pieces: pieces, run: nothing}}, 2)
			defer p.close()
			for b.Loop() {
				p.do(0)
			}
		})
	}
}
