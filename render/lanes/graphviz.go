//go:build !js

package lanes

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/goccy/go-graphviz"
)

// engine guards go-graphviz, which is not safe for concurrent use. It is
// started when first asked, since starting compiles it.
var engine struct {
	sync.Mutex
	graphviz *graphviz.Graphviz
}

// layOut runs Graphviz's dot over a graph in its language. The text must be
// sound: Graphviz swallows warnings, so whoever writes it answers for it.
func layOut(dot []byte, format string) ([]byte, error) {
	engine.Lock()
	defer engine.Unlock()
	ctx := context.Background()
	if engine.graphviz == nil {
		g, err := graphviz.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("starting graphviz: %w", err)
		}
		engine.graphviz = g
	}
	graph, err := graphviz.ParseBytes(dot)
	if err != nil {
		return nil, fmt.Errorf("graphviz reads our graph: %w", err)
	}
	defer graph.Close()
	var out bytes.Buffer
	if err := engine.graphviz.Render(ctx, graph, graphviz.Format(format), &out); err != nil {
		return nil, fmt.Errorf("graphviz lays out: %w", err)
	}
	return out.Bytes(), nil
}
