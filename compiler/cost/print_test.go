package cost

import (
	"strings"
	"testing"
)

func TestPrintToADepth(t *testing.T) {
	var b strings.Builder
	Of(declared(t, "attention.ncd", "MultiHead", nil)).Print(&b, 1)
	if text := b.String(); !strings.Contains(text, "attention.0") || strings.Contains(text, "softmax") {
		t.Errorf("parts of parts are shown:\n%s", text)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -999: "-999"} {
		if got := Grouped(n); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
