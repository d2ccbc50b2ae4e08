package check

import (
	"strings"

	"ncd/compiler/diagram"
)

// later makes the box of a layer behind the one that a learning rule speaks of: what
// is written in the model for it, with weights of its own. `later[1]` is the next one.
// The rule must be over a diagram.
type later struct{}

func (later) title() string { return "later" }

func (later) apply(e *elaborator, c *configured, in value, at use) value {
	if isPoisoned(in) {
		return poison{}
	}
	use, _, ok := e.laterUse(c)
	if !ok {
		return poison{}
	}
	return use.apply(e, in, at)
}

// laterUse finds what is written for a layer behind, and the layer's path.
func (e *elaborator) laterUse(c *configured) (*configured, string, bool) {
	n := 1
	if len(c.args) > 0 {
		size, ok := (&reader{elaborator: c.site, scope: c.scope}).size(c.args[0].Plain())
		if number, isNumber := size.Int(); ok && isNumber {
			n = number
		} else {
			return nil, "", false
		}
	}
	if e.rule.rule.site == nil { // a rule by itself has no layers behind
		return nil, "", false
	}
	behind := e.rule.layer.Later
	if n < 1 || n > len(behind) {
		d := e.fault(RuleMismatch, c.span, "no layer %d stands behind `%s`: there are %d", n, e.rule.layer.Path, len(behind))
		d.Help = append(d.Help, "ask first: `if index < layers { … }`")
		return nil, "", false
	}
	path := behind[n-1]
	use := e.rule.rule.site.useAt(path)
	if use == nil {
		d := e.fault(RuleMismatch, c.span, "layer `%s` is no use of a diagram, and cannot be made again", path)
		d.Help = append(d.Help, "use the rule over a diagram: `rule "+e.rule.decl.name+" over Block`")
		return nil, "", false
	}
	return use, path, true
}

// useAt is what is written for the box at a path of a model, or nil.
func (t *training) useAt(path string) *configured {
	for i, m := range t.made.Models {
		before := m.Name + "."
		if i == 0 {
			before = ""
		}
		for _, body := range diagram.Bodies(m.Box.Op) {
			if use := t.useWithin(body, before, path+"."); use != nil {
				return use
			}
		}
	}
	return nil
}

func (t *training) useWithin(d *diagram.Diagram, before, path string) *configured {
	for _, b := range d.Boxes {
		inside := before
		if b.Name != "" {
			inside += b.Name + "."
		}
		if !strings.HasPrefix(path, inside) {
			continue
		}
		if inside == path && t.job.uses[b] != nil {
			return t.job.uses[b]
		}
		for turn, body := range diagram.Bodies(b.Op) {
			within := inside
			if loop, isLoop := b.Op.(diagram.Repeat); isLoop {
				within += turnNumber(loop, turn) + "."
			}
			if use := t.useWithin(body, within, path); use != nil {
				return use
			}
		}
	}
	return nil
}

// likeLater is the box of a layer behind whose weights begin as those of the layer, or
// follow them.
func (a *application) likeLater(c *configured, kind string, keep float64) value {
	use, path, ok := a.laterUse(c)
	if !ok {
		return poison{}
	}
	from := len(a.d.Boxes)
	made := use.apply(a.elaborator, a.in, a.at)
	for _, b := range a.d.Boxes[from:] {
		for _, body := range diagram.Bodies(b.Op) {
			weightsIn(body, path+".", func(of string, w *diagram.Weight) {
				leader := &diagram.Weight{Path: of, Axes: w.Axes}
				if kind == "ema" {
					w.Follows, w.Keep = leader, keep
				} else {
					w.Like = leader
				}
			})
		}
	}
	return made
}
