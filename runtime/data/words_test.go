package data

import (
	"slices"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

const sentences = "so good so fine\tgood\nso bad\tbad\ngood\tgood\n"

func sentencesFolder(t *testing.T) Lookup {
	return Lookup{Under: files(t, map[string][]byte{
		"set/train.tsv": []byte(sentences), "set/dev.tsv": []byte("fine\tgood\n"), "set/test.tsv.gz": gzipped(t, []byte("good or bad and long\tugly\n")),
	})}
}

func TestSentences(t *testing.T) {
	got, err := Open(request("tokens[s] in, label in, mask[s]", "words", "set", nil), sentencesFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "tokens[s:4] in 6, label in 3, mask[s:4]" {
		t.Errorf("fields are %s", text)
	}
	if counts := lengths(got); counts != [3]int{3, 1, 1} {
		t.Errorf("there are %v sentences", counts)
	}
	tokens, label := got.Train.Columns[0], got.Train.Columns[1]
	if want := []string{"", "<unk>", "so", "good", "bad", "fine"}; !slices.Equal(tokens.Names, want) {
		t.Errorf("the vocabulary is %q, want %q", tokens.Names, want)
	}
	if want := []string{"bad", "good", "ugly"}; !slices.Equal(label.Names, want) {
		t.Errorf("the labels are %q, want %q", label.Names, want)
	}
	if v := tensor.Elements[int32](tokens.Values); !slices.Equal(v, []int32{2, 3, 2, 5, 0, 0, 2, 4, 0, 0, 0, 3}) {
		t.Errorf("tokens are %v", v)
	}
	if v := tensor.Elements[float32](got.Train.Columns[2].Values); !slices.Equal(v, []float32{1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1}) {
		t.Errorf("the mask is %v", v)
	}
	// The test sentence is cut to the training length, and "or" and "and" are unknown.
	if v := tensor.Elements[int32](got.Test.Columns[0].Values); !slices.Equal(v, []int32{3, 1, 4, 1}) {
		t.Errorf("the test tokens are %v", v)
	}
}

func TestSentencesOptions(t *testing.T) {
	for _, c := range []struct {
		name  string
		named map[string]any
		want  []int32 // of the first sentence
	}{
		{"shorter", map[string]any{"length": 2.0}, []int32{2, 3}},
		{"padded behind", map[string]any{"length": 6.0, "pad": "back"}, []int32{2, 3, 2, 5, 0, 0}},
		{"fewer words", map[string]any{"vocabulary": 3.0}, []int32{2, 1, 2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Open(request("tokens[s] in, label in", "words", "set", c.named), sentencesFolder(t))
			if err != nil {
				t.Fatal(err)
			}
			if v := tensor.Elements[int32](got.Train.Columns[0].Values.Rows(0, 1)); !slices.Equal(v, c.want) {
				t.Errorf("tokens are %v, want %v", v, c.want)
			}
		})
	}
}

func TestOneFileOfSentencesIsSplit(t *testing.T) {
	at := Lookup{Under: files(t, map[string][]byte{"a.tsv": []byte("1\tx y\n0\tz\n1\ty\n")})}
	got, err := Open(request("tokens[s] in, label in", "words", "a.tsv", map[string]any{"label": 1.0, "test": 0.4}), at)
	if err != nil {
		t.Fatal(err)
	}
	if counts := lengths(got); counts != [3]int{2, 0, 1} || got.Train.Columns[1].Places != 2 {
		t.Errorf("there are %v sentences, fields are %s", counts, list(got.Train.Fields()))
	}
}

func TestRunningWords(t *testing.T) {
	at := Lookup{Under: files(t, map[string][]byte{"a.txt": []byte("the cat and\nthe dog and\nthe end")})}
	named := map[string]any{"context": 2.0, "test": 0.0, "vocabulary": 4.0}
	got, err := Open(request("tokens[s] in, next[s] in", "words", "a.txt", named), at)
	if err != nil {
		t.Fatal(err)
	}
	c := got.Train.Columns[0]
	if want := []string{"<unk>", "the", "\n", "and"}; !slices.Equal(c.Names, want) {
		t.Errorf("the vocabulary is %q, want %q", c.Names, want)
	}
	if v := tensor.Elements[uint8](c.Values); !slices.Equal(v, []uint8{1, 0, 3, 2, 1, 0, 3, 2, 1, 0}) {
		t.Errorf("the text is %v", v)
	}
	if c.Len() != 8 {
		t.Errorf("there are %d windows", c.Len())
	}
}

func TestBadWords(t *testing.T) {
	for _, c := range []struct {
		name, text string
		named      map[string]any
		code       fault.Code
		want       string
	}{
		{"no label", "a\tx\na b c\n", nil, fault.BadData, "line 2 has no label: it has 1 columns"},
		{"an empty label", "a\t\n", nil, fault.BadData, "line 1 has no label"},
		{"no such column", "a\tx\n", map[string]any{"label": 3.0}, fault.BadData, "line 1 has no label: it has 2 columns"},
		{"empty", "", nil, fault.BadData, "holds no examples to train on"},
		{"padded elsewhere", "a\tx\n", map[string]any{"pad": "middle"}, fault.BadOption, "it is one of front, back"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := Lookup{Under: files(t, map[string][]byte{"a.tsv": []byte(c.text)})}
			_, err := Open(request("tokens[s] in, label in", "words", "a.tsv", c.named), at)
			wantFault(t, err, c.code, c.want)
		})
	}
	_, err := Open(request("tokens[s] in, label in", "words", "set", nil), Lookup{Under: files(t, map[string][]byte{"set/test.tsv": []byte("a\tx\n")})})
	wantFault(t, err, fault.MissingData, "holds no sentences in train.tsv")
}
