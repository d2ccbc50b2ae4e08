package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Tokens is the words that a model reads and writes, by number: pieces of text with how
// readily two of them are joined (Sennrich, Haddow and Birch 2016).
type Tokens struct {
	pieces []string
	scores []float32
	number map[string]int
}

// Begin is the token ahead of every text, and behind its end.
const Begin = 1

// firstByte is the token of the byte 0: text that has no piece is written byte by byte.
const firstByte = 3

// ReadTokens reads n tokens of a file of llama2.c: a score, a length and its bytes each.
func ReadTokens(r io.Reader, n int) (*Tokens, error) {
	t := &Tokens{number: map[string]int{}}
	var longest int32
	if err := binary.Read(r, binary.LittleEndian, &longest); err != nil {
		return nil, fmt.Errorf("the file of tokens is empty: %w", err)
	}
	for i := range n {
		var head struct {
			Score  float32
			Length int32
		}
		if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
			return nil, fmt.Errorf("the file ends at token %d of %d: %w", i, n, err)
		}
		if head.Length < 0 || head.Length > longest {
			return nil, fmt.Errorf("token %d has %d bytes, and the longest is to have %d", i, head.Length, longest)
		}
		piece := make([]byte, head.Length)
		if _, err := io.ReadFull(r, piece); err != nil {
			return nil, fmt.Errorf("the file ends at token %d of %d: %w", i, n, err)
		}
		t.pieces, t.scores = append(t.pieces, string(piece)), append(t.scores, head.Score)
		t.number[string(piece)] = i
	}
	return t, nil
}

// Encode is the tokens of a text: its letters, of which the pair that is joined most
// readily is joined until none is left. A space is put ahead, as in training.
func (t *Tokens) Encode(text string) []int {
	list := []int{Begin}
	if text != "" {
		text = " " + text
	}
	for _, letter := range text {
		if i, ok := t.number[string(letter)]; ok {
			list = append(list, i)
			continue
		}
		for _, b := range []byte(string(letter)) {
			list = append(list, int(b)+firstByte)
		}
	}
	for {
		at, joined := t.best(list)
		if at < 0 {
			return list
		}
		list = append(append(list[:at:at], joined), list[at+2:]...)
	}
}

// best is the pair that is joined most readily and what it becomes, or -1.
func (t *Tokens) best(list []int) (at, joined int) {
	at = -1
	for i := 0; i+1 < len(list); i++ {
		j, ok := t.number[t.pieces[list[i]]+t.pieces[list[i+1]]]
		if ok && (at < 0 || t.scores[j] > t.scores[joined]) {
			at, joined = i, j
		}
	}
	return at, joined
}

// Decode is the text of a token behind another. The space ahead of a text is none of it.
func (t *Tokens) Decode(before, token int) string {
	piece := t.pieces[token]
	if before == Begin {
		piece = strings.TrimPrefix(piece, " ")
	}
	if hex, ok := strings.CutPrefix(piece, "<0x"); ok && strings.HasSuffix(hex, ">") {
		if b, err := strconv.ParseUint(strings.TrimSuffix(hex, ">"), 16, 8); err == nil {
			return string([]byte{byte(b)})
		}
	}
	return piece
}
