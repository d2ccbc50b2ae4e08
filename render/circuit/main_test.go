package circuit

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws the same random diagrams on every run, so that a change is judged
// by what it changes; -rapid.seed=N looks at others. Known to fail there: with seed
// 9666751001454520186 the sign of an addition meets a separator, for signs do not
// give way to separators yet.
func TestMain(m *testing.M) {
	flag.Parse()
	if seed := flag.Lookup("rapid.seed"); seed != nil && seed.Value.String() == seed.DefValue {
		if err := flag.Set("rapid.seed", "1"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
