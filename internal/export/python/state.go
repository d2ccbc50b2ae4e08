package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/internal/export"
)

// IsStateful reports whether a unit carries something from one use to the next.
func (u *Unit) IsStateful() bool {
	return len(u.States) > 0 || slices.ContainsFunc(u.Parts, func(p *Part) bool { return p.isCarried() })
}

// isCarried reports whether a part's states are its user's too: those of a scan's body
// are not.
func (p *Part) isCarried() bool { return p.IsStateful() && !p.IsScanned() }

// IsScanned reports whether a unit is the body of a scan.
func (u *Unit) IsScanned() bool {
	if u.within == nil {
		return false
	}
	_, isScan := u.within.Op.(diagram.Scan)
	return isScan
}

func (u *Unit) bindState(s *diagram.State) {
	if s.Kept {
		text := u.File.Manner.Weight(s.Path)
		if s.Out != s.In {
			text = u.File.Manner.State(u, s, "")
		}
		name := u.nameFor(s.In, "kept")
		u.Put("%s = %s  # %s", name, text, Comment(s.In.Type))
		u.Bind(s.In, name, s.Out != s.In)
		return
	}
	start := ""
	if s.Start != nil {
		start = u.Value(s.Start)
	} else {
		start = u.Start(s)
	}
	name := u.nameFor(s.In, "state")
	u.Put("%s = %s  # %s", name, u.File.Manner.State(u, s, start), Comment(s.In.Type))
	u.Bind(s.In, name, true)
	if s.Shares != nil {
		u.Refused.Refuse(s.Span, export.NotExportable, "a state `"+s.Path+"` goes on from an earlier use of its box")
	}
}

// Start is the expression of the array that a state begins with, where it is a number
// everywhere.
func (u *Unit) Start(s *diagram.State) string {
	indices := make([]string, len(s.In.Type.Axes))
	for i, a := range s.In.Type.Axes {
		indices[i] = u.size(a.Label, a.Size.MustInt())
	}
	list := strings.Join(indices, ", ")
	if len(indices) == 1 {
		list += ","
	}
	return fmt.Sprintf(u.Dialect.filled, list, Literal(s.Init))
}

// states carries on what has changed.
func (u *Unit) states() {
	for _, s := range u.Diagram.States {
		if s.Kept && s.Out == s.In {
			continue
		}
		u.States = append(u.States, s)
		u.File.Manner.Kept(u, s, u.Value(s.Out))
	}
}
