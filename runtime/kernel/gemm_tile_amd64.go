//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

//go:generate go run ./internal/gen

var tilesAVX512 = tileSet{
	rows: 14, lanes: 16,
	one: []tileFunc{
		nil, gemmAVX512x1x16, gemmAVX512x2x16, gemmAVX512x3x16, gemmAVX512x4x16, gemmAVX512x5x16,
		gemmAVX512x6x16, gemmAVX512x7x16, gemmAVX512x8x16, gemmAVX512x9x16, gemmAVX512x10x16, gemmAVX512x11x16,
		gemmAVX512x12x16, gemmAVX512x13x16, gemmAVX512x14x16,
	},
	two: []tileFunc{
		nil, gemmAVX512x1x32, gemmAVX512x2x32, gemmAVX512x3x32, gemmAVX512x4x32, gemmAVX512x5x32,
		gemmAVX512x6x32, gemmAVX512x7x32, gemmAVX512x8x32, gemmAVX512x9x32, gemmAVX512x10x32, gemmAVX512x11x32,
		gemmAVX512x12x32, gemmAVX512x13x32, gemmAVX512x14x32,
	},
	wide: gemmAVX512x1x128, wideVectors: 8,
}

var tilesAVX2 = tileSet{
	rows: 6, lanes: 8,
	one: []tileFunc{
		nil, gemmAVX2x1x8, gemmAVX2x2x8, gemmAVX2x3x8, gemmAVX2x4x8, gemmAVX2x5x8, gemmAVX2x6x8,
	},
	two: []tileFunc{
		nil, gemmAVX2x1x16, gemmAVX2x2x16, gemmAVX2x3x16, gemmAVX2x4x16, gemmAVX2x5x16, gemmAVX2x6x16,
	},
	wide: gemmAVX2x1x32, wideVectors: 4,
}

var (
	hasAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	hasAVX512 = hasAVX2 && cpu.X86.HasBMI2 &&
		cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ
)

// availableTiles are the micro-kernels that this processor runs, the best first.
func availableTiles() []*tileSet {
	var sets []*tileSet
	if hasAVX512 {
		sets = append(sets, &tilesAVX512)
	}
	if hasAVX2 {
		sets = append(sets, &tilesAVX2)
	}
	return sets
}
