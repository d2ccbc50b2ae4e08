package explain

import (
	"strings"

	"ncd/compiler/check"
	"ncd/grammar/source"
)

// training are the codes about train blocks and learning rules.
var training = []source.Explanation{
	{
		Code:    check.EntryMissing,
		Meaning: "A train block lacks something that it cannot do without: data, a model, a loss or an optimizer.",
		Mend:    "Add the line that is named.",
		Example: `axis class = 10

diagram Net(image[row col]) -> [class] { image >> affine[row col -> class] }

train net {
    data      image[row col], label in class = digits["digits8x8"]
    model     net = Net
    optimizer sgd[rate = 0.1]
}
`,
	},
	{
		Code:    check.EntryTwice,
		Meaning: "A key of a train block stands twice, and may stand once.",
		Mend:    "Take one of the lines out.",
		Example: trainBlock("batch 8\n    batch 9"),
	},
	{
		Code:    check.InvalidEntry,
		Meaning: "An entry of a train block says something that it cannot: data come from something that is no source, an optimizer is a box that is none.",
		Mend:    "Compare it with the same entry in the manual.",
		Example: strings.Replace(trains, "sgd[rate = 0.1]", "relu", 1),
	},
	{
		Code:    check.RuleMismatch,
		Meaning: "A learning rule does not fit the layer it is used for, or says something a rule cannot.",
		Mend:    "Use another rule for that part of the model: `rule net.stem: a, net.head: b`.",
		Example: `rule odd {
    fixed B[e.. o..] = softplus
    signal[o..] = error[e..] * B[e.. o..]
}
`,
	},
}

// trainBlock is a program that trains, with further entries.
func trainBlock(entries string) string {
	return `axis class = 10

diagram Net[wide = 16](image[row col]) -> [class] {
    image >> affine[row col -> hidden:wide] >> relu >> affine[hidden -> class]
}

train net {
    data      image[row col], label in class = digits["digits8x8"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 0.1]
    epochs    1
    ` + entries + `
}
`
}

// trains is a sound program that trains.
var trains = trainBlock("seed 1")
