package train

import (
	"bufio"
	"fmt"
	"os"
	"sync/atomic"

	"ncd/compiler/plan"
	"ncd/runtime/fault"
)

// TooLarge: the arrays of a plan are more than the machine has room for.
const TooLarge fault.Code = "TooLarge"

// holdMemory holds that a plan fits into the memory that is free, since a process
// that takes more is ended without a word.
func holdMemory(p *plan.Plan) error {
	need, free := bytesOf(p), freeMemory()
	if limit := memoryLimit.Load(); limit > 0 && need > float64(limit) {
		return fault.New(TooLarge, "", "the arrays of `%s` take %s, and the limit is %s", p.Name, gigabytes(need), gigabytes(float64(limit))).
			Mend("look at the sizes, or take smaller batches")
	}
	if need <= free {
		return nil
	}
	return fault.New(TooLarge, "", "the arrays of `%s` take %s, and %s are free", p.Name, gigabytes(need), gigabytes(free)).
		Mend("look at the sizes, or take smaller batches")
}

var memoryLimit atomic.Int64

// LimitMemory bounds the arrays of every plan of this process besides what is free; 0
// does not.
func LimitMemory(bytes int64) { memoryLimit.Store(bytes) }

// bytesOf is the memory of a plan's arenas, and no less than that of its largest
// array: sizes may be such that whole numbers do not hold their product.
func bytesOf(p *plan.Plan) float64 {
	largest := 0.0
	for _, b := range p.Buffers {
		n := float64(b.DType.Bytes())
		for _, d := range b.Dims {
			n *= float64(d)
		}
		largest = max(largest, n)
	}
	return max(largest, float64(p.Bytes()))
}

func gigabytes(n float64) string { return fmt.Sprintf("%.4g GB", n/1e9) }

// mostMemory is what is taken for free where the system does not say.
const mostMemory = 1 << 40

// freeMemory is how many bytes the system can give, or very many.
func freeMemory() float64 {
	if free, isSaid := FreeMemory(); isSaid {
		return free
	}
	return mostMemory
}

// FreeMemory is how many bytes the system can give, as Linux estimates it; other
// systems do not say.
func FreeMemory() (bytes float64, isSaid bool) {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kibibytes float64
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %g kB", &kibibytes); n == 1 {
			return kibibytes * 1024, true
		}
	}
	return 0, false
}
