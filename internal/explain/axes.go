package explain

import (
	"ncd/compiler/check"
	"ncd/grammar/source"
)

// axes are the codes about axes and how boxes meet them.
var axes = []source.Explanation{
	{
		Code:    check.AxisSize,
		Meaning: "An axis has one size here and another there. Two wires meet on an axis only if its name and its size agree.",
		Mend:    "Drop the size where it need not be said, correct it, or rename one of the axes first: `[m -> m']`.",
		Example: `axis m = 64

diagram Net(x[m]) -> [h:3] { x >> affine[m:512 -> h:3] }
`,
	},
	{
		Code:    check.AxisTwice,
		Meaning: "One wire would have the same axis twice, and its name would not tell which one is meant.",
		Mend:    "Write a prime: `x'` is a fresh axis of the size of `x`.",
		Example: `diagram Trace(x[m m]) -> [m] { x >> sum[m] }
`,
	},
	{
		Code:    check.AxisMissing,
		Meaning: "A port of the box has an axis for which the wire has none left.",
		Mend:    "Feed a wire that has the axis, or say in brackets which one it is: `A[b = c]`.",
		Example: `diagram A(x[a b]) -> [a] { x >> sum[b] }

diagram B(y[a]) -> [a] { y >> A }
`,
	},
	{
		Code:    check.AxisAmbiguous,
		Meaning: "It cannot be told which axes of the wire the axes of the port are: they have other names, and more than one is left. Axes are never matched by position.",
		Mend:    "Say it in brackets: `A[a = s, b = t]`.",
		Example: `diagram A(x[a b]) -> [a] { x >> sum[b] }

diagram B(y[s t u]) -> [s] { y >> A }
`,
	},
	{
		Code:    check.AxisCapture,
		Meaning: "An axis is left over in what flows in, and the box makes one of the same name, which would be another axis.",
		Mend:    "Rename the one that flows in before: `[k -> k']`.",
		Example: `diagram A(x[a]) -> [k:3] { x >> linear[a -> k:3] }

diagram B(y[a k]) -> [k] { y >> A }
`,
	},
	{
		Code:    check.AxisUnderstood,
		Meaning: "A remark, no error: which axis was taken for which, where names do not say it.",
		Mend:    "Nothing is to be done if it is what you mean. Said in brackets, `A[a = s]`, it is told no more.",
		Example: `diagram A(x[a]) -> [a] { x >> softmax[a] }

diagram B(y[s]) -> [s] { y >> A }
`,
	},
	{
		Code:    check.NothingShared,
		Meaning: "Two arrays without a common axis are added or multiplied: every number of one would meet every number of the other.",
		Mend:    "Where that is meant, say it: `(x, y) >> outer`. Otherwise rename an axis so that they share one.",
		Example: `diagram Add(x[a], y[b]) -> [a b] { x + y }
`,
	},
	{
		Code:    check.BadAxes,
		Meaning: "Brackets are to name axes, and say something else.",
		Mend:    "Axes are written with spaces between them: `softmax[x]`, `sum[row col]`, `linear[m -> h k:8]`.",
		Example: `diagram Net(x[m]) -> [m] { x >> softmax[m + 1] }
`,
	},
	{
		Code:    check.UnknownAxis,
		Meaning: "A box asks for an axis that the wire has not.",
		Mend:    "Name an axis of the wire, or rename the wire's first: `[n -> m]`.",
		Example: `diagram Net(x[m]) -> [m] { x >> softmax[n] }
`,
	},
	{
		Code:    check.RearrangementMismatch,
		Meaning: "A rearrangement hands on the same array with its axes in another order, and does not name those axes.",
		Mend:    "Name all axes of the wire. To rename, write `[s -> t]`; to merge and split, `[row col -> p=(row col)]`.",
		Example: `diagram Swap(x[a b]) -> [b a] { x >> [b c] }
`,
	},
}
