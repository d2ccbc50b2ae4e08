package lsp

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

// plainPosition counts as the protocol says it, rune by rune.
func plainPosition(text string, offset int) position {
	var p position
	runes := []rune(text[:offset])
	for i, r := range runes {
		switch {
		case r == '\n', r == '\r' && !strings.HasPrefix(text[len(string(runes[:i+1])):], "\n"):
			p = position{p.Line + 1, 0}
		default:
			p.Character += len(utf16.Encode([]rune{r}))
		}
	}
	return p
}

func TestPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.SampledFrom([]rune("aμ𝔸é\n\r\t世"))).Draw(t, "text"))
		l := newLines(text)
		for offset := range text {
			got, want := l.position(offset), plainPosition(text, offset)
			if got != want {
				t.Fatalf("%q at %d is %v, not %v", text, offset, got, want)
			}
			isInEnd := offset > 0 && text[offset-1] == '\r' && text[offset] == '\n'
			if back := l.offset(got); back != offset && !isInEnd {
				t.Fatalf("%q at %v is %d, not %d", text, got, back, offset)
			}
		}
	})
}

func TestPositionsOutsideTheText(t *testing.T) {
	l := newLines("a𝔸\nb")
	for _, c := range []struct {
		name string
		at   position
		want int
	}{
		{"before the beginning", position{-1, 3}, 0},
		{"a negative character", position{1, -2}, 6},
		{"behind a line", position{0, 99}, 5},
		{"inside a pair", position{0, 2}, 1},
		{"behind the last line", position{9, 0}, 7},
	} {
		if got := l.offset(c.at); got != c.want {
			t.Errorf("%s: %d, not %d", c.name, got, c.want)
		}
	}
	if got := l.position(99); got != (position{1, 1}) {
		t.Errorf("behind the end: %v", got)
	}
}
