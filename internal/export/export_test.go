package export_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/internal/export"
	"ncd/internal/export/jax"
	"ncd/internal/export/torch"
	"ncd/stdlib"
)

func checked(t *testing.T, name, text string, o check.Options) *check.Program {
	t.Helper()
	o.Library = stdlib.Files
	p, said := check.Check(&source.File{Name: name, Text: text}, o)
	for _, d := range said {
		if d.Severity == source.Error {
			t.Fatal(d.Text(false))
		}
	}
	return p
}

// last is the last diagram of a program.
func last(t *testing.T, p *check.Program) *diagram.Diagram {
	t.Helper()
	all := p.Diagrams()
	d, said := p.Diagram(all[len(all)-1], nil)
	if d == nil {
		t.Fatal(said)
	}
	return d
}

// golden holds a text against a file, which UPDATE=1 writes.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestDiagrams(t *testing.T) {
	for _, name := range []string{"attention", "spikes", "blocks", "kept"} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".ncd"))
		if err != nil {
			t.Fatal(err)
		}
		d := last(t, checked(t, name+".ncd", string(text), check.Options{}))
		for _, format := range []export.Format{torch.Format, jax.Format} {
			t.Run(name+" "+format.Name, func(t *testing.T) {
				var got bytes.Buffer
				if err := format.Write(&got, &export.Request{File: name + ".ncd", Mode: "eval", Diagram: d}); err != nil {
					t.Fatal(err)
				}
				golden(t, filepath.Join("testdata", name+"."+format.Name+".py"), got.Bytes())
			})
		}
	}
}

// training is the train block of step.ncd at the sizes of its data.
func training(t *testing.T) *diagram.Training {
	t.Helper()
	text, err := os.ReadFile("testdata/step.ncd")
	if err != nil {
		t.Fatal(err)
	}
	p := checked(t, "step.ncd", string(text), check.Options{Training: true})
	block, said := p.Training("net", map[string][]int{"image": {8, 8}, "label": {}}, map[string]int{"label": 10})
	if block == nil {
		t.Fatal(said)
	}
	return block
}

// What every exported program has stands in the folder of its format, and is left
// out; of the one for a mesh, the lines are held that the other has not.
func TestTraining(t *testing.T) {
	block := training(t)
	step := written(t, &export.Request{File: "step.ncd", Training: block})
	golden(t, "testdata/step.jax.py", []byte(step))
	onMesh := written(t, &export.Request{File: "step.ncd", Training: block, Mesh: mesh(t, "data=4,model=2", "batch:data,hidden:model")})
	golden(t, "testdata/mesh.jax.py", []byte(linesBeyond(onMesh, step)))
}

// written is a training as JAX, with a line in the place of each text that all have.
func written(t *testing.T, r *export.Request) string {
	t.Helper()
	var got bytes.Buffer
	if err := jax.Format.Write(&got, r); err != nil {
		t.Fatal(err)
	}
	text := got.String()
	for _, name := range []string{"alone.py", "loop.py", "mesh.py"} {
		common, err := os.ReadFile(filepath.Join("jax", name))
		if err != nil {
			t.Fatal(err)
		}
		_, code, _ := strings.Cut(string(common), "\n\n\n")
		text = strings.Replace(text, code, "# "+name+"\n", 1)
	}
	return text
}

// linesBeyond are the lines of a text that another has not.
func linesBeyond(text, other string) string {
	var beyond strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(other, line) {
			beyond.WriteString(line)
		}
	}
	return beyond.String()
}

func mesh(t *testing.T, axes, shard string) *export.Mesh {
	t.Helper()
	m, err := export.ReadMesh(axes, shard)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestReadMeshRefuses(t *testing.T) {
	for _, c := range []struct{ name, mesh, shard, want string }{
		{"no size", "data", "", "no NAME=DEVICES"},
		{"no device", "data=0", "", "no NAME=DEVICES"},
		{"no axis", "data=2", "batch", "no AXIS:MESHAXIS"},
		{"another mesh axis", "data=2", "batch:model", "has no axis `model`"},
	} {
		if _, err := export.ReadMesh(c.mesh, c.shard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// TestRefused holds that what a format has no words for is told, and nothing written.
func TestRefused(t *testing.T) {
	const scan = `diagram Sum(state s[n], x[n]) -> [n] {
    s = s + x
    s
}
`
	for _, c := range []struct {
		name, text string
		format     export.Format
		code       source.Code
		want       string
	}{
		{"turns drawn anew", scan + "diagram D(x[t:5 n:3]) -> [t n] { x >> scan[t, Sum, gradient = random[2]] }", torch.Format, export.NotExportable, "drawn anew in each run"},
		{"letters", "diagram D(x[s m:3]) -> [s n] { x >> linear[m -> n:2] }", torch.Format, export.SizeUnknown, "how large `s`"},
		{"chance without a key", "diagram D(x[s:3]) -> [s] { x + normal[s:3] }", jax.Format, export.NotExportable, "without a key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got bytes.Buffer
			err := c.format.Write(&got, &export.Request{File: "d.ncd", Mode: "eval", Diagram: last(t, checked(t, "d.ncd", c.text, check.Options{}))})
			holdRefused(t, err, c.code, c.want)
			if got.Len() > 0 {
				t.Errorf("%d bytes are written", got.Len())
			}
		})
	}
}

func holdRefused(t *testing.T, err error, code source.Code, want string) {
	t.Helper()
	var refused *export.Refusal
	if !errors.As(err, &refused) || refused.Said[0].Code != code || !strings.Contains(refused.Error(), want) {
		t.Errorf("got %v, want %s: %q", err, code, want)
	}
}

func TestMeshRefuses(t *testing.T) {
	block := training(t)
	for shard, want := range map[string]string{"hiden:data": "no axis `hiden`", "class:data": "has size 10", "batch:data": ""} {
		var got bytes.Buffer
		err := jax.Format.Write(&got, &export.Request{File: "step.ncd", Training: block, Mesh: mesh(t, "data=4", shard)})
		if want == "" && err == nil {
			continue
		}
		holdRefused(t, err, export.BadMesh, strings.ReplaceAll(want, "no axis", "an axis"))
	}
}
