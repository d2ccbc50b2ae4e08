package circuit

import (
	"math"
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/typeset"
)

// maskOf is the register of the condition under which a Map keeps an array, and
// otherwise gives minus infinity, if the Map is such a mask.
func maskOf(m diagram.Map, in []*diagram.Wire) (condition int, ok bool) {
	last := m.Program[len(m.Program)-1]
	if last.Fn != diagram.FnSelect || len(m.Results) != 1 || m.Results[0] != len(in)+len(m.Program)-1 || last.Args[1] >= len(in) {
		return 0, false
	}
	other := last.Args[2] - len(in)
	if other < 0 || m.Program[other].Fn != diagram.FnConstant {
		return 0, false
	}
	x, known := m.Program[other].Value.Float()
	return last.Args[0], known && math.IsInf(x, -1)
}

// Conditions are joined by the functions of their truths, 0 and 1.
var (
	connectives     = map[diagram.Fn]string{diagram.FnMin: "and", diagram.FnMax: "or"}
	otherConnective = map[diagram.Fn]diagram.Fn{diagram.FnMin: diagram.FnMax, diagram.FnMax: diagram.FnMin}
)

// fnOf is the function that makes a register of a Map, "" of an input.
func fnOf(register int, m diagram.Map, ports int) diagram.Fn {
	if register < ports {
		return ""
	}
	return m.Program[register-ports].Fn
}

// opposites are comparisons and what 1 minus them says.
var opposites = map[diagram.Fn]string{diagram.FnGreater: `\le `, diagram.FnLess: `\ge `, diagram.FnEqual: `\ne `}

// conditionText writes a register of a mask as the author would: s' ≤ s.
func conditionText(register int, m diagram.Map, s *step) string {
	ports := len(s.box.In)
	if register < ports {
		return typeset.Name(placeLabel(s.box.In[register]))
	}
	in := m.Program[register-ports]
	args := make([]string, len(in.Args))
	for i, a := range in.Args {
		args[i] = conditionText(a, m, s)
	}
	switch {
	case in.Fn == diagram.FnConstant:
		return numberText(in.Value)
	case in.Fn == diagram.FnMul:
		return strings.Join(args, ", ")
	case connectives[in.Fn] != "":
		for i, a := range in.Args {
			if fnOf(a, m, ports) == otherConnective[in.Fn] {
				args[i] = "(" + args[i] + ")"
			}
		}
		return strings.Join(args, `\mathrm{\ `+connectives[in.Fn]+`\ }`)
	case in.Fn == diagram.FnSub && args[0] == "1":
		return negated(in.Args[1], m, s)
	case joinSigns[in.Fn] != "":
		return args[0] + joinSigns[in.Fn] + args[1]
	}
	return functionText(in.Fn) + "(" + strings.Join(args, ", ") + ")"
}

func negated(register int, m diagram.Map, s *step) string {
	if at := register - len(s.box.In); at >= 0 {
		if sign, ok := opposites[m.Program[at].Fn]; ok {
			args := m.Program[at].Args
			return conditionText(args[0], m, s) + sign + conditionText(args[1], m, s)
		}
	}
	return `\mathrm{not\ }(` + conditionText(register, m, s) + ")"
}

// placeLabel is the axis along which a wire counts its places.
func placeLabel(w *diagram.Wire) string {
	if len(w.Type.Axes) > 0 {
		return w.Type.Axes[0].Label
	}
	return w.Name
}
