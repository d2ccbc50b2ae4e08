package data

import (
	"slices"
	"strings"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

func openText(t *testing.T, text string, named map[string]any) (*Splits, error) {
	t.Helper()
	r := request("tokens[s] in, next[s] in", "characters", "a.txt", named)
	return Open(r, Lookup{Under: files(t, map[string][]byte{"a.txt": []byte(text)})})
}

func TestCharacters(t *testing.T) {
	// 20 characters: 16 to train on, 2 to validate, 2 to test.
	got, err := openText(t, "abcdéabcdéabcdéabcdé", map[string]any{"context": 1.0, "test": 0.1, "validation": 0.1})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "tokens[s:1] in 5, next[s:1] in 5" {
		t.Errorf("fields are %s", text)
	}
	if counts := lengths(got); counts != [3]int{15, 1, 1} {
		t.Errorf("there are %v windows", counts)
	}
	if names := got.Train.Columns[0].Names; !slices.Equal(names, []string{"a", "b", "c", "d", "é"}) {
		t.Errorf("the vocabulary is %q", names)
	}
	l := NewLoader(got.Test, Dealing{Batch: 1})
	defer l.Close()
	b := l.Next()
	if tokens, next := b.Values[0].At(0, 0), b.Values[1].At(0, 0); tokens != 3 || next != 4 {
		t.Errorf("the last two characters are %v and %v, want d and é", tokens, next)
	}
}

// Training windows may begin anywhere, but none reaches into the test text.
func TestWindowsStayInTheirSplit(t *testing.T) {
	text := strings.Repeat("a", 90) + strings.Repeat("b", 10)
	got, err := openText(t, text, map[string]any{"context": 4.0, "stride": 3.0})
	if err != nil {
		t.Fatal(err)
	}
	if counts := lengths(got); counts != [3]int{29, 0, 2} {
		t.Errorf("there are %v windows", counts)
	}
	for set, want := range map[*Set]int32{got.Train: 0, got.Test: 1} {
		l := NewLoader(set, Dealing{Batch: 10})
		defer l.Close()
		for b := l.Next(); b != nil; b = l.Next() {
			for _, column := range b.Values {
				if slices.Contains(tensor.Elements[int32](column), 1-want) {
					t.Errorf("a window of %d holds %v", want, tensor.Elements[int32](column))
				}
			}
		}
	}
}

func TestManyCharactersNeedMoreThanBytes(t *testing.T) {
	var text strings.Builder
	for c := range rune(300) {
		text.WriteRune('一' + c)
	}
	got, err := openText(t, text.String(), map[string]any{"context": 8.0})
	if err != nil {
		t.Fatal(err)
	}
	c := got.Train.Columns[0]
	if c.Places != 300 || c.Values.DType() != tensor.Int32 || c.Values.At(299) != 299 {
		t.Errorf("%d characters are %v", c.Places, c.Values)
	}
}

func TestBadCharacters(t *testing.T) {
	for _, c := range []struct {
		name, text string
		named      map[string]any
		code       fault.Code
		want       string
	}{
		{"empty", "", nil, fault.BadData, "has 0 characters to train on, wanted are more than the context, 64"},
		{"too short", strings.Repeat("a", 64), nil, fault.BadData, "has 58 characters to train on"},
		{"too short to test", strings.Repeat("a", 100), nil, fault.BadData, "has 10 characters to test on"},
		{"not UTF-8", "ab\xffcd", nil, fault.BadData, "is not text in UTF-8"},
		{"no context", "abc", map[string]any{"context": 0.0}, fault.BadOption, "option `context` of `characters` is 0; it is a whole number from 1"},
		{"half a context", "abc", map[string]any{"context": 2.5}, fault.BadOption, "it is a whole number from 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := openText(t, c.text, c.named)
			wantFault(t, err, c.code, c.want)
		})
	}
}
