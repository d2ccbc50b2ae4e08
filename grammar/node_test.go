package grammar

import (
	"reflect"
	"testing"

	"golang.org/x/tools/txtar"

	"ncd/grammar/source"
)

// TestEveryFieldIsVisited compares what Walk visits with all nodes that the
// fields of a tree hold, on every feature of the language.
func TestEveryFieldIsVisited(t *testing.T) {
	for _, name := range features(t) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		program, _ := Parse(&source.File{Text: string(archive.Files[0].Data)})
		for _, decl := range program.Decls {
			visited := 0
			Walk(decl, func(Node) bool { visited++; return true })
			if held := nodesIn(reflect.ValueOf(decl)); visited != held {
				t.Errorf("%s: Walk visits %d of the %d nodes of %T", name, visited, held, decl)
			}
		}
	}
}

// nodesIn counts a node and all nodes in its fields.
func nodesIn(v reflect.Value) int {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return 0
		}
		return nodesIn(v.Elem())
	case reflect.Slice:
		n := 0
		for i := range v.Len() {
			n += nodesIn(v.Index(i))
		}
		return n
	case reflect.Struct:
		n := 1
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += nodesIn(v.Field(i))
			}
		}
		return n
	}
	return 0
}
