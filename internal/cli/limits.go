package cli

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/train"
)

// limits are what a command refuses as too large.
type limits struct {
	program int64 // bytes of a program
	memory  int64 // bytes of a plan's arrays; 0: what is free
	data    data.Limits
	check   check.Limits
}

func defaultLimits() limits {
	return limits{program: 4 << 20, data: data.DefaultLimits(), check: check.DefaultLimits()} // an imported file is a program too
}

// bound is one limit by its name.
type bound struct {
	name, doc string
	isBytes   bool
	value     int64
	put       func(int64)
}

// bounds are the limits that --limit sets.
func (l *limits) bounds() []bound {
	bytes := func(name, doc string, at *int64) bound { return bound{name, doc, true, *at, func(n int64) { *at = n }} }
	count := func(name, doc string, at *int) bound {
		return bound{name, doc, false, int64(*at), func(n int64) { *at = int(n) }}
	}
	return []bound{
		bytes("program", "a program", &l.program),
		count("turns", "turns of the loops of a diagram", &l.check.Turns),
		count("calls", "diagrams used inside each other", &l.check.Calls),
		bytes("memory", "the arrays of a plan", &l.memory),
		bytes("file", "a data file or archive, unpacked", &l.data.File),
		bytes("text", "a text to be split", &l.data.Text),
		bytes("set", "the examples of one array in memory", &l.data.Set),
		count("picture", "pixels of one picture", &l.data.Picture),
		count("files", "files of a folder or archive", &l.data.Files),
	}
}

// set reads name=value.
func (l *limits) set(said string) error {
	name, text, isPair := strings.Cut(said, "=")
	all := l.bounds()
	at := slices.IndexFunc(all, func(b bound) bool { return b.name == name })
	switch n, ok := amount(text); {
	case !isPair:
		return misused("`--limit %s` is no pair", said).mend("write --limit file=4GiB")
	case at < 0:
		var names []string
		for _, b := range all {
			names = append(names, b.name)
		}
		return misused("`--limit %s`: there is no limit of that name", said).orNearest(name, names, "%s").mend("`ncd help limits` lists them")
	case !ok || !all[at].isBytes && n > math.MaxInt32:
		return misused("`--limit %s`: `%s` is no number that it can be", said, text).mend("write a whole number from 1 on, or of bytes such as 512MiB")
	default:
		all[at].put(n)
	}
	l.check.Bytes = l.program
	if name == "memory" {
		train.LimitMemory(l.memory)
	}
	return nil
}

// units are those of numbers of bytes.
var units = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}}

// amount reads a whole number from 1 on, with a unit or without one.
func amount(text string) (int64, bool) {
	for _, unit := range units {
		digits, found := strings.CutSuffix(text, unit.name)
		n, err := strconv.ParseInt(digits, 10, 64)
		if found && err == nil {
			return n * unit.size, n >= 1 && n <= math.MaxInt64/unit.size
		}
	}
	return 0, false
}

// helpLimits tells what is refused as too large.
func (s *session) helpLimits() error {
	var text strings.Builder
	text.WriteString(wrapped("What is larger than this is refused, so that a wrong file costs no more than a right one. "+
		"`--limit NAME=VALUE` sets a limit of any command, as in --limit file=8GiB --limit turns=20000:", "") + "\n\n")
	for _, b := range s.limits.bounds() {
		fmt.Fprintf(&text, "  %-9s %-38s %s\n", b.name, b.doc, b.text())
	}
	fmt.Fprintf(&text, `
These cannot be set:

  the places of an axis                            %d
  the numbers of an array                          %d
  diagrams used inside each other, one in another  %d
  brackets and operators nested in a program       %d
  diagnostics printed for one program              %d; the others are counted
  the header of a safetensors file                 100 MB, and what the file has
  what an npz file unpacks to                      1032 times its length
`, check.MostPlaces, check.MostNumbers, check.DeepestCall, grammar.Deepest, source.Limit)
	_, err := io.WriteString(s.Out, text.String())
	return err
}

func (b bound) text() string {
	switch {
	case b.name == "memory" && b.value == 0:
		return "the memory that is free"
	case b.isBytes:
		return bytesText(b.value)
	}
	return strconv.FormatInt(b.value, 10)
}

// bytesText writes a number of bytes in the largest unit that it fills.
func bytesText(n int64) string {
	for _, unit := range units {
		if n >= unit.size && unit.name != "" {
			return fmt.Sprintf("%.4g %s", float64(n)/float64(unit.size), unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
