//go:build !amd64 || purego

package kernel

func availableTiles() []*tileSet { return nil }
