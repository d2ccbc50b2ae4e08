package grammar

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Dump is the text form of a tree: a node a line, named by its field and kind,
// its parts indented below it. Names and literals stand as they are written.
// Places are left out, so that two texts with the same Dump mean the same.
func Dump(n Node) string {
	var out strings.Builder
	dump(&out, "", "", n)
	return out.String()
}

// DumpProgram is the Dump of every declaration.
func DumpProgram(p *Program) string {
	var out strings.Builder
	for _, decl := range p.Decls {
		out.WriteString(Dump(decl))
	}
	return out.String()
}

func dump(out *strings.Builder, indent, label string, n Node) {
	out.WriteString(indent + label)
	if text, ok := literal(n); ok {
		out.WriteString(text + "\n")
		return
	}
	value := reflect.ValueOf(n).Elem()
	out.WriteString(value.Type().Name())
	dumpScalars(out, value)
	if decl, ok := n.(Decl); ok && decl.Doc() != "" {
		out.WriteString(" # " + strconv.Quote(decl.Doc()))
	}
	out.WriteByte('\n')
	for i := range value.NumField() {
		dumpField(out, indent+"  ", value.Type().Field(i).Name, value.Field(i))
	}
}

// literal is the text of a node that is a name or a literal.
func literal(n Node) (string, bool) {
	switch n := n.(type) {
	case *Word:
		return n.Text, true
	case *Kind:
		return n.Text, true
	case *Number:
		return n.Text, true
	case *Text:
		return strconv.Quote(n.Value), true
	case *Name:
		if n.Many {
			return n.Text + "..", true
		}
		return n.Text, true
	}
	return "", false
}

// dumpScalars writes a node's own words, and the names of what is true of it.
func dumpScalars(out *strings.Builder, value reflect.Value) {
	for i := range value.NumField() {
		switch field := value.Field(i); field.Kind() {
		case reflect.String:
			out.WriteString(" " + field.String())
		case reflect.Bool:
			if field.Bool() {
				out.WriteString(" " + value.Type().Field(i).Name)
			}
		case reflect.Int:
			fmt.Fprintf(out, " %d", field.Int())
		}
	}
}

func dumpField(out *strings.Builder, indent, name string, field reflect.Value) {
	switch field.Kind() {
	case reflect.Pointer, reflect.Interface:
		if child, ok := field.Interface().(Node); ok && !field.IsNil() {
			dump(out, indent, name+": ", child)
		}
	case reflect.Slice:
		for i := range field.Len() {
			if child, ok := field.Index(i).Interface().(Node); ok {
				dump(out, indent, name+": ", child)
			}
		}
	}
}
