package explain

import (
	"ncd/compiler/check"
	"ncd/grammar/source"
)

// sizes are the codes about how large axes are.
var sizes = []source.Explanation{
	{
		Code:    check.SizeUnknown,
		Meaning: "Nothing says how many places an axis has: no wire that flows in, no bracket, no declaration.",
		Mend:    "Say it where the axis is made, `linear[m -> h:64]`, or for the whole file, `axis h = 64`. A size of a port can be set where the diagram is run: `--set m=64`.",
		Example: `diagram Net(x[m]) -> [h] { x >> linear[m -> h] }
`,
	},
	{
		Code:    check.SizeLimit,
		Meaning: "An axis or an array is larger than any that is taken: a slip of the pen, more likely than not.",
		Mend:    "Make it smaller. `ncd help limits` lists what is refused as too large.",
		Example: `diagram Wide(x[m]) -> [m] { x >> linear[m -> hidden:3000000000] >> linear[hidden -> m] }
`,
	},
	{
		Code:    check.SizeInvalid,
		Meaning: "A size does not come out whole, or is less than nothing.",
		Mend:    "Change the sizes so that the quotient is whole, or say `ceil[n/2]` where rounding up is meant.",
		Example: `diagram Halves(x[m:7]) -> [h k:2] { x >> [m=(h k) -> h k:2] }
`,
	},
	{
		Code:    check.SizeNeeded,
		Meaning: "A wire, a box, a text or a fraction stands where a size or a number must.",
		Mend:    "Write a whole number, or an expression over numbers, consts, parameters and other axes.",
		Example: `diagram Net(x[m]) -> [h:3] { x >> linear[m -> h:1.5] }
`,
	},
	{
		Code:    check.SharedSizes,
		Meaning: "A box that was bound to a name shares its weights among its uses, and two of the uses would need weights of different sizes.",
		Mend:    "Write the box once for each size; each written box has weights of its own.",
		Example: `diagram Net(x[m], y[n]) -> [k:3] {
    f = linear[a -> k:3]
    (x >> [m -> a] >> f) + (y >> [n -> a] >> f)
}
`,
	},
}
