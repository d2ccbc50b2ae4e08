package learn

import "ncd/grammar/source"

// The codes of what this package says. Codes tells what each means.
const (
	ManyInputs    source.Code = "ManyInputs"
	MissingWire   source.Code = "MissingWire"
	UnmovedWeight source.Code = "UnmovedWeight"
	NoDerivative  source.Code = "NoDerivative"
)

// Codes explains every code of this package. Each example yields its code and
// nothing else when its train block is made into a step.
func Codes() []source.Explanation {
	return []source.Explanation{
		{
			Code:    ManyInputs,
			Meaning: "The first values of a weight are to be made of what flows into it (`init = \"pca\"` or `\"kmeans\"`), and it is used more than once, as in a scan: each use sees something else.",
			Mend:    "Begin it otherwise, as with `init = \"orthogonal\"`, or give each use weights of its own.",
			Example: exampleOf("image >> [pixel -> t] >> spread[one:1] >> scan[t, Cell] >> at[t, -1] >> affine[h -> class]", "backprop") + `
diagram Cell(state h[h:4], x[one]) -> [h] {
    h = (h >> linear[h -> h, init = "pca"]) + (x >> linear[one -> h:4])
    h
}
`,
		},
		{
			Code:    MissingWire,
			Meaning: "A learning rule reads what the layer it is used for has not: the input of a learned array, which has none.",
			Mend:    "Use another rule for that part of the model, or say the rule `at` the boxes that it fits.",
			Example: exampleOf("(image >> affine[pixel -> h:4]) + learned[h] >> affine[h -> class]", "likes_inputs") + `
rule likes_inputs { objective = (x >> square) + (y >> square) }
`,
		},
		{
			Code:    UnmovedWeight,
			Meaning: "No loss hangs on a weight by a way that sends something back, and no rule changes it: it stays as it is.",
			Mend:    "Take the `detach` out, or say `frozen = true` where it is meant.",
			Example: exampleOf("image >> linear[pixel -> h:4] >> detach >> affine[h -> class]", "backprop"),
		},
		{
			Code:    NoDerivative,
			Meaning: "A learning rule needs the derivative of an opaque box, and nobody knows its inside.",
			Mend:    "Use a rule that never goes back through it: one that gives each layer a signal or an objective of its own. `ncd train` lists those of the library that fit.",
			Example: exampleOf("image >> linear[pixel -> h:4] >> opaque[\"simulator\", h -> k:4] >> affine[k -> class]", "backprop"),
		},
	}
}

// exampleOf is a program that trains a model by a rule.
func exampleOf(model, rule string) string {
	return `axis class = 3
diagram Net(image[pixel]) -> [class] {
    ` + model + `
}
train net {
    data      image[pixel], label in class = csv["table.csv"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    rule      ` + rule + `
    optimizer sgd[rate = 0.1]
}
`
}
