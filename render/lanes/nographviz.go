//go:build js

package lanes

import "errors"

// layOut errs: in a browser there is no Graphviz, which would be most of what is
// loaded, and lanes are solved by Greedy.
func layOut([]byte, string) ([]byte, error) {
	return nil, errors.New("graphs are not laid out in a browser")
}
