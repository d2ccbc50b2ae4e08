// Package stdlib holds the standard library: boxes, losses, optimisers and
// learning rules, written in the language itself. It has no code of its own.
package stdlib

import "embed"

// Files are the library's sources.
//
//go:embed *.ncd
var Files embed.FS
