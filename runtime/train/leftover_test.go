package train

import (
	"os"
	"path/filepath"
	"testing"

	"ncd/runtime/fault"
)

// What a run leaves that was killed hinders neither the one that goes on with it nor
// one that begins anew, and goes.
func TestLeftovers(t *testing.T) {
	for _, c := range []struct {
		name  string
		held  map[string]string
		begin func(path string) (*Folder, error)
		want  fault.Code // "": none
	}{
		{"killed before the record", map[string]string{".run.json.7": "{", MetricsFile: ""}, anew, ""},
		{"a file of somebody else's", map[string]string{".run.json.7": "{", ".profile": ""}, anew, FolderTaken},
		{"figures", map[string]string{MetricsFile: "{}"}, anew, FolderTaken},
		{"killed while it saved", map[string]string{RecordFile: "{}", MetricsFile: "", ".state.safetensors.12": "x", ".curves.svg.3": ""}, Resume, ""},
		{"no record to go on from", map[string]string{MetricsFile: ""}, Resume, BadRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := t.TempDir()
			for name, text := range c.held {
				if err := os.WriteFile(filepath.Join(path, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			f, err := c.begin(path)
			if c.want != "" {
				if told := fault.As(err); told == nil || told.Code != c.want {
					t.Errorf("got %v, want %s", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			entries, err := os.ReadDir(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Name()[0] == '.' {
					t.Errorf("%s is left over", e.Name())
				}
			}
		})
	}
}

func anew(path string) (*Folder, error) { return Create(path, &Record{}) }

// A folder that cannot be written is told, and nothing in it changes.
func TestFolderCannotBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := anew(filepath.Join(path, "run")); fault.As(err) == nil || fault.As(err).Code != fault.UnwritableFile {
		t.Errorf("got %v, want %s", err, fault.UnwritableFile)
	}
	if got := read(t, path); string(got) != "mine" {
		t.Errorf("the file holds %q now", got)
	}
}
