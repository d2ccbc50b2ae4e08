package lower

import (
	"fmt"
	"math"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// carried is a buffer of the boundary that must hold a wire's array at the end of
// a run.
type carried struct {
	buffer int
	wire   *diagram.Wire
}

// boundary makes the buffers that outlive a run.
func (l *lowerer) boundary() error {
	for i, w := range l.d.In {
		if err := l.held(w, plan.Input, nameOf(w, "in", i), plan.Fixed{}); err != nil {
			return err
		}
	}
	for _, b := range l.d.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			if err := l.learned(b, op.Weight); err != nil {
				return err
			}
		}
	}
	for _, s := range l.d.States {
		if err := l.state(s); err != nil {
			return err
		}
	}
	for i, w := range l.d.Out {
		if err := l.wanted(w, plan.Output, nameOf(w, "out", i)); err != nil {
			return err
		}
	}
	return nil
}

func nameOf(w *diagram.Wire, kind string, i int) string {
	if w.Name != "" {
		return w.Name
	}
	return fmt.Sprintf("%s.%d", kind, i)
}

// held gives a wire a buffer that holds its array before the run.
func (l *lowerer) held(w *diagram.Wire, role plan.Role, name string, fixed plan.Fixed) error {
	v, err := l.buffer(w.Type, role, name)
	if err != nil {
		return fmt.Errorf("diagram %s, %s %s: %w", l.d.Name, role, name, err)
	}
	l.p.Buffers[v.Buffer].Fixed = fixed
	l.views[w] = v
	return nil
}

func (l *lowerer) wanted(w *diagram.Wire, role plan.Role, name string) error {
	v, err := l.buffer(w.Type, role, name)
	if err != nil {
		return fmt.Errorf("diagram %s, %s %s: %w", l.d.Name, role, name, err)
	}
	l.carried = append(l.carried, carried{v.Buffer, w})
	return nil
}

// learned makes the buffer of a weight that no step changes. The box hands it out
// as it is.
func (l *lowerer) learned(b *diagram.Box, w *diagram.Weight) error {
	fixed, err := firstValues(w)
	if err != nil {
		return err
	}
	fixed.Frozen = true
	if err := l.held(b.Out[0], plan.Weight, w.Path, fixed); err != nil {
		return err
	}
	l.p.Buffers[l.views[b.Out[0]].Buffer].Axes = w.Axes.Labels()
	return nil
}

// state makes the buffer of what is carried from run to run. What a model keeps is
// saved with its weights, and so is a Weight of the plan.
func (l *lowerer) state(s *diagram.State) error {
	role, name, fixed := plan.State, s.Path, plan.Fixed{Kind: "constant", Scale: s.Init}
	if s.Kept {
		role = plan.Weight
	}
	if s.Weight != nil {
		var err error
		role, name = plan.Weight, s.Weight.Path
		if fixed, err = firstValues(s.Weight); err != nil {
			return err
		}
	}
	fixed.Frozen = role == plan.Weight && s.Out == s.In
	if err := l.held(s.In, role, name, fixed); err != nil {
		return err
	}
	if s.Weight != nil {
		l.p.Buffers[l.views[s.In].Buffer].Axes = s.Weight.Axes.Labels()
	}
	l.carried = append(l.carried, carried{l.views[s.In].Buffer, s.Out})
	return nil
}

// firstValues says how a weight is drawn: as itself, or as the one that it is like.
func firstValues(w *diagram.Weight) (plan.Fixed, error) {
	first := w.First()
	fixed := plan.Fixed{Kind: first.Init.Kind, Scale: first.Init.Scale, Stream: first.Init.Stream, Apart: first.Init.Apart, From: first.Init.From}
	if first != w {
		fixed.Like = first.Path
	}
	if len(first.Init.FanIn) > 0 {
		fanIn, err := first.Init.FanIn.Ints()
		if err != nil {
			return fixed, fmt.Errorf("weight %s: %w", w.Path, err)
		}
		fixed.Scale /= math.Sqrt(float64(plan.Count(fanIn)))
	}
	return fixed, nil
}
