package explain

import (
	"ncd/compiler/check"
	"ncd/grammar/source"
)

// boxes are the codes about boxes and what they are given.
var boxes = []source.Explanation{
	{
		Code:    check.WireNeeded,
		Meaning: "A box, a size or a text stands where a wire must: arithmetic and `>>` begin with data.",
		Mend:    "Let data flow into the box: `x + (x >> relu)`.",
		Example: `diagram Net(x[m]) -> [m] { x + relu }
`,
	},
	{
		Code:    check.BoxNeeded,
		Meaning: "A wire, a size or a text stands where a box must: behind `>>`, or where a parameter is a diagram.",
		Mend:    "Name a box. Two wires are put together by arithmetic, or side by side: `(x, y)`.",
		Example: `diagram Net(x[m], y[m]) -> [m] { x >> y }
`,
	},
	{
		Code:    check.WireCount,
		Meaning: "A box is given more or fewer wires than it takes.",
		Mend:    "Feed it a tuple of as many wires as it has ports: `(x, y) >> equal`.",
		Example: `diagram Same(x[m]) -> [m] { x >> equal }
`,
	},
	{
		Code:    check.PlaceNeeded,
		Meaning: "Numbers flow where places along an axis must: what is looked up is said by a place.",
		Mend:    "Declare the port as places, `tokens[s] in vocab`, or make places of numbers: `x >> argmax[m]`.",
		Example: `diagram LookUp(x[m], y[s]) -> [s] { (x, y) >> take[m] }
`,
	},
	{
		Code:    check.NumberNeeded,
		Meaning: "Places along an axis flow where numbers must. A place is a name, and has no value to compute with.",
		Mend:    "Look it up, `tokens >> linear[vocab -> m]`, or write it out: `label >> one_hot[class]`.",
		Example: `diagram Net(x[s] in m) -> [s] { x >> relu }
`,
	},
	{
		Code:    check.ParameterMissing,
		Meaning: "A static parameter without a default is not given.",
		Mend:    "Give it in brackets, `A[n = 3]`, or a default where it is declared.",
		Example: `diagram A[n](x[m]) -> [h:n] { x >> linear[m -> h:n] }

diagram B(x[m]) -> [h:3] { x >> A }
`,
	},
	{
		Code:    check.ParameterKind,
		Meaning: "A static parameter is given something of another kind: a text for a truth value, a number for a diagram.",
		Mend:    "Give it what it takes; `ncd doc NAME` shows its default, whose kind it has.",
		Example: `diagram Net(x[m]) -> [m] { x >> linear[m -> m, frozen = "yes"] }
`,
	},
	{
		Code:    check.ResultMissing,
		Meaning: "The body of a diagram ends without an expression: nothing flows out of it.",
		Mend:    "Write the result as the last line.",
		Example: `diagram Net(x[m]) -> [m] { y = x }
`,
	},
	{
		Code:    check.ResultMismatch,
		Meaning: "What the body of a diagram makes is not what its signature says. Both are checked, neither is guessed.",
		Mend:    "Correct the signature, or the body. The order of axes does not matter.",
		Example: `diagram Net(x[m n]) -> [m] { x >> relu }
`,
	},
	{
		Code:    check.ConditionStatic,
		Meaning: "The condition of an `if` hangs on data. What boxes there are is settled before any data flows.",
		Mend:    "Choose between values place by place: `(x >> greater, a, b) >> select`. An `if` may ask about sizes, parameters and `training`.",
		Example: `diagram Net(x[m]) -> [m] { if x > 0 { x } else { -x } }
`,
	},
	{
		Code:    check.InvalidReverse,
		Meaning: "The backward program of a diagram is not what the diagram needs: it takes what comes back to each result, and gives back an array for each port of numbers, with its axes.",
		Mend:    "Give as many results as the diagram has ports.",
		Example: `diagram Step(u[n]) -> [n] {
    u >> step
} reverse(g[n]) {
    (g, g)
}
`,
	},
	{
		Code:    check.NoGradient,
		Meaning: "A gradient is asked for of a wire that has axes, or by a wire that the scalar does not hang on.",
		Mend:    "Add the wire up to a scalar first, and make it of the very wire by which the gradient is taken.",
		Example: `diagram Saliency(x[n]) -> [n] {
    s = x >> square
    grad[s, x]
}
`,
	},
}
