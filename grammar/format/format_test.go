package format

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"ncd/grammar"
	"ncd/grammar/source"
)

// TestFeatures compares the form of the `input` of each of the grammar's
// features with the file of its name in testdata. UPDATE=1 writes that anew.
func TestFeatures(t *testing.T) {
	for _, name := range glob(t, "../testdata/features/*.txtar") {
		feature := strings.TrimSuffix(filepath.Base(name), ".txtar")
		t.Run(feature, func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			input := string(archive.Files[0].Data)
			got := mustFormat(t, input)
			holdsPromises(t, input, got)
			golden(t, filepath.Join("testdata", feature+".ncd"), got)
		})
	}
}

// golden compares a text with a file, or writes it there under UPDATE=1.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: want -, got +\n%s", path, diff)
	}
}

// TestSpecimens holds the specimens to their own form, but for what the form
// decides otherwise: testdata has those lines of theirs.
func TestSpecimens(t *testing.T) {
	var changed strings.Builder
	for _, name := range glob(t, "../testdata/specimens/*.ncd") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got := mustFormat(t, string(text))
		holdsPromises(t, string(text), got)
		before, after := strings.Split(string(text), "\n"), strings.Split(got, "\n")
		if len(before) != len(after) {
			t.Errorf("%s has %d lines and had %d", name, len(after), len(before))
			continue
		}
		for i, line := range before {
			if line != after[i] {
				changed.WriteString(filepath.Base(name) + "\n- " + line + "\n+ " + after[i] + "\n")
			}
		}
	}
	golden(t, "testdata/specimens.diff", changed.String())
}

func TestFileWithErrorsIsLeftAlone(t *testing.T) {
	text, said := Format(&source.File{Name: "a.ncd", Text: "axis n = \n"})
	if text != "" || len(said) != 1 {
		t.Errorf("got %q and %v", text, said)
	}
}

// holdsPromises checks that the form of a text means the same, keeps all its
// comments, and is its own form.
func holdsPromises(t *testing.T, input, formatted string) {
	t.Helper()
	before, _ := grammar.Parse(&source.File{Text: input})
	after, said := grammar.Parse(&source.File{Text: formatted})
	if len(said) > 0 {
		t.Fatalf("the form of\n%s\nis\n%s\nof which is said\n%s", input, formatted, said[0].Text(false))
	}
	if diff := cmp.Diff(grammar.DumpProgram(before), grammar.DumpProgram(after)); diff != "" {
		t.Errorf("the form of\n%s\nis\n%s\nand means otherwise\n%s", input, formatted, diff)
	}
	if diff := cmp.Diff(comments(input), comments(formatted)); diff != "" {
		t.Errorf("comments of\n%s\n%s", input, diff)
	}
	if again := mustFormat(t, formatted); again != formatted {
		t.Errorf("the form of\n%s\nis\n%s\nand the form of that is\n%s", input, formatted, again)
	}
}

func comments(text string) []string {
	var all []string
	for _, token := range grammar.Scan(&source.File{Text: text}) {
		if token.Type == grammar.CommentToken {
			all = append(all, token.Value)
		}
	}
	return all
}

func mustFormat(t *testing.T, text string) string {
	t.Helper()
	formatted, said := Format(&source.File{Name: "a.ncd", Text: text})
	if len(said) > 0 {
		t.Fatal(said[0].Text(false))
	}
	return formatted
}

func glob(t testing.TB, pattern string) []string {
	names, _ := filepath.Glob(pattern)
	if len(names) == 0 {
		t.Fatal("no testdata for ", pattern)
	}
	return names
}
