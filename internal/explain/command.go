package explain

import (
	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/runtime/fault"
	"ncd/runtime/train"
)

// attention is a diagram with ports and letters.
const attention = `diagram Attention(q[y k], K[x k], V[x k]) -> [y k] {
    scores[y x] = k^-0.5 * q[y k] * K[x k]
    weights     = scores >> softmax[x]
    result[y k] = weights[y x] * V[x k]
    result
}
`

// unlikeOthers are the checker's codes that hang on more than the program.
var unlikeOthers = []Entry{
	{source.Explanation{
		Code:    check.UnknownSetting,
		Meaning: "--set gives a value to a name that the program has not: no const, no static parameter, no letter of a port.",
		Mend:    "Correct the name.",
		Example: trains,
	}, []string{checked + " --set wode=8"}},
	{source.Explanation{
		Code:    check.UnknownDeclaration,
		Meaning: "A diagram, train block, rule or other declaration is asked for that the program has not.",
		Mend:    "Correct the name; `ncd doc FILE` lists what the file has.",
		Example: attention,
	}, []string{"ncd render " + Program + " Atention -o x.svg"}},
	{source.Explanation{
		Code:    "ViewImpossible",
		Meaning: "The view that is asked for has nothing to show of the diagram, or more than could be read: the backward view shows every box, and what goes back through it.",
		Mend:    "Draw a diagram that is a part of it, or the circuit view.",
		Example: "diagram Fires(u[n]) -> [n] { u >> step }\n",
	}, []string{"ncd render " + Program + " --view backward"}},
	{source.Explanation{
		Code:    check.DataMismatch,
		Meaning: "The data are not what the train block says: their axes have other sizes, or there are more or fewer of them.",
		Mend:    "Leave sizes out that the data decide, or correct them.",
		Example: `diagram Net(image[class col]) -> [class] { image >> linear[col -> one:1] >> sum[one] }

train net {
    data      image[class col], label in class = digits["digits8x8"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 0.1]
}
`,
	}, []string{"ncd train " + Program}},
	{source.Explanation{
		Code:    check.StateOutside,
		Meaning: "A box carries a state from place to place of an axis, and nothing says along which axis it goes.",
		Mend:    "Let it go along one: `x >> scan[t, Sum]`. What is to be kept from step to step of training is `kept`.",
		Example: `axis class = 10

diagram Sum(state s[n], x[n]) -> [n] {
    s = s + x
    s
}

train net {
    data      image[row col], label in class = digits["digits8x8"]
    loss      (image >> [row col -> n=(row col)] >> Sum >> affine[n -> class], label) >> cross_entropy[class]
    optimizer adam
}
`,
	}, []string{"ncd train " + Program}},
	{source.Explanation{
		Code:    check.UnmetClaim,
		Meaning: "What a test expects is not so: numbers are not as near as is said, a wire has another type, or nothing is wrong where an error is expected.",
		Mend:    "Correct the diagram, or what the test expects of it.",
		Example: `test "the sum of a row" {
    w = normal[y:3 x:5]
    expect w >> sum[x] : [x:5]
}
`,
	}, []string{"ncd test " + Program}},
}

// files are the runtime's codes about files and what is in them.
var files = []Entry{
	{source.Explanation{
		Code:    source.Code(fault.BadWeights),
		Meaning: "A weight file is damaged, or holds the weights of another model: paths or sizes differ.",
		Mend:    "Give the weights of this model, with the --set that it was trained with; `ncd eval --run RUN` takes both from the run.",
		Example: trains,
	}, []string{"ncd eval " + Program + " --weights " + Program}},
	{source.Explanation{
		Code:    source.Code(fault.BadArray),
		Meaning: "An npy or npz file is damaged, or its arrays are not those of the diagram's ports.",
		Mend:    "Give an array for each port, of its sizes: --input port=x.npy.",
		Example: attention,
	}, []string{"ncd run " + Program + " Attention --input q=" + Program}},
	{source.Explanation{
		Code:    source.Code(fault.BadData),
		Meaning: "A data file is damaged, or is not what the data clause says.",
		Mend:    "Compare its SHA-256 with that of its publisher. `ncd help data` says what each source reads.",
		Example: `axis class = 10

diagram Net(image[pixel]) -> [class] { image >> affine[pixel -> class] }

train net {
    data      image[pixel], label in class = csv["` + Program + `"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 0.1]
}
`,
	}, []string{"ncd train " + Program}},
	{source.Explanation{
		Code:    source.Code(fault.MissingData),
		Meaning: "A data file or folder is nowhere it was looked for: beside the source file, under --data or NCD_DATA, among the sets that come with ncd.",
		Mend:    "Say where the data are: --data DIR.",
		Example: `axis class = 10

diagram Net(image[row col]) -> [class] { image >> affine[row col -> class] }

train net {
    data      image[row col], label in class = mnist["nowhere"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 0.1]
}
`,
	}, []string{"ncd train " + Program}},
	{source.Explanation{
		Code:    source.Code(fault.UnknownSource),
		Meaning: "A data clause names a source that there is not.",
		Mend:    "Correct its name; `ncd help data` lists the sources.",
		Example: `axis class = 10

diagram Net(image[row col]) -> [class] { image >> affine[row col -> class] }

train net {
    data      image[row col], label in class = digtis["digits8x8"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 0.1]
}
`,
	}, []string{"ncd train " + Program}},
	{source.Explanation{
		Code:    source.Code(fault.BadOption),
		Meaning: "An option of a data source is unknown, or has a value that it cannot have.",
		Mend:    "`ncd help data` lists the options of each source.",
		Example: `axis class = 10

diagram Net(image[row col]) -> [class] { image >> affine[row col -> class] }

train net {
    data      image[row col], label in class = digits["digits8x8", tset = 0.1]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 0.1]
}
`,
	}, []string{"ncd train " + Program}},
	{source.Explanation{
		Code:    source.Code(fault.UnreadableFile),
		Meaning: "The system refuses to read a file, or it is far larger than such a file is.",
		Mend:    "Name a file that you may read.",
	}, []string{"ncd check ."}},
	{source.Explanation{
		Code:    source.Code(fault.UnwritableFile),
		Meaning: "The system refuses to write a file. What was there before is as it was.",
		Mend:    "Choose another place with -o, or make room.",
		Example: attention,
	}, []string{"ncd render " + Program + " -o nowhere/attention.svg"}},
	{source.Explanation{
		Code:    source.Code(fault.BadProgram),
		Meaning: "The program of an opaque box may not be run, cannot be started, is late, has died, or answers what is no frame of the protocol.",
		Mend:    "Say --allow-run if you trust it, and try it by hand. The documentation of the package runtime/opaque says what it must read and write.",
		Example: "diagram Measured() -> [m:4] { places[m:4] >> opaque[\"python3 square.py\", m -> m] }\n",
	}, []string{"ncd run " + Program + " Measured"}},
	{source.Explanation{
		Code:    "MissingFile",
		Meaning: "A program is not there.",
		Mend:    "FILE is a path, - for standard input, or a name of the standard library: std/losses.",
	}, []string{"ncd check nowhere.ncd"}},
	{source.Explanation{
		Code:    "NotFormatted",
		Meaning: "A file is not in the canonical form, which `ncd fmt --check` asks for.",
		Mend:    "ncd fmt -w " + Program,
		Example: "diagram  Net( x[m] )->[m] { x>>relu }\n",
	}, []string{"ncd fmt --check " + Program}},
}

// runs are the codes about runs of a program.
var runs = []Entry{
	{source.Explanation{
		Code:    train.CodeNotFinite,
		Meaning: "The loss of a run, or one of its weights, is infinite or no number any more. With --check-finite all it is the first number of any box. Nothing broken is saved: the run folder holds the last weights that were sound.",
		Mend:    "A smaller rate of the optimizer is the usual mend; a division or logarithm of zero in the model or loss the other: --check-finite all tells which box made the first one. --allow-nan goes on all the same.",
		Example: `axis class = 10

diagram Net(image[row col]) -> [class] { image >> affine[row col -> class] }

train net {
    data      image[row col], label in class = digits["digits8x8"]
    model     net = Net
    loss      (image >> net, label) >> cross_entropy[class]
    optimizer sgd[rate = 1e38]
}
`,
	}, []string{"ncd train " + Program}},
	{source.Explanation{
		Code:    source.Code(train.TooLarge),
		Meaning: "The arrays of a plan take more memory than is free.",
		Mend:    "Look for an axis that is larger than it should be, or take smaller batches.",
		Example: trains,
	}, []string{"ncd train " + Program + " --set wide=1000000000"}},
	{source.Explanation{
		Code:    source.Code(train.FolderTaken),
		Meaning: "The folder that a run is to go to holds something already. Nothing is written over.",
		Mend:    "Go on with the run in it, --resume RUN, or choose another folder with -o.",
		Example: trains,
	}, []string{"ncd train " + Program + " -o ."}},
	{source.Explanation{
		Code:    source.Code(train.BadRun),
		Meaning: "A run folder is damaged, or holds no run.",
		Mend:    "Name the folder that `ncd train` told.",
		Example: trains,
	}, []string{"ncd eval " + Program + " --run ."}},
	{source.Explanation{
		Code:    source.Code(train.RunBusy),
		Meaning: "Another process writes to the run folder that is to be gone on with. Two would spoil it.",
		Mend:    "Wait until it has ended, or stop it with Ctrl-C: it saves first.",
		Example: trains,
	}, nil},
	{source.Explanation{
		Code:    "ScalarNeeded",
		Meaning: "A gradient is asked for of a result that is not one number.",
		Mend:    "Make a number of it first: `>> sum[a b]`.",
		Example: "diagram Noise() -> [m:3] { normal[m:3] }\n",
	}, []string{"ncd run " + Program + " Noise --grad"}},
	{source.Explanation{
		Code:    "ProgramChanged",
		Meaning: "A remark, no error: the program is not as it was when the run began that is gone on with.",
		Mend:    "Nothing is to be done if the change does not matter. To repeat a run exactly, bring the program back whose SHA-256 run.json has.",
		Example: trains,
	}, nil},
	{source.Explanation{
		Code:    "Stopped",
		Meaning: "A remark, no error: the run was stopped by Ctrl-C or SIGTERM, and all that it needs to go on is saved.",
		Mend:    "ncd train FILE --resume RUN ends at the same weights as if it had not been stopped.",
		Example: trains,
	}, nil},
}

// usage are the codes about how the command is used.
var usage = []Entry{
	{source.Explanation{
		Code:    "BadUsage",
		Meaning: "The command was used wrongly: an option or a word is unknown, missing, or has a value that it cannot have. Nothing was done.",
		Mend:    "`ncd help COMMAND` lists options, with an example.",
	}, []string{"ncd trian"}},
	{source.Explanation{
		Code:    "ToolMissing",
		Meaning: "The playground is compiled by Go from the source of ncd, and one of the two is not found.",
		Mend:    "Install Go; run the command in a clone of ncd, or name one with --source.",
	}, []string{"ncd playground -o page --source ."}},
}
