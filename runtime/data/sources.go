package data

import (
	"strings"

	"ncd/runtime/fault"
)

// Source is a kind of data that programs can name.
type Source struct {
	Name    string
	Path    string // what its path is to name; "" where it reads no file
	Fields  string // what an example is made of, in the source's order
	Doc     string // what it reads, and which examples are for training, validation and testing
	Example string
	Options []Option
}

// source is a Source and how it is read.
type source struct {
	Source
	// read reads what a resolved request asks for, with fields of its own naming.
	read func(*reader, Request) (*Splits, error)
	// holdsOut is whether read also makes the validation set, since examples are not
	// independent of each other.
	holdsOut bool
}

// Sources are all that there are, in the order of their names.
func Sources() []Source {
	all := make([]Source, len(sources))
	for i, s := range sources {
		all[i] = s.Source
	}
	return all
}

// find is the source of a name.
func find(name string) (source, error) {
	names := make([]string, len(sources))
	for i, s := range sources {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	return source{}, fault.New(fault.UnknownSource, "", "there is no data source `%s`; there are %s", name, strings.Join(names, ", ")).
		MendNearest("write `%s`", name, names)
}

// Options that several sources have.
var (
	validation = Option{"validation", Part, 0.0, nil, "the part of the training examples that is held back as the validation set"}
	scale      = Option{"scale", Truth, false, nil, "give each column mean 0 and variance 1 on the training set"}
	pad        = Option{"pad", Text, "front", []string{"front", "back"}, "where short series are filled up with zeros; in front, the last step is always data"}
)

func testPart(otherwise float64, doc string) Option {
	return Option{"test", Part, otherwise, nil, "the part of the examples to test on" + doc}
}

// drawn are the options of a generator, with its own behind them.
func drawn(own ...Option) []Option {
	return append([]Option{
		{"count", Count, 1000.0, nil, "how many examples there are"},
		{"seed", Seed, 0.0, nil, "what the examples are drawn from"},
		testPart(0.2, ""), validation,
	}, own...)
}

// sources is the table of all sources.
var sources = []source{
	{Source{
		Name: "characters", Path: "a text file", Fields: "tokens[s] in vocab, next[s] in vocab",
		Doc: "Windows of a text and the same one character on. The vocabulary is the text's distinct characters in order. " +
			"The end of the text is the test set, cut into windows side by side; training windows begin at every character, so that each step draws random ones.",
		Example: `tokens[s] in vocab, next[s] in vocab = characters["text/tinyshakespeare/input.txt", context = 64]`,
		Options: textOptions(),
	}, readCharacters, true},
	{Source{
		Name: "cifar", Path: "a folder or file", Fields: "image[row:32 col:32 c:3], label in 10",
		Doc: "CIFAR-10: data_batch_*.bin and test_batch.bin, gzipped or not, or pictures in folders train and test (or archives of them) with a folder for each class. " +
			"Pixels from 0 to 1. A single .bin file is all to train on.",
		Example: `image[row col c], label in class = cifar["images/cifar10"]`,
		Options: []Option{validation},
	}, readCIFAR, false},
	{Source{
		Name: "csv", Path: "a file", Fields: "features[feature], label",
		Doc:     "Lines of comma-separated values. Lines are shuffled, always in the same way, and the last are the test set.",
		Example: `features[feature], label in class = csv["iris.csv", label = "species", scale = true]`,
		Options: []Option{
			{"header", Truth, true, nil, "the first line names the columns"},
			{"label", ColumnName, nil, nil, "the column to tell; otherwise the last, where the program takes two fields"},
			{"features", Text, "", nil, "names or numbers of the columns to tell it from, with commas; otherwise all others"},
			{"separator", Text, ",", nil, "the character between columns; a space stands for any white space"},
			testPart(0.2, ""), validation, scale,
		},
	}, readCSV, false},
	{Source{
		Name: "digits", Path: "a file or folder, digits8x8 for the set that comes with ncd", Fields: "image[row:8 col:8], label in 10",
		Doc:     "The UCI optical digits: the first 1,500 examples to train on, the last 297 to test. Pixels from 0 to 1.",
		Example: `image[row col], label in class = digits["digits8x8"]`,
		Options: []Option{validation},
	}, readDigits, false},
	{Source{
		Name: "gaussians", Fields: "x[feature], label in classes",
		Doc:     "Points in heaps around centres on the unit sphere, a heap for each class.",
		Example: `x[feature], label in class = gaussians[count = 500, classes = 3]`,
		Options: drawn(
			Option{"classes", Count, 3.0, nil, "how many heaps there are"},
			Option{"features", Count, 2.0, nil, "how many axes space has"},
			Option{"spread", Number, 0.2, nil, "the standard deviation of a heap along each axis"},
		),
	}, readGaussians, false},
	{Source{
		Name: "graph", Path: "an npz file, with or without .npz", Fields: "features[node f], label[node] in class, from[edge] in node, to[edge] in node, mask[node], norm[edge], train[node], validation[node], test[node]",
		Doc: "One example, the whole graph; each edge is there in both directions. `mask` is 1 at the nodes of the split at hand and 0 elsewhere: training, validation and test set differ in nothing else. " +
			"`train`, `validation` and `test` are the three masks, the same in every set. `norm` is 1/√(degree of from · degree of to), as graph convolution wants it. " +
			"A node without label has the label 0 and is in no mask.",
		Example: `features[node f], label[node] in class, from[edge] in node, to[edge] in node, mask[node] = graph["graphs/cora"]`,
		Options: []Option{
			{"loops", Truth, true, nil, "each node has an edge to itself"},
			{"normalise", Truth, true, nil, "the features of each node add up to 1"},
		},
	}, readGraph, true},
	{Source{
		Name: "images", Path: "a folder or an archive", Fields: "image[row col c], label in class; with masks image[row col c], label[row col] in class",
		Doc: "PNG and JPEG pictures: a folder for each class, or two folders image and label with files of the same names. In folders train, test and validation, or archives of these names, the split is theirs. " +
			"Else classes are shuffled, always in the same way, and the last examples are the test set; of pictures with masks the last ones by name are it, as neighbours in a stack are alike. " +
			"Pictures are grey where the program gives image two axes, and values go from 0 to 1.",
		Example: `image[row col], label[row col] in class = images["images/membrane-seg", crop = 256]`,
		Options: []Option{
			{"size", Count, nil, nil, "all pictures are resampled to as many rows and columns"},
			{"crop", Count, nil, nil, "pictures are cut into squares of as many rows and columns; what is left over at the right and below is dropped"},
			testPart(0.2, ", where the folders do not say"), validation,
		},
	}, readImages, true},
	{Source{
		Name: "mnist", Path: "a folder", Fields: "image[row col], label in class",
		Doc:     "The four idx files of MNIST, Fashion-MNIST and their like, gzipped or not. Pixels from 0 to 1.",
		Example: `image[row col], label in class = mnist["images/mnist"]`,
		Options: []Option{
			{"first", Count, nil, nil, "how many of the training examples are used, the first ones"},
			validation,
		},
	}, readMNIST, false},
	{Source{
		Name: "npz", Path: "a file", Fields: "the arrays of the file, by name",
		Doc: "Arrays whose first axis is the examples. A field x is the array x, or x_train and, to test, x_test. " +
			"Without arrays to test on and without test_file, examples are shuffled, always in the same way, and the last are the test set.",
		Example: `x[t channel], y in class = npz["trials.npz", test = 0.2]`,
		Options: []Option{
			{"test_file", Text, "", nil, "an npz file with the same arrays to test on"},
			{"unit", Number, 1.0, nil, "what numbers are divided by"},
			testPart(0.2, ""), validation,
		},
	}, readNPZ, false},
	{Source{
		Name: "sines", Fields: "x[t], next[t]",
		Doc:     "Sine waves of random frequency, phase and height, and the same a step on.",
		Example: `x[t], next[t] = sines[length = 50]`,
		Options: drawn(
			Option{"length", Count, 50.0, nil, "how many steps a wave has"},
			Option{"noise", Number, 0.0, nil, "the standard deviation of what is added to each value of x"},
		),
	}, readSines, false},
	{Source{
		Name: "spikes", Path: "an npz file, or a folder with one", Fields: "x[t channel], label in class",
		Doc: "Spikes counted in steps. The file has y, and either levels x[example t channel], which become spikes where a level has moved by the threshold, channels for rising and falling apart; " +
			"or events: example, time and channel, an entry for each spike. Examples are shuffled, always in the same way, and the last are the test set.",
		Example: `x[t channel], label in class = spikes["spiking/braille", steps = 38]`,
		Options: []Option{
			{"steps", Count, nil, nil, "how many steps time is divided into; otherwise as many as the levels have, or 100"},
			{"threshold", Number, 2.0, nil, "how far a level moves for a spike; 0 gives the levels themselves, from 0 to 1"},
			testPart(0.2, ""), validation,
		},
	}, readSpikes, false},
	{Source{
		Name: "spirals", Fields: "x[feature:2], label in classes",
		Doc:     "Points on arms that wind around the origin, an arm for each class.",
		Example: `x[feature], label in class = spirals[count = 600, noise = 0.05]`,
		Options: drawn(
			Option{"classes", Count, 2.0, nil, "how many arms there are"},
			Option{"turns", Number, 1.5, nil, "how often an arm winds around"},
			Option{"noise", Number, 0.02, nil, "the standard deviation of what is added to each point"},
		),
	}, readSpirals, false},
	{Source{
		Name: "ucr", Path: "a folder with NAME_TRAIN.ts and NAME_TEST.ts, or a .ts file", Fields: "x[t channel], label in class, mask[t], length",
		Doc: "Time series of the UCR and UEA archive in the .ts format, gzipped or not. Series of unequal length are filled up with zeros to the longest; mask is 1 where there are data, length is how many steps. " +
			"A series of one channel may be taken as x[t].",
		Example: `x[t channel], label in class = ucr["timeseries/ucr/JapaneseVowels"]`,
		Options: []Option{pad, validation},
	}, readUCR, false},
	{Source{
		Name: "wav", Path: "a folder or an archive", Fields: "features[t mel], label in class, speaker in speakers",
		Doc: "Sound files named LABEL_SPEAKER_NUMBER.wav, as the logarithm of their energy in mel bands, in windows of 25 ms every 10 ms. " +
			"Of each label and speaker, the recordings with the lowest numbers are the test set: with test = 0.1 the numbers 0 to 4 of the Free Spoken Digit Dataset, its own split.",
		Example: `features[t mel], label in class = wav["speech/fsdd", mels = 40]`,
		Options: []Option{
			{"rate", Count, nil, nil, "samples a second, to which all files are resampled; otherwise the first file's"},
			{"mels", Count, 40.0, nil, "how many bands there are"},
			{"frames", Count, nil, nil, "how many windows there are; otherwise as many as the longest file has"},
			testPart(0.1, ""), validation,
			{scale.Name, scale.Kind, true, nil, scale.Doc},
		},
	}, readWav, false},
	{Source{
		Name: "words", Path: "a text file, or a folder with train.tsv and test.tsv", Fields: "tokens[s] in vocab, label in class, mask[s]; with context tokens[s] in vocab, next[s] in vocab",
		Doc: "Labelled sentences, one a line, the label behind a tab. Place 0 is padding, place 1 any word that is not in the vocabulary, which is the words of the training set, the most frequent first. " +
			"With context, windows of a running text as characters gives them; there place 0 is any word that is not in the vocabulary, and the end of a line is a word.",
		Example: `tokens[s] in vocab, label in class = words["text/sst2", length = 32]`,
		Options: append(textOptions()[1:],
			Option{"context", Count, nil, nil, "how many words a window of a running text has"},
			Option{"length", Count, nil, nil, "how many words a sentence has, cut or padded; otherwise as many as the longest to train on"},
			Option{"vocabulary", Count, 20000.0, nil, "how many places there are at most"},
			Option{"label", Count, nil, nil, "the number of the column that is the label; otherwise the last"},
			pad,
		),
	}, readWords, true},
}

// textOptions are those of a running text.
func textOptions() []Option {
	return []Option{
		{"context", Count, 64.0, nil, "how many characters a window has"},
		{"stride", Count, 1.0, nil, "how far apart training windows begin"},
		testPart(0.1, ""), {"validation", Part, 0.0, nil, "the part of the training text, at its end, that is held back as the validation set"},
	}
}
