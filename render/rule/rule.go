// Package rule draws how a model learns: the model above, and beneath each of its
// layers, from right to left, what the learning rule says of that layer.
//
// In goes the forward diagram with what the rule says of each layer; out comes a scene.
// The programs of the rule are drawn in the circuit notation; what a layer has made is
// taken down to them by strokes in a colour of its own, and what layers send one another
// goes from one to the next. It knows nothing of how a rule is made into a training step.
//
// No earlier notation exists; the halves are those of Para in pyncd.
package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/circuit"
	"ncd/render/scene"
)

// Figure is what is drawn.
type Figure struct {
	Title   string
	Forward *diagram.Diagram // from the data to the losses, which are the first of Out
	Losses  int
	Layers  []Layer // in the order of the text
}

// Layer is a layer of the model and what the rule says of it.
type Layer struct {
	Path    string // of its learned box, names joined by dots
	Reads   shape.Type
	Makes   shape.Type
	Made    shape.Type // by the learned box alone
	Error   shape.Type // of the derivative of the loss by the model's output
	Weights []*diagram.Weight
	Says    diagram.LayerRule
	AtLoss  bool     // the losses read what it makes
	Feeds   []string // paths of the layers that read what it makes

	Gradient *diagram.Through // what of a scan is followed backward; nil: what the scan says
}

// ErrNoLayers says that there is nothing to learn.
var ErrNoLayers = errors.New("it has no layer that learns")

// Draw draws the model and what its layers are told. Of the options Depth and Theme
// count. It errs with ErrNoLayers, and on diagrams that cannot be drawn.
func Draw(f Figure, o circuit.Options) (*scene.Scene, circuit.Stats, error) {
	if len(f.Layers) == 0 {
		return nil, circuit.Stats{}, ErrNoLayers
	}
	cells, err := cellsOf(f, o)
	if err != nil {
		return nil, circuit.Stats{}, err
	}
	p := &sheet{figure: f, cells: cells}
	stats, err := p.layOut(o)
	if err != nil {
		return nil, circuit.Stats{}, err
	}
	s, err := p.draw(o)
	return s, stats, err
}

// cellsOf draws what is said of each layer.
func cellsOf(f Figure, o circuit.Options) ([]*cell, error) {
	cells := composed(f)
	for _, c := range cells {
		if len(c.diagram.Boxes) == 0 {
			continue
		}
		piece, err := circuit.DrawPiece(c.diagram, circuit.Options{Depth: -1, Theme: o.Theme})
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", c.layer.Path, err)
		}
		piece.Turn()
		c.piece = piece
	}
	return cells, nil
}

// composed puts together what is said of each layer. What a layer hears hangs on what is
// sent behind it, and what it sends on who listens before it, so that it is done until
// nothing changes any more: each time one more layer is silent.
func composed(f Figure) []*cell {
	listens := func(path, phase string) bool { return true }
	for range len(f.Layers) + 1 {
		cells := composeOnce(f, listens)
		before := map[[2]string]bool{}
		silent := false
		for _, c := range cells {
			for _, name := range c.names {
				if base, phase, _ := strings.Cut(name, "@"); base == "signal" {
					for _, behind := range c.layer.Feeds {
						before[[2]string{behind, phase}] = true
					}
				}
			}
		}
		for _, c := range cells {
			for phase := range c.sends {
				silent = silent || !before[[2]string{c.layer.Path, phase}]
			}
		}
		if !silent {
			return cells
		}
		listens = func(path, phase string) bool { return before[[2]string{path, phase}] }
	}
	return composeOnce(f, listens)
}

func composeOnce(f Figure, listens func(path, phase string) bool) []*cell {
	sends := map[string][]string{} // the phases in which a layer sends something
	cells := make([]*cell, len(f.Layers))
	for i, l := range slices.Backward(f.Layers) {
		c := newCell(l)
		for _, behind := range l.Feeds {
			for _, phase := range sends[behind] {
				c.arrives[phase] = true
			}
		}
		c.isHeard = func(phase string) bool { return isFed(f, l.Path) && listens(l.Path, phase) }
		c.compose()
		sends[l.Path] = c.sentIn()
		cells[i] = c
	}
	return cells
}

// isFed reports whether another layer stands before one: what it sends is read.
func isFed(f Figure, path string) bool {
	for _, l := range f.Layers {
		for _, behind := range l.Feeds {
			if behind == path {
				return true
			}
		}
	}
	return false
}
