package cli

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/internal/explain"
	"ncd/runtime/train"
)

// TestEveryCodeIsExplained walks the sources for constants that are codes and
// names those that lack an entry, and entries of codes that there are not.
func TestEveryCodeIsExplained(t *testing.T) {
	declared := declaredCodes(t)
	for code, place := range declared {
		if e, known := explain.Find(code); !known || e.Meaning == "" || e.Mend == "" {
			t.Errorf("%s, declared in %s, is not explained", code, place)
		}
	}
	for _, name := range explain.Names() {
		if _, known := declared[name]; !known {
			t.Errorf("%s is explained, and no constant has it", name)
		}
	}
}

// declaredCodes are the values of all constants of a type Code, with the place of
// each.
func declaredCodes(t *testing.T) map[string]string {
	codes := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && isCode(spec.Type) && len(spec.Values) == 1 {
				if value, ok := spec.Values[0].(*ast.BasicLit); ok {
					name, _ := strconv.Unquote(value.Value)
					codes[name] = files.Position(spec.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

// isCode reports whether a type is source.Code, fault.Code, or Code at home.
func isCode(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name == "Code"
	case *ast.SelectorExpr:
		return t.Sel.Name == "Code"
	}
	return false
}

// TestExplainedExamples types the lines of each entry and demands the code of the
// last one, and no other error. The checker's own tests hold the examples of its codes.
func TestExplainedExamples(t *testing.T) {
	// What no line typed into a fresh folder brings about: another process, a program
	// that changed meanwhile, a signal.
	elsewhere := []source.Code{source.Code(train.RunBusy), "ProgramChanged", "Stopped"}
	for _, e := range explain.All() {
		if slices.Contains(elsewhere, e.Code) {
			continue
		}
		if len(e.Lines) == 0 && !slices.Contains(check.Codes, e.Code) {
			t.Errorf("%s has no example that brings it about", e.Code)
			continue
		}
		t.Run(string(e.Code), func(t *testing.T) {
			t.Chdir(t.TempDir())
			if e.Example != "" {
				writeFile(t, explain.Program, e.Example)
			}
			writeFile(t, "table.csv", "a,b,class\n1,2,0\n2,1,1\n3,4,2\n2,2,0\n")
			var out, err bytes.Buffer
			for _, line := range e.Lines {
				out.Reset()
				err.Reset()
				Main(append(strings.Fields(line)[1:], "--json"), Streams{In: strings.NewReader(""), Out: &out, Err: &err})
			}
			holdTold(t, e.Code, out.String()+err.String())
		})
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// holdTold holds that a code is told, and no error of another one.
func holdTold(t *testing.T, code source.Code, said string) {
	t.Helper()
	isTold := false
	for line := range strings.Lines(said) {
		var d struct {
			Code     source.Code
			Severity string
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil || d.Code == "" {
			continue
		}
		isTold = isTold || d.Code == code
		if d.Code != code && d.Severity == source.Error.String() {
			t.Errorf("%s is told too: %s", d.Code, line)
		}
	}
	if !isTold {
		t.Errorf("it is not told, but\n%s", said)
	}
}
