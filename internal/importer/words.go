package importer

import (
	"regexp"
	"strconv"
	"strings"
)

// attributeHole is the place of an attribute in a flow: its name and its default.
var attributeHole = regexp.MustCompile(`\{(\w+):([^}]*)\}`)

func hasHole(words string) bool { return strings.Contains(words, "$") }

func replaceHole(words, name string) string { return strings.ReplaceAll(words, "$", name) }

func parseFloat(text string) (float64, error) { return strconv.ParseFloat(text, 64) }

func bracket(words ...string) string { return "[" + strings.Join(words, " ") + "]" }
