package data

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

const (
	paddingWord = ""      // place 0 of sentences
	unknownWord = "<unk>" // what stands for words that are not in the vocabulary
	endOfLine   = "\n"
)

// readWords reads labelled sentences, or a running text where a context is given.
func readWords(r *reader, req Request) (*Splits, error) {
	from, err := r.lookup.find(req.path())
	if err != nil {
		return nil, err
	}
	if req.whole("context") > 0 {
		return readRunningWords(r, from, req)
	}
	parts, err := readSentences(r, from, req)
	if err != nil {
		return nil, err
	}
	l := newLexicon(parts, req)
	for _, part := range parts {
		if err := r.limits.afford(from.shown, tensor.Int32, len(part), l.length); err != nil {
			return nil, err
		}
	}
	splits := &Splits{Train: l.set(parts[0])}
	if len(parts[1]) > 0 {
		splits.Validation = l.set(parts[1])
	}
	if len(parts[2]) > 0 {
		splits.Test = l.set(parts[2])
	} else {
		whole := splitShuffled(splits.Train, req.number("test"))
		splits.Train, splits.Test = whole.Train, whole.Test
	}
	splits.holdOut(req.number("validation"))
	return splits, nil
}

// readRunningWords reads a text as windows of words.
func readRunningWords(r *reader, from place, req Request) (*Splits, error) {
	text, err := r.plainText(from)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(strings.ReplaceAll(text, "\n", " \x00 "))
	for i, w := range words {
		if w == "\x00" {
			words[i] = endOfLine
		}
	}
	names := frequent(slices.Values(words), []string{unknownWord}, req.whole("vocabulary"))
	place := placesOf(names)
	tokens := make([]int32, len(words))
	for i, w := range words {
		tokens[i] = place[w] // 0 is unknown
	}
	return windows(stream{narrowed(tokens, len(names)), names, from.shown, "words"}, req)
}

// sentence is one labelled line.
type sentence struct {
	words []string
	label string
}

// readSentences reads the sentences to train on, to validate on and to test on; of
// a single file all are to train on.
func readSentences(r *reader, from place, req Request) (parts [3][]sentence, err error) {
	if !from.isDir {
		parts[0], err = sentencesOf(r, from, req)
		return parts, err
	}
	endings := []string{".tsv", ".tsv.gz", ".txt", ".txt.gz"}
	for i, stems := range [][]string{{"train"}, {"validation", "valid", "val", "dev"}, {"test"}} {
		var names []string
		for _, s := range stems {
			names = append(names, withEndings(s, endings)...)
		}
		file, found := from.either(names...)
		if !found {
			continue
		}
		if parts[i], err = sentencesOf(r, file, req); err != nil {
			return parts, err
		}
	}
	if len(parts[0]) == 0 {
		return parts, fault.New(fault.MissingData, from.shown, "holds no sentences in train.tsv").
			Mend("words takes a text file, or a folder with train.tsv and, if there are, validation.tsv and test.tsv")
	}
	return parts, nil
}

// sentencesOf reads one file: a sentence a line, its label in a column of its own.
func sentencesOf(r *reader, file place, req Request) ([]sentence, error) {
	text, err := r.plainText(file)
	if err != nil {
		return nil, err
	}
	var all []sentence
	number := 0
	for line := range strings.Lines(text) {
		number++
		columns := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(columns) == 1 && columns[0] == "" {
			continue
		}
		label := cmp.Or(req.whole("label"), len(columns)) - 1
		if len(columns) < 2 || label >= len(columns) || columns[label] == "" {
			return nil, fault.New(fault.BadData, file.shown, "line %d has no label: it has %d columns divided by tabs", number, len(columns)).
				Mend("write the label behind the sentence and a tab, name its column with label = NUMBER, or give a context for text without labels")
		}
		words := strings.Fields(strings.Join(slices.Delete(slices.Clone(columns), label, label+1), " "))
		all = append(all, sentence{words, strings.TrimSpace(columns[label])})
	}
	return all, nil
}

// lexicon turns sentences into places.
type lexicon struct {
	words      []string
	labels     []string
	wordPlace  map[string]int32
	labelPlace map[string]int32
	length     int  // words of a sentence
	inFront    bool // padding
}

// newLexicon learns the words and the length from the sentences to train on, and
// the labels from all.
func newLexicon(parts [3][]sentence, req Request) *lexicon {
	l := &lexicon{length: req.whole("length"), inFront: req.text("pad") == "front"}
	longest := 1
	for _, s := range parts[0] {
		longest = max(longest, len(s.words))
	}
	l.length = cmp.Or(l.length, longest)
	l.words = frequent(func(yield func(string) bool) {
		for _, s := range parts[0] {
			for _, w := range s.words {
				if !yield(w) {
					return
				}
			}
		}
	}, []string{paddingWord, unknownWord}, req.whole("vocabulary"))
	labels := map[string]int32{}
	for _, part := range parts {
		for _, s := range part {
			labels[s.label] = 0
		}
	}
	l.labels = inOrder(labels)
	l.wordPlace, l.labelPlace = placesOf(l.words), placesOf(l.labels)
	return l
}

// frequent is the given first words and behind them the others, the most frequent
// first, up to a number of words.
func frequent(words func(func(string) bool), first []string, most int) []string {
	count := map[string]int{}
	for w := range words {
		count[w]++
	}
	for _, w := range first {
		delete(count, w)
	}
	others := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b))
	})
	all := append(first, others...)
	return all[:min(len(all), max(most, len(first)))]
}

func placesOf(names []string) map[string]int32 {
	place := map[string]int32{}
	for i, n := range names {
		place[n] = int32(i)
	}
	return place
}

// set is sentences as tokens, label and mask.
func (l *lexicon) set(sentences []sentence) *Set {
	n := len(sentences)
	tokens, labels, mask := make([]int32, n*l.length), make([]int32, n), make([]float32, n*l.length)
	for i, s := range sentences {
		labels[i] = l.labelPlace[s.label]
		words := s.words[:min(len(s.words), l.length)]
		at := i * l.length
		if l.inFront {
			at += l.length - len(words)
		}
		for j, w := range words {
			p, known := l.wordPlace[w]
			if !known {
				p = 1
			}
			tokens[at+j], mask[at+j] = p, 1
		}
	}
	return &Set{[]Column{
		named("tokens", []string{"s"}, tensor.Of(tokens, nil, n, l.length), l.words),
		named("label", nil, tensor.Of(labels, nil, n), l.labels),
		numbers("mask", []string{"s"}, tensor.Of(mask, nil, n, l.length), 1),
	}}
}
