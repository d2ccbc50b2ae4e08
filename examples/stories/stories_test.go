package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shared is the folder of the model, or skips the test.
func shared(t *testing.T) string {
	root := os.Getenv("NCD_SHARED")
	if root == "" {
		t.Skip("NCD_SHARED does not say where the model is")
	}
	return filepath.Join(root, "data", "models", "stories260K")
}

func opened(t *testing.T) (*Teller, *Tokens, string) {
	folder := shared(t)
	teller, err := openTeller(filepath.Join(folder, "stories260K.bin"))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := openTokens(filepath.Join(folder, "tok512.bin"), int(teller.sizes.Vocab))
	if err != nil {
		t.Fatal(err)
	}
	return teller, tokens, folder
}

func read(t *testing.T, path ...string) []byte {
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTextIsTheirs holds that 200 tokens are those that llama2.c takes, one by one, with
// its scores, and that they make its text.
func TestTextIsTheirs(t *testing.T) {
	teller, tokens, folder := opened(t)
	var text strings.Builder
	told := []int{Begin}
	err := teller.Tell([]int{Begin}, 200, func(before, token int) {
		text.WriteString(tokens.Decode(before, token))
		told = append(told, token)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := text.String()+"\n", string(read(t, folder, "expected_t0_n200.txt")); got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	lines := bufio.NewScanner(bytes.NewReader(read(t, folder, "tokens_greedy.txt")))
	for lines.Scan() {
		var at, token, next int
		var score float64
		if _, err := fmt.Sscan(lines.Text(), &at, &token, &next, &score); err != nil {
			t.Fatal(err)
		}
		if at+1 >= len(told) {
			break
		}
		if told[at] != token || told[at+1] != next {
			t.Fatalf("at %d: %d goes on with %d, want %d with %d", at, told[at], told[at+1], token, next)
		}
	}
}

// TestScoresAreTheirs holds the scores of the first 32 places against llama2.c's.
func TestScoresAreTheirs(t *testing.T) {
	teller, _, folder := opened(t)
	want := make([]float32, 32*teller.sizes.Vocab)
	if err := binary.Read(bytes.NewReader(read(t, folder, "logits_first32.f32le")), binary.LittleEndian, want); err != nil {
		t.Fatal(err)
	}
	tokens, worst := []int{Begin}, 0.0
	for place := range 32 {
		scores, err := teller.Scores(tokens)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range scores {
			worst = max(worst, math.Abs(float64(x-want[place*len(scores)+i])))
		}
		tokens = append(tokens, best(scores))
	}
	if worst > 1e-4 {
		t.Errorf("a score is off by %g", worst)
	}
}

func TestEncode(t *testing.T) {
	_, tokens, folder := opened(t)
	prompt, numbers, _ := strings.Cut(strings.TrimSpace(string(read(t, folder, "encode_example.txt"))), "\n")
	var want []int
	for word := range strings.FieldsSeq(numbers) {
		var n int
		fmt.Sscan(word, &n)
		want = append(want, n)
	}
	got := tokens.Encode(prompt)
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var text strings.Builder
	for i := 1; i < len(got); i++ {
		text.WriteString(tokens.Decode(got[i-1], got[i]))
	}
	if text.String() != prompt {
		t.Errorf("the tokens say %q, not %q", text.String(), prompt)
	}
}

// tiny is a checkpoint of a model of a few numbers.
func tiny(sizes Sizes, numbers int) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, sizes)
	for i := range numbers {
		binary.Write(&b, binary.LittleEndian, float32(math.Sin(float64(i)))/4)
	}
	return b.Bytes()
}

var small = Sizes{Model: 8, Hidden: 3, Layers: 2, Heads: 4, Groups: 2, Vocab: 5, Context: 40}

func TestATinyModelTells(t *testing.T) {
	sizes, weights, err := ReadCheckpoint(bytes.NewReader(tiny(small, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	teller, err := NewTeller(sizes, weights)
	if err != nil {
		t.Fatal(err)
	}
	short, err := teller.Scores([]int{1, 4, 2})
	if err != nil {
		t.Fatal(err)
	}
	first := slices.Clone(short)
	long := append([]int{1, 4, 2}, slices.Repeat([]int{3}, 30)...)
	if _, err := teller.Scores(long); err != nil {
		t.Fatal(err)
	}
	again, err := teller.Scores([]int{1, 4, 2})
	if err != nil || !slices.Equal(first, again) {
		t.Errorf("what stood behind changes the scores: %v and %v (%v)", first, again, err)
	}
	if _, err := teller.Scores(make([]int, 41)); err == nil {
		t.Error("41 tokens were read by a model for 40")
	}
}

func TestBadCheckpoints(t *testing.T) {
	odd := small
	odd.Heads = 3
	cases := map[string][]byte{
		"empty":                    nil,
		"no sizes":                 make([]byte, 28),
		"cut short":                tiny(small, 100),
		"heads that do not divide": tiny(odd, 1000),
	}
	for name, b := range cases {
		t.Run(name, func(t *testing.T) {
			if _, _, err := ReadCheckpoint(bytes.NewReader(b)); err == nil {
				t.Error("it was read")
			}
		})
	}
}
