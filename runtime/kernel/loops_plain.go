//go:build !amd64 || purego

package kernel

func availableLoops() []*loopSet { s := plainLoops(); return []*loopSet{&s} }
