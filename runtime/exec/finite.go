package exec

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ncd/compiler/plan"
)

// NotFinite is the first number of a run that is infinite or not a number although
// what its step read was sound.
type NotFinite struct {
	Origin plan.Origin // of the step; without a kind where the run began with the number
	Array  Array       // that holds it
	At     int         // which of the array's numbers, in row-major order
	Value  float64
}

// Error says where the number is.
func (n *NotFinite) Error() string {
	return fmt.Sprintf("a number of `%s` (%s) is %v%s", n.Origin.Box, n.Origin.Kind, n.Value, n.Array.Place(n.At))
}

// Place says where an element is, with the labels of the array's axes, counted from 0:
// " at class 3, hidden 0"; nothing where the array has no axes.
func (a Array) Place(at int) string {
	var words []string
	for i, d := range slices.Backward(a.Dims) {
		word := fmt.Sprint(at % d)
		if i < len(a.Axes) && a.Axes[i] != "" {
			word = a.Axes[i] + " " + word
		}
		words = append(words, word)
		at /= d
	}
	if len(words) == 0 {
		return ""
	}
	slices.Reverse(words)
	return " at " + strings.Join(words, ", ")
}

// runChecked runs the plan once, and stops behind the first step that makes a number
// which is infinite or not a number.
func (m *Machine) runChecked() error {
	if broken := m.brokenBefore(); broken != nil {
		return broken
	}
	for i, s := range m.plan.Steps {
		views := append(slices.Clone(s.In), s.Out...)
		hadNaN, hadInf := m.holds(views, math.IsNaN), m.holds(views, isInf) || meansInfinity(s.Kernel)
		if err := m.pool.do(i); err != nil {
			return m.fault(i, err)
		}
		for _, v := range s.Out {
			a := m.array(m.plan.Buffers[v.Buffer])
			at := a.first(func(x float64) bool { return math.IsNaN(x) && !hadNaN || isInf(x) && !hadInf })
			if at >= 0 {
				return &NotFinite{maker(s, v.Buffer), a, at, a.number(at)}
			}
		}
	}
	return nil
}

// brokenBefore finds what is not a number before a run begins: in its inputs, weights
// or states. An infinity there may be meant.
func (m *Machine) brokenBefore() *NotFinite {
	for _, role := range []plan.Role{plan.Input, plan.Weight, plan.State} {
		for _, a := range m.Arrays(role) {
			if at := a.first(math.IsNaN); at >= 0 {
				return &NotFinite{plan.Origin{Box: a.Name}, a, at, a.number(at)}
			}
		}
	}
	return nil
}

// holds reports whether some number of the views' buffers is such.
func (m *Machine) holds(views []plan.View, isSuch func(float64) bool) bool {
	return slices.ContainsFunc(views, func(v plan.View) bool { return m.array(m.plan.Buffers[v.Buffer]).first(isSuch) >= 0 })
}

// first is the first number of the array that is such, or -1.
func (a Array) first(isSuch func(float64) bool) int {
	if a.Float64 != nil {
		return slices.IndexFunc(a.Float64, isSuch)
	}
	return slices.IndexFunc(a.Float32, func(x float32) bool { return isSuch(float64(x)) })
}

func (a Array) number(at int) float64 {
	if a.Float64 != nil {
		return a.Float64[at]
	}
	return float64(a.Float32[at])
}

func isInf(x float64) bool { return math.IsInf(x, 0) }

// meansInfinity reports whether a kernel has an infinity among its own numbers, as a
// mask has: those that it writes are then no mistake.
func meansInfinity(k plan.Kernel) bool {
	switch k := k.(type) {
	case plan.Fill:
		return isInf(k.Value)
	case plan.Map:
		return slices.ContainsFunc(k.Program, func(i plan.Instr) bool { return isInf(i.Value) })
	case plan.Nest:
		return slices.ContainsFunc(k.Steps, func(s plan.Step) bool { return meansInfinity(s.Kernel) })
	}
	return false
}

// maker is where the step came from that wrote a buffer: within a nest, its last one
// that did.
func maker(s plan.Step, buffer int) plan.Origin {
	nest, isNest := s.Kernel.(plan.Nest)
	if !isNest {
		return s.Origin
	}
	for _, inside := range slices.Backward(nest.Steps) {
		if slices.ContainsFunc(inside.Out, func(v plan.View) bool { return v.Buffer == buffer }) {
			return inside.Origin
		}
	}
	return s.Origin
}
