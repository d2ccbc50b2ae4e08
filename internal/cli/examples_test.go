package cli

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ncd/runtime/train"
)

const examples = "../../examples"

var (
	shellBlock   = regexp.MustCompile("(?s)```sh( data)?\n(.*?)```")
	programBlock = regexp.MustCompile("(?s)```ncd\n(.*?)```")
	claim        = regexp.MustCompile(`test accuracy of at least (0\.\d+)`)
	length       = regexp.MustCompile(`(?m)^( +)(?:epochs|steps) +\d+$`)
)

// TestExamples runs every line of every example's README in a copy of its folder.
// Figures that are drawn must be those beside the README, which UPDATE=1 writes,
// and the first run must be as accurate as the README says. Lines of blocks marked
// `sh data` want data that do not come with ncd: they run for two steps each, where
// NCD_SHARED says where the data are.
func TestExamples(t *testing.T) {
	readmes, err := filepath.Glob(examples + "/*/README.md")
	if err != nil || len(readmes) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, readme := range readmes {
		folder, err := filepath.Abs(filepath.Dir(readme))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(folder), func(t *testing.T) { runExample(t, folder) })
	}
}

func runExample(t *testing.T, folder string) {
	readme, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS(".", programsOf(folder)); err != nil {
		t.Fatal(err)
	}
	holdPrograms(t, readme)
	runBlocks(t, readme, "")
	compareFigures(t, folder, "*.svg")
	if said := claim.FindSubmatch(readme); said != nil {
		holdClaim(t, "run", string(said[1]))
	}
	if os.Getenv("UPDATE") != "" {
		keepCurves(t, folder)
	}
	if bytes.Contains(readme, []byte("```sh data")) {
		t.Run("data", func(t *testing.T) { runOnData(t, readme) })
	}
}

// holdPrograms holds that what a README shows of programs stands in them.
func holdPrograms(t *testing.T, readme []byte) {
	var programs strings.Builder
	names, err := filepath.Glob("*.ncd")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		programs.Write(text)
	}
	for _, block := range programBlock.FindAllSubmatch(readme, -1) {
		if !strings.Contains(programs.String(), string(block[1])) {
			t.Errorf("this stands in no program of the folder:\n%s", block[1])
		}
	}
}

// TestTableOfExamples holds that the table leads to every example, and nowhere else.
func TestTableOfExamples(t *testing.T) {
	table, err := os.ReadFile(filepath.Join(examples, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	leads := map[string]bool{}
	for _, link := range regexp.MustCompile(`\]\(([^)]+)\)|src="([^"]+)"`).FindAllSubmatch(table, -1) {
		to := string(link[1]) + string(link[2])
		leads[to] = true
		if _, err := os.Stat(filepath.Join(examples, to)); err != nil {
			t.Errorf("a link leads nowhere: %v", err)
		}
	}
	readmes, err := filepath.Glob(examples + "/*/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, readme := range readmes {
		if of := filepath.Base(filepath.Dir(readme)) + "/README.md"; !leads[of] {
			t.Errorf("the table does not lead to %s", of)
		}
	}
}

// runBlocks runs the lines of the shell blocks of a mark.
func runBlocks(t *testing.T, readme []byte, mark string) {
	for _, block := range shellBlock.FindAllSubmatch(readme, -1) {
		if string(block[1]) != mark {
			continue
		}
		for line := range strings.Lines(string(block[2])) {
			runLine(t, shellWords(line))
		}
	}
}

// runOnData runs what wants data that are fetched, for two steps each.
func runOnData(t *testing.T, readme []byte) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the data sets are")
	}
	t.Setenv("NCD_DATA", filepath.Join(shared, "data"))
	programs, err := filepath.Glob("*.ncd")
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range programs {
		text, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(program, length.ReplaceAll(text, []byte("${1}steps 2")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	runBlocks(t, readme, " data")
}

// programsOf is the programs of a folder, without its figures.
func programsOf(folder string) fs.FS {
	return sourcesOnly{os.DirFS(folder)}
}

// sourcesOnly hides all files but programs.
type sourcesOnly struct{ fs.FS }

func (s sourcesOnly) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(s.FS, name)
	var programs []fs.DirEntry
	for _, entry := range all {
		if filepath.Ext(entry.Name()) == ".ncd" {
			programs = append(programs, entry)
		}
	}
	return programs, err
}

// shellWords are the words of a line as a shell parts them: what stands between two
// ' is one.
func shellWords(line string) []string {
	var words []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func runLine(t *testing.T, words []string) {
	if len(words) == 0 || words[0] != "ncd" {
		t.Fatalf("%v is no line that begins with ncd", words)
	}
	var out, err bytes.Buffer
	if status := Main(words[1:], Streams{In: strings.NewReader(""), Out: &out, Err: &err}); status != done {
		t.Fatalf("%v: exit status %d\n%s", words, status, err.Bytes())
	}
}

// compareFigures holds the figures that were drawn, to paths of a pattern, against
// those of the folder.
func compareFigures(t *testing.T, folder, pattern string) {
	drawn, err := filepath.Glob(pattern)
	if err != nil || len(drawn) == 0 {
		t.Fatalf("no figure was drawn: %v", err)
	}
	for _, name := range drawn {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		kept := filepath.Join(folder, name)
		if os.Getenv("UPDATE") != "" {
			if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(kept, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(kept); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not as it is drawn now (%v); see it with UPDATE=1", kept, err)
		}
	}
}

// holdClaim holds that the run in a folder is as accurate as is said.
func holdClaim(t *testing.T, folder, said string) {
	text, err := os.ReadFile(filepath.Join(folder, train.RecordFile))
	if err != nil {
		t.Fatal(err)
	}
	var record train.Record
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	least, err := strconv.ParseFloat(said, 64)
	if err != nil {
		t.Fatal(err)
	}
	if got := float64(record.Final.Test["accuracy"]); got < least {
		t.Errorf("the test accuracy is %v, %s says at least %v", got, folder, least)
	}
}

// keepCurves puts the curves of the run beside the README if there are none: they
// hang on the rounding of the processor, so they are not compared.
func keepCurves(t *testing.T, folder string) {
	kept := filepath.Join(folder, train.CurvesFile)
	if _, err := os.Stat(kept); err == nil {
		return
	}
	curves, err := os.ReadFile(filepath.Join("run", train.CurvesFile))
	if err != nil {
		return // an example that trains nothing
	}
	if err := os.WriteFile(kept, curves, 0o644); err != nil {
		t.Fatal(err)
	}
}
