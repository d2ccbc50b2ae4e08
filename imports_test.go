package main

import (
	"go/build"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport is the plan of the house: what each package may import of ours.
// Arrows run one way: main, internal, {render, runtime}, compiler, grammar.
// Widening a line is a design decision, never a way to mend a build.
var mayImport = map[string][]string{
	".": {"internal/cli"},

	"grammar/source": {},
	"grammar":        {"grammar/source"},
	"grammar/format": {"grammar", "grammar/source"},

	"compiler":           {"grammar/source", "compiler/check", "compiler/diagram", "compiler/learn", "compiler/lower", "compiler/plan", "compiler/rewrite"}, // the whole way in one call, for other programs
	"compiler/shape":     {},
	"compiler/diagram":   {"grammar/source", "compiler/shape"},
	"compiler/check":     {"grammar", "grammar/source", "compiler/shape", "compiler/diagram"},
	"compiler/reference": {"compiler/shape", "compiler/diagram"},
	"compiler/rewrite":   {"grammar/source", "compiler/shape", "compiler/diagram", "compiler/grad"}, // a gradient that a diagram asks for is opened like any other box
	"compiler/grad":      {"grammar/source", "compiler/shape", "compiler/diagram"},
	"compiler/learn":     {"grammar/source", "compiler/shape", "compiler/diagram", "compiler/rewrite", "compiler/grad"},
	"compiler/plan":      {"grammar/source"},
	"compiler/lower":     {"grammar/source", "compiler/shape", "compiler/diagram", "compiler/plan"},
	"compiler/cost":      {"grammar/source", "compiler/shape", "compiler/diagram", "compiler/rewrite", "compiler/grad", "compiler/plan"},

	"runtime/fault":               {"grammar/source"},
	"runtime/tensor":              {},
	"runtime/kernel":              {},
	"runtime/kernel/internal/gen": {},
	"runtime/weights":             {"grammar/source", "runtime/fault", "runtime/tensor"},
	"runtime/data":                {"runtime/fault", "runtime/tensor"},
	"runtime/initial":             {"runtime/kernel"}, // draws are the kernels', so that a seed means one thing
	"runtime/opaque":              {"runtime/fault"},
	"runtime/exec":                {"grammar/source", "compiler/plan", "runtime/initial", "runtime/kernel", "runtime/fault", "runtime/opaque"},
	"runtime/train":               {"grammar/source", "compiler/plan", "runtime/initial", "runtime/kernel", "runtime/exec", "runtime/data", "runtime/weights", "runtime/tensor", "runtime/fault"},

	"render/scene":   {"grammar/source"},
	"render/typeset": {"render/scene"},
	"render/lanes":   {},
	"render/circuit": {"grammar/source", "compiler/shape", "compiler/diagram", "render/scene", "render/typeset", "render/lanes"},
	"render/rule":    {"compiler/diagram", "compiler/shape", "render/scene", "render/typeset", "render/circuit"},
	"render/graph":   {"compiler/diagram"},
	"render/svg":     {"render/scene", "render/typeset"},
	"render/pdf":     {"render/scene", "render/typeset"},
	"render/raster":  {"render/scene", "render/typeset"},
	"render/tikz":    {"render/scene"},
	"render/html":    {"render/scene", "render/svg"},
	"render/plot":    {"render/scene", "render/typeset"},
	"render": {
		"compiler/diagram", "render/scene", "render/circuit", "render/graph", "render/lanes", "render/rule",
		"render/svg", "render/pdf", "render/raster", "render/tikz", "render/html",
	},

	"stdlib": {},

	"examples/library": {},                                                                                                             // tests alone
	"examples/stories": {"compiler", "compiler/check", "compiler/plan", "runtime/exec", "runtime/tensor", "runtime/weights", "stdlib"}, // what another program would
}

// TestImports walks the tree and holds every package to its line in the plan.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if d.Name() == "testdata" || len(d.Name()) > 1 && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		pkg, err := build.ImportDir(dir, 0)
		if err != nil { // no Go here
			return nil
		}
		key := filepath.ToSlash(dir)
		seen[key] = true
		holdToPlan(t, key, pkg.Imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range mayImport {
		if !seen[key] {
			t.Errorf("%s is in the plan, but not in the tree", key)
		}
	}
}

func holdToPlan(t *testing.T, key string, imports []string) {
	allowed, planned := mayImport[key]
	if !planned && !strings.HasPrefix(key, "internal/") { // what only the command needs may know everything
		t.Errorf("%s is not in the plan", key)
	}
	for _, path := range imports {
		ours, found := strings.CutPrefix(path, "ncd/")
		if found && planned && !slices.Contains(allowed, ours) {
			t.Errorf("%s must not import %s", key, ours)
		}
	}
}

// TestDrawingStaysOffOtherPaths holds that go-graphviz is known to one package.
func TestDrawingStaysOffOtherPaths(t *testing.T) {
	for key := range mayImport {
		pkg, err := build.ImportDir(filepath.FromSlash(key), 0)
		if err != nil {
			continue
		}
		for _, path := range pkg.Imports {
			if strings.HasPrefix(path, "github.com/goccy/go-graphviz") && key != "render/lanes" {
				t.Errorf("%s must not import %s", key, path)
			}
		}
	}
}
