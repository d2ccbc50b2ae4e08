package python

import (
	"embed"
	"regexp"
	"strings"
)

//go:embed torch.py jax.py
var texts embed.FS

// readHelpers cuts a file of helpers into its functions.
func readHelpers(file string) (helpers map[string]string, order []string) {
	text, err := texts.ReadFile(file)
	if err != nil {
		panic("python: " + err.Error())
	}
	helpers = map[string]string{}
	for i, part := range strings.Split(string(text), "\n\n\n") {
		if i == 0 {
			continue // what the file is
		}
		part = strings.TrimSpace(part)
		_, rest, _ := strings.Cut(part, "def ")
		if _, class, isClass := strings.Cut(part, "class "); isClass && strings.HasPrefix(part, "class ") {
			rest = class
		}
		name := rest[:strings.IndexAny(rest, "(:")]
		helpers[name], order = part, append(order, name)
	}
	return helpers, order
}

// Helpers are the definitions of the helpers that are used, and of those that these
// use.
func (d *Dialect) Helpers(used map[string]bool) []string {
	for range d.order {
		for _, name := range d.order {
			if !used[name] {
				continue
			}
			for _, other := range d.order {
				if calls := regexp.MustCompile(`(^|[^\w.])` + other + `\(`); other != name && calls.MatchString(d.helpers[name]) {
					used[other] = true
				}
			}
		}
	}
	var list []string
	for _, name := range d.order {
		if used[name] {
			list = append(list, d.helpers[name])
		}
	}
	return list
}
