package train

import "ncd/runtime/tensor"

// Unkept is a run that is kept nowhere but in memory: its figures go to the watcher
// alone, and what would be in weights.safetensors is had from Weights. It cannot be
// resumed.
func Unkept() *Folder { return &Folder{Record: &Record{}, isUnkept: true} }

// Weights are the weights of an unkept run as it saved them last, by path; nil before
// it has. They are the run's own, and change when it goes on.
func (f *Folder) Weights() map[string]*tensor.Tensor { return f.weights }
