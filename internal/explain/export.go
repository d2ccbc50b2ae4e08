package explain

import (
	"ncd/grammar/source"
	"ncd/internal/export"
)

// exports are the codes of programs that another format has no words for.
var exports = []Entry{
	{source.Explanation{
		Code:    export.NotExportable,
		Meaning: "The format that a program is exported to has no words for a box of it. Nothing is written, as the file would compute something else.",
		Mend:    "Write that part in another way, or export to another format; the message names the box.",
		Example: `diagram Sum(state s[n], x[n]) -> [n] {
    s = s + x
    s
}

diagram Sums(x[t:5 n:3]) -> [t n] { x >> scan[t, Sum, gradient = random[2]] }
`,
	}, []string{"ncd export " + Program + " Sums --to torch"}},
	{source.Explanation{
		Code:    export.BadMesh,
		Meaning: "The axes of a program cannot be laid along a mesh of devices as is asked: there is no such axis, or its size is no multiple of the devices.",
		Mend:    "Shard an axis that the program has, along a mesh axis that divides its size.",
		Example: trains,
	}, []string{"ncd export " + Program + " net --to jax --mesh data=8 --shard hiden:data"}},
	{source.Explanation{
		Code: "NotImportable",
		Meaning: "A model of another format has operators that the language has no words for, or that are not known, such as recurrence and control " +
			"flow; or numbers that float32 does not hold. All of them are listed, with how often they are used.",
		Mend: "Export the model without them, or write those parts in the language.",
		Example: `diagram Sum(state s[n], x[n]) -> [n] {
    s = s + x
    s
}

diagram Sums(x[t n:3]) -> [t n] { x >> scan[t, Sum] }
`,
	}, []string{"ncd export " + Program + " Sums --to onnx -o sums.onnx", "ncd import sums.onnx"}},
}
