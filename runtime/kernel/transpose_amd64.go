//go:build !purego

package kernel

var transpose = map[bool]transposeFunc{true: transposeAVX2}[hasAVX2]
