package explain

import (
	"ncd/compiler/check"
	"ncd/grammar/source"
)

// names are the codes about names: what they stand for, and whether they are used.
var names = []source.Explanation{
	{
		Code:    check.DeclaredTwice,
		Meaning: "A name is declared a second time in the file, or a second time among the ports and parameters of a diagram. It could not be told which of the two is meant.",
		Mend:    "Rename one of them, or take it out.",
		Example: `axis n = 3
axis n = 4
`,
	},
	{
		Code:    check.MissingImport,
		Meaning: "An imported file is not there. Imports are looked for beside the file, and in the standard library under std/.",
		Mend:    "Correct the path.",
		Example: `import "nowhere.ncd"
`,
	},
	{
		Code:    check.CyclicImport,
		Meaning: "A file is imported on the way to itself.",
		Mend:    "Put what both files need into a third one.",
		Example: `import "` + Program + `"
`,
	},
	{
		Code:    check.CyclicValue,
		Meaning: "A const or axis is defined by itself, at once or by way of others.",
		Mend:    "Give one of them a number.",
		Example: `const a = b + 1
const b = a
`,
	},
	{
		Code:    check.EndlessDiagram,
		Meaning: "A diagram is used inside itself without end: boxes are elaborated before any data flows, so that nothing could stop it.",
		Mend:    "Repeat a block with `^n` or `for`; where it must hold itself, let a static `if` end it.",
		Example: `diagram Again(x[m]) -> [m] { x >> Again }
`,
	},
	{
		Code:    check.UnknownName,
		Meaning: "A name stands for nothing here: no wire or box that was defined above, no parameter, const or axis.",
		Mend:    "Correct its spelling, or define it above its use.",
		Example: `diagram Add(x[m]) -> [m] { x + y }
`,
	},
	{
		Code:    check.UnknownBox,
		Meaning: "Wires flow into a name that is no box of the language, the standard library, the imports or the file.",
		Mend:    "Correct its spelling; `ncd doc` lists the boxes of the standard library.",
		Example: `diagram Net(x[m]) -> [m] { x >> rleu }
`,
	},
	{
		Code:    check.UnknownParameter,
		Meaning: "Brackets give a value to a parameter that the box has not.",
		Mend:    "Correct its name; `ncd doc NAME` lists the parameters of a box.",
		Example: `diagram Net(x[m]) -> [m] { x >> layernorm[m, epsilom = 1e-3] }
`,
	},
	{
		Code:    check.UnknownKey,
		Meaning: "A line of a train block begins with a word that means nothing there.",
		Mend:    "Correct the word, or write `=` behind it where it is to be the name of a wire.",
		Example: trainBlock("bach 8"),
	},
	{
		Code:    check.UnusedWire,
		Meaning: "A wire or a box is given a name and never used: a step was forgotten, or the wrong name was written further down.",
		Mend:    "Use it, or take the line out.",
		Example: `diagram Net(x[m]) -> [m] {
    y = x >> relu
    x
}
`,
	},
	{
		Code:    check.UnusedParameter,
		Meaning: "A static parameter of a diagram is never used, so that setting it would do nothing.",
		Mend:    "Use it, or take it out.",
		Example: `diagram Net[wide = 3](x[m]) -> [m] { x >> relu }
`,
	},
	{
		Code:    check.UnusedSlot,
		Meaning: "A wire is saved, and what is saved is never loaded.",
		Mend:    "Load it, or take the `save` out.",
		Example: `diagram Net(x[m]) -> [m] {
    save C = x
    x
}
`,
	},
	{
		Code:    check.EmptySlot,
		Meaning: "A slot is loaded that nothing was saved in above.",
		Mend:    "Save it before it is loaded; slots of loops are told apart by what stands in their brackets.",
		Example: `diagram Net(x[m]) -> [m] { x + load C }
`,
	},
}
