package explain

import (
	"ncd/compiler/check"
	"ncd/grammar/source"
)

// equations are the codes about index equations.
var equations = []source.Explanation{
	{
		Code:    check.IndexOrder,
		Meaning: "Brackets list the axes of a wire in another order than the wire has them. In an index equation letters stand for the axes in their order, so that this would be a transpose nobody sees.",
		Mend:    "Write them in the wire's order. What stands left of `=` may have any order.",
		Example: `diagram Rows(q[y k]) -> [y] {
    s[y] = q[k y]
    s
}
`,
	},
	{
		Code:    check.IndexCount,
		Meaning: "Brackets name more or fewer axes than the wire has.",
		Mend:    "Give one letter or one place to each axis of the wire.",
		Example: `diagram Rows(q[y k]) -> [y] {
    s[y] = q[y]
    s
}
`,
	},
	{
		Code:    check.IndexUnread,
		Meaning: "A letter stands left of `=` only, so that nothing says what is to vary along it.",
		Mend:    "Use it on the right, or spread the result on purpose: `s >> spread[z:3]`.",
		Example: `diagram Rows(q[y k]) -> [y z] {
    s[y z:3] = q[y k]
    s
}
`,
	},
	{
		Code:    check.IndexOutside,
		Meaning: "An equation reads a wire before its first or behind its last place. Nothing is made up there.",
		Mend:    "Make the result smaller, or put zeros around on purpose: `x >> pad[m, 1, 1]`.",
		Example: `diagram Next(x[m:4]) -> [q:4] {
    s[q:4] = x[q + 1]
    s
}
`,
	},
	{
		Code:    check.InvalidEquation,
		Meaning: "The right side of an index equation is no product of wires with letters in brackets.",
		Mend:    "Compute first and index then: `r = q >> relu`, `s[y k] = r[y k]`.",
		Example: `diagram Net(q[y k]) -> [y k] {
    s[y k] = q >> relu
    s
}
`,
	},
}
