package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
	"ncd/internal/explain"
	"ncd/stdlib"
)

const manualFolder = "../../grammar"

var (
	manualProgram = regexp.MustCompile("(?ms)^\\*\\*`([\\w.]+)`\\*\\*\n\n```\\w+\n(.*?)^```$")
	manualBlock   = regexp.MustCompile("(?ms)^```(console|sh)\n(.*?)^```$")
	manualFigure  = regexp.MustCompile(`!\[([^\]]*)\]\((figures/\w+)\.svg(?: "([^"]*)")?\)`)
	manualPart    = regexp.MustCompile(`(?ms)^<!-- (\w+)(?: (\w+))? -->\n.*?^<!-- end -->$`)
	manualSaid    = regexp.MustCompile("(?m)<!-- said in ([\\w.]+) -->\n((?:^\\|.*\n)+)")
	manualClaim   = regexp.MustCompile(`(?s)-o (\w+)\n.{0,200}?test accuracy of at least (0\.\d+)`)
	codeSpan      = regexp.MustCompile("`([^`]+)`")
)

// TestManual holds the language's manual to what the command does: every program
// is checked and its tests are run, every line that is typed says what stands
// below it, every figure is drawn anew, and the lists of the reference are those
// of the product. UPDATE=1 writes all of it.
//
// In the manual a program stands under its name, `**`name.ncd`**`. A block of
// console holds lines `$ ncd …` and what they say; one of sh holds lines that only
// must succeed. `![NAME](figures/program.svg "OPTIONS")` is the figure of a diagram,
// where `_` and a word may follow the program's name. `<!-- boxes linear -->`, up to
// `<!-- end -->`, is a list of the product. A table behind `<!-- said in a.ncd -->`
// quotes that program in its last column.
func TestManual(t *testing.T) {
	folder, err := filepath.Abs(manualFolder)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	m := &book{t: t, text: string(text), programs: map[string]string{}}
	m.writePrograms()
	m.holdPrograms()
	m.holdQuotations()
	got := manualBlock.ReplaceAllStringFunc(m.text, m.typed)
	got = manualPart.ReplaceAllStringFunc(got, m.listed)
	m.holdClaims()
	m.draw()
	compareFigures(t, folder, "figures/*.svg")
	m.holdFolder(filepath.Join(folder, "figures"))
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(filepath.Join(folder, "README.md"), []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(m.text, got); diff != "" {
		t.Errorf("the manual -, the command +; UPDATE=1 writes it:\n%s", diff)
	}
}

// book is the manual's text with its programs, by the names of their files.
type book struct {
	t        *testing.T
	text     string
	programs map[string]string
}

func (m *book) writePrograms() {
	for _, found := range manualProgram.FindAllStringSubmatch(m.text, -1) {
		name, program := found[1], found[2]
		if _, taken := m.programs[name]; taken {
			m.t.Errorf("two programs are called %s", name)
		}
		m.programs[name] = program
		writeFile(m.t, name, program)
	}
	if named, all := strings.Count(m.text, "`**\n\n```ncd\n"), strings.Count(m.text, "```ncd\n"); named < all {
		m.t.Errorf("%d of %d programs have no name, **`name.ncd`**, above them", all-named, all)
	}
	if err := os.Mkdir("figures", 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// holdPrograms checks each program and runs its tests: nothing may be said, unless
// the manual shows it.
func (m *book) holdPrograms() {
	for name, program := range m.programs {
		if filepath.Ext(name) != ".ncd" {
			continue
		}
		command := "check"
		if strings.Contains("\n"+program, "\ntest ") {
			command = "test"
		}
		if strings.Contains(m.text, "$ ncd check "+name) || strings.Contains(m.text, "$ ncd "+command+" "+name) {
			continue
		}
		if said, status := ncd(command, name); status != done || command == "check" && said != "" {
			m.t.Errorf("%s says what the manual does not show:\n%s", name, said)
		}
	}
}

// holdQuotations holds that a table quotes its program word for word.
func (m *book) holdQuotations() {
	for _, found := range manualSaid.FindAllStringSubmatch(m.text, -1) {
		program := oneSpaced(m.programs[found[1]])
		for row := range strings.Lines(found[2]) {
			cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), " | ")
			for _, quoted := range codeSpan.FindAllStringSubmatch(cells[len(cells)-1], -1) {
				if !strings.Contains(program, oneSpaced(quoted[1])) {
					m.t.Errorf("%s does not say `%s`", found[1], quoted[1])
				}
			}
		}
	}
}

func oneSpaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// typed runs the lines of a block, and gives the block with what they say.
func (m *book) typed(block string) string {
	found := manualBlock.FindStringSubmatch(block)
	if _, err := exec.LookPath("python3"); err != nil && strings.Contains(block, "--allow-run") {
		m.t.Log("not run, for there is no python3:\n" + block)
		return block
	}
	var said strings.Builder
	for line := range strings.Lines(found[2]) {
		line = strings.TrimSuffix(line, "\n")
		typed, isTyped := strings.CutPrefix(line, "$ ")
		if found[1] == "sh" {
			runLine(m.t, strings.Fields(line))
		} else if isTyped {
			answer, _ := ncd(strings.Fields(typed)[1:]...)
			fmt.Fprintf(&said, "%s\n%s", line, answer)
		}
	}
	if found[1] == "sh" {
		return block
	}
	return "```console\n" + elapsed.ReplaceAllString(said.String(), "") + "```"
}

// elapsed is the time that a line of ncd test ends with.
var elapsed = regexp.MustCompile(`(?m)  \d+\.\d+s$`)

// holdClaims holds that a run is as accurate as the manual says.
func (m *book) holdClaims() {
	for _, said := range manualClaim.FindAllStringSubmatch(m.text, -1) {
		holdClaim(m.t, said[1], said[2])
	}
}

// draw draws the figures that the manual links.
func (m *book) draw() {
	for _, found := range manualFigure.FindAllStringSubmatch(m.text, -1) {
		diagram, to, options := found[1], found[2], found[3]
		program := filepath.Base(to) + ".ncd"
		if _, is := m.programs[program]; !is {
			program = program[:strings.LastIndex(program, "_")] + ".ncd"
		}
		words := append([]string{"render", program, diagram, "-o", to + ".svg"}, strings.Fields(options)...)
		if said, status := ncd(words...); status != done {
			m.t.Errorf("%v:\n%s", words, said)
		}
	}
}

// holdFolder holds that a folder has no figures but those that were drawn.
func (m *book) holdFolder(folder string) {
	kept, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		m.t.Fatal(err)
	}
	for _, path := range kept {
		if _, err := os.Stat(filepath.Join("figures", filepath.Base(path))); err != nil {
			m.t.Errorf("%s is linked nowhere in the manual", path)
		}
	}
}

// listed writes a list of the product anew.
func (m *book) listed(part string) string {
	found := manualPart.FindStringSubmatch(part)
	head, _, _ := strings.Cut(part, "\n")
	var list string
	switch found[1] {
	case "words":
		list = "`" + strings.Join(grammar.Keywords(), " ") + "`\n"
	case "boxes":
		list = m.boxes(found[2])
	case "library":
		list = m.library()
	case "codes":
		list = codes()
	default:
		m.t.Errorf("there is no list %s", found[1])
	}
	return head + "\n\n" + list + "\n<!-- end -->"
}

// boxes is a table of the primitive boxes from one up to the first of the next
// table.
func (m *book) boxes(first string) string {
	all := doc.Primitives().Entries
	named := func(name string) func(doc.Entry) bool { return func(e doc.Entry) bool { return e.Name == name } }
	from := slices.IndexFunc(all, named(first))
	if from < 0 {
		m.t.Fatalf("there is no primitive box %s", first)
	}
	to := len(all)
	tables := regexp.MustCompile(`<!-- boxes (\w+) -->`).FindAllStringSubmatch(m.text, -1)
	if i := slices.IndexFunc(tables, func(table []string) bool { return table[1] == first }); i+1 < len(tables) {
		to = slices.IndexFunc(all, named(tables[i+1][1]))
	}
	if tables[0][1] != all[0].Name || to < from {
		m.t.Fatalf("the tables of boxes are in another order than the boxes: %s", first)
	}
	list := "| box | |\n| --- | --- |\n"
	for _, e := range all[from:to] {
		list += fmt.Sprintf("| `%s` | %s |\n", e.Signature, strings.ReplaceAll(e.Doc, "|", "\\|"))
	}
	return list
}

// library is a table of the files of the standard library and what is in them.
func (m *book) library() string {
	names, err := fs.Glob(stdlib.Files, "*.ncd")
	if err != nil {
		m.t.Fatal(err)
	}
	list := "| file | | boxes |\n| --- | --- | --- |\n"
	for _, name := range names {
		text, err := stdlib.Files.ReadFile(name)
		if err != nil {
			m.t.Fatal(err)
		}
		tree, _ := grammar.Parse(&source.File{Name: name, Text: string(text)})
		file := doc.Of("std/"+strings.TrimSuffix(name, ".ncd"), tree)
		var boxes []string
		for _, e := range file.Entries {
			boxes = append(boxes, "`"+e.Name+"`")
		}
		list += fmt.Sprintf("| `%s` | %s | %s |\n", file.Name, firstSentence(oneSpaced(file.Doc)), strings.Join(boxes, " "))
	}
	return list
}

// codes is a table of all codes of diagnostics.
func codes() string {
	list := "| code | |\n| --- | --- |\n"
	for _, e := range explain.All() {
		list += fmt.Sprintf("| `%s` | %s |\n", e.Code, firstSentence(oneSpaced(e.Meaning)))
	}
	return list
}

// ncd runs the command with words, and gives what it said and its status.
func ncd(words ...string) (string, int) {
	var said bytes.Buffer
	status := Main(words, Streams{In: strings.NewReader(""), Out: &said, Err: &said})
	return said.String(), status
}
