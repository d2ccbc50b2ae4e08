package python

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

// keywords are words that cannot be names, and names that our lines speak of.
var keywords = strings.Fields(`False None True and as assert async await break class continue def del elif else except finally for
	from global if import in is lambda nonlocal not or pass raise return try while with yield self torch nn jnp jax w state math
	range tuple len max min sum map dict list turn x_ numpy np`)

// Identifier is a Python name that is near to one of ours.
func Identifier(name string) string {
	name = strings.NewReplacer("∂", "d_", "Δ", "delta_", "'", "_", "grad/", "grad_").Replace(name)
	var b strings.Builder
	for i, r := range name {
		isDigit := r >= '0' && r <= '9'
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || isDigit && i > 0:
			b.WriteRune(r)
		case isDigit:
			b.WriteString("x")
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	if text := b.String(); text != "" && !slices.Contains(keywords, text) {
		return text
	}
	return b.String() + "_"
}

// Namer tells names for classes and functions, each just once.
func (f *File) Namer(style func(string) string) func(string) string {
	used := map[string]bool{}
	for name := range f.Dialect.helpers {
		used[name] = true
	}
	for name := range f.locals {
		used[name] = true
	}
	return func(wanted string) string { return free(style(wanted), used) }
}

// ClassName writes a diagram's name as classes have it: SelfAttention, Batchnorm.
func ClassName(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return Identifier(b.String())
}

// FunctionName writes a diagram's name as functions have it: self_attention.
func FunctionName(name string) string {
	var b strings.Builder
	for i, r := range name {
		if isUpper := r >= 'A' && r <= 'Z'; isUpper {
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return Identifier(b.String())
}

// Doc is the documentation of a diagram as a docstring.
func Doc(d *diagram.Diagram, indent string) string {
	text := strings.TrimSpace(d.Doc)
	if text == "" {
		return ""
	}
	text = strings.NewReplacer("\\", "\\\\", "\"\"\"", "''").Replace(text)
	return indent + "\"\"\"" + strings.ReplaceAll(text, "\n", "\n"+indent) + "\"\"\"\n\n"
}
