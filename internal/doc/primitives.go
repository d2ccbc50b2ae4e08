package doc

// Language is the name under which the primitive boxes are listed.
const Language = "the language"

// Primitives documents the boxes that the compiler knows: all others are made of
// them.
func Primitives() File {
	f := File{Name: Language, Doc: "Primitive boxes: what all others are made of."}
	for _, p := range primitives {
		f.Entries = append(f.Entries, Entry{Kind: "primitive", Name: p[0], Signature: p[1], Doc: p[2], File: Language})
	}
	return f
}

// primitives are name, form and what it does.
var primitives = [][3]string{
	{"linear", "linear[a.. -> b..]", "Learned linear map of the axes a to the axes b; of places along one axis, a look-up. Options: frozen; init and gain, which say how the weights begin: \"uniform\", \"normal\", \"truncated_normal\", \"kaiming\", \"xavier\" or \"lecun\" (each as _normal or _uniform), \"orthogonal\", \"dct\", \"gabor\", \"zeros\", \"ones\", or from the data that training begins with \"pca\" or \"kmeans\"; times gain."},
	{"affine", "affine[a.. -> b..]", "Learned linear map with a bias."},
	{"bias", "bias[a..]", "Adds a learned array."},
	{"gain", "gain[a..]", "Multiplies by a learned array."},
	{"learned", "learned[a..]", "A source: a learned array."},
	{"each", "each[a:n, f]", "Applies f with weights of its own at each place of the axis."},

	{"sum", "sum[a..]", "Sum over the axes."},
	{"mean", "mean[a..]", "Mean over the axes."},
	{"max", "max[a..]", "Largest number over the axes."},
	{"min", "min[a..]", "Smallest number over the axes."},
	{"product", "product[a..]", "Product over the axes."},
	{"logsumexp", "logsumexp[a..]", "Logarithm of the sum of exponentials, without overflow."},
	{"argmax", "argmax[a]", "Place of the largest number, the first of equal ones."},
	{"argmin", "argmin[a]", "Place of the smallest number, the first of equal ones."},
	{"softmax", "softmax[a..]", "Exponentials divided by their sum; `softmax[x where x <= y]` leaves places out, and a row with nothing left gives zeros."},
	{"logsoftmax", "logsoftmax[a..]", "Logarithm of softmax, without overflow."},
	{"cumsum", "cumsum[a]", "Sums of all numbers up to each place."},
	{"sort", "sort[a]", "Numbers in rising order, or falling with descending = true."},
	{"top", "top[a -> b:n]", "The n largest numbers, and their places."},

	{"exp", "exp", "e to the power of each number."},
	{"log", "log", "Natural logarithm."},
	{"sqrt", "sqrt", "Square root."},
	{"abs", "abs", "Absolute value."},
	{"sign", "sign", "-1, 0 or 1."},
	{"sin", "sin", "Sine."},
	{"cos", "cos", "Cosine."},
	{"tanh", "tanh", "Hyperbolic tangent."},
	{"sigmoid", "sigmoid", "1 / (1 + e to the -x)."},
	{"relu", "relu", "The number, or 0 where it is negative."},
	{"gelu", "gelu", "x times the normal distribution's share below x (Hendrycks and Gimpel 2016)."},
	{"silu", "silu", "x times its sigmoid."},
	{"softplus", "softplus", "log(1 + e to the x)."},
	{"square", "square", "x times x."},
	{"reciprocal", "reciprocal", "1 / x."},
	{"step", "step", "1 where the number is above 0, else 0. Sends nothing back."},
	{"erf", "erf", "Error function."},
	{"power", "power[p]", "x to the power p."},
	{"clamp", "clamp[lo, hi]", "The number, or the bound that it is beyond."},
	{"less", "less", "Of two arrays, 1 where the first is less than the second, else 0."},
	{"greater", "greater", "Of two arrays, 1 where the first is greater than the second, else 0."},
	{"equal", "equal", "Of two arrays, 1 where they are equal, else 0."},
	{"select", "select", "Of three arrays, the second where the first is not 0, else the third."},

	{"outer", "outer", "Product of arrays that share no axis: every number with every number."},
	{"spread", "spread[a:n]", "Repeats along a new axis: the transpose of sum."},
	{"copy", "copy[n]", "The same wire n times, as a tuple."},
	{"swap", "swap", "Two wires in the other order."},
	{"drop", "drop", "Ends a wire."},
	{"id", "id", "Hands on what it is given."},

	{"window", "window[a -> a w:size]", "The numbers under a window at every place. Options: stride, dilation, pad (same or none)."},
	{"unwindow", "unwindow[a w -> a]", "Transpose of window: adds up what overlaps."},
	{"slice", "slice[a, from, to]", "The places from one up to another."},
	{"pad", "pad[a, before, after]", "Zeros around."},
	{"flip", "flip[a]", "The axis the other way round."},
	{"roll", "roll[a, by]", "Each number moved along, those at the end to the front."},
	{"at", "at[a, i]", "The numbers at one place; a negative one counts from the end."},
	{"upsample", "upsample[a, n]", "Each number n times."},
	{"concat", "concat[a]", "Arrays of a tuple behind each other along an axis."},
	{"split", "split[a, n..]", "The parts of an axis, of the sizes that are said, as a tuple; what they leave is the last part."},
	{"stack", "stack[a]", "Arrays of a tuple along a new axis."},
	{"unstack", "unstack[a]", "The places of an axis as a tuple."},

	{"take", "take[a]", "Of an array and places, what stands at the places."},
	{"put", "put[a -> b]", "Transpose of take: adds numbers up at their places."},
	{"one_hot", "one_hot[a]", "1 at each place that is said, else 0."},
	{"places", "places[a]", "The source 0, 1, 2 …"},

	{"normal", "normal[a..]", "Draws of mean 0 and deviation 1, or of another scale."},
	{"uniform", "uniform[a..]", "Draws from 0 to 1, or to another scale."},
	{"bernoulli", "bernoulli[p]", "1 with probability p, else 0, for each number of its input."},
	{"dropout", "dropout[p]", "In training, 0 with probability p, and the rest made larger to keep the mean."},

	{"detach", "detach", "Hands on its input and sends nothing back."},
	{"grad", "grad[s, x]", "A value: the gradient of the scalar s by x, with the axes of x. Behind further commas stand further wires, which make a tuple. It can be differentiated again."},
	{"checkpoint", "checkpoint[f]", "f; what it makes on the way is not kept for the way back, but made again (Chen et al. 2016)."},
	{"reversible", "reversible[f, g]", "f; not even what flows in is kept for the way back: g makes it again of what flows out (Gomez et al. 2017)."},
	{"opaque", "opaque[\"name\", a.. -> b..]", "A box whose inside is not known: a function registered by name, or, with --allow-run, a program spoken to over a pipe. It has no derivative."},
	{"scan", "scan[t, f]", "Applies f at one place of the axis after another, its states carried on. Option: gradient (full, local, last[k], random[k], checkpoint)."},
	{"delay", "delay[t]", "What stood one place before; zeros at the first."},

	{"frozen", "frozen[f]", "f with weights that learning leaves as they are."},
	{"clone", "clone[f]", "f with weights of its own, which begin with the values of f's."},
	{"ema", "ema[f, 0.999]", "f with weights that follow those of f."},
	{"tied", "tied[f]", "The transpose of f, with the same weights."},
	{"lowrank", "lowrank[f, r]", "f as it is, and a learned part of rank r beside it (Hu et al. 2021)."},
}
