package check

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// TestTraining makes the train blocks of every archive in testdata/training ready
// for pictures of 4 by 4 in 10 classes, and compares their text: data, forward
// diagram, optimiser and rules for one layer.
func TestTraining(t *testing.T) {
	files, _ := filepath.Glob("testdata/training/*.txtar")
	if len(files) == 0 {
		t.Fatal("no testdata")
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			input := archive.Files[0]
			got := trained(t, &source.File{Name: input.Name, Text: string(input.Data)}, options(string(archive.Comment)))
			if os.Getenv("UPDATE") != "" {
				archive.Files = []txtar.File{input, {Name: "training", Data: []byte(got)}}
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(archive.Files) < 2 {
				t.Fatal("nothing to compare with; run with UPDATE=1")
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func trained(t *testing.T, f *source.File, o Options) string {
	t.Helper()
	p, said := Check(f, o)
	var text strings.Builder
	for _, name := range p.Trains() {
		clauses, more := p.Clauses(name, "")
		said = append(said, more...)
		for _, c := range clauses {
			fmt.Fprintf(&text, "data from %s %v %v\n", c.Source, c.Args, c.Named)
			for _, field := range c.Fields {
				fmt.Fprintf(&text, "  %s %s\n", field.Name, field.Type)
			}
		}
		stages := p.Stages(name)
		if len(stages) == 0 {
			stages = []string{""}
		}
		for _, stage := range stages {
			made, more := p.trainingAt(name, stage, map[string][]int{"image": {4, 4}, "label": {}}, map[string]int{"label": 10})
			said = append(said, more...)
			if made != nil {
				describe(t, &text, made)
			}
		}
	}
	for _, d := range said {
		text.WriteString(d.Text(false))
	}
	return text.String()
}

func describe(t *testing.T, text *strings.Builder, made *diagram.Training) {
	t.Helper()
	if err := diagram.Verify(made.Forward); err != nil {
		t.Error(err)
	}
	if made.Stage != "" {
		fmt.Fprintf(text, "stage %s\n", made.Stage)
	}
	fmt.Fprintf(text, "batch %d epochs %d steps %d seed %d losses %d reports %v\n",
		made.Batch, made.Epochs, made.Steps, made.Seed, made.Losses, made.Reports)
	for _, m := range made.Models {
		fmt.Fprintf(text, "model %s: box %d\n", m.Name, slices.Index(made.Forward.Boxes, m.Box))
	}
	diagram.Print(text, made.Forward)
	relations(text, made)
	optimizer, said := made.Optimizer("stem.weight", shape.Shape{axis("m", 3)})
	print(text, optimizer, said)
	for _, filter := range made.Filters {
		d, said := filter("affine.0.weight", shape.Shape{axis("m", 3)})
		print(text, d, said)
	}
	for _, use := range made.Rules {
		layer, said := use.Rule.For(someLayer())
		fmt.Fprintf(text, "rule %s for %v, sends nothing: %v\n", use.Rule.Name(), use.Part, layer.SendNothing)
		print(text, layer.Signal, said)
		print(text, layer.Send, nil)
		print(text, layer.Objective, nil)
		for _, name := range []string{"weight", "bias"} {
			print(text, layer.Change[name], nil)
		}
	}
}

// relations lists the weights that hang on others, or that do not learn.
func relations(text *strings.Builder, made *diagram.Training) {
	paths := map[*diagram.Weight]string{}
	each := func(visit func(path string, w *diagram.Weight)) {
		for _, m := range made.Models {
			weightsIn(m.Box.Op.(diagram.Composite).Body, m.Name+".", visit)
		}
	}
	each(func(path string, w *diagram.Weight) { paths[w] = path })
	each(func(path string, w *diagram.Weight) {
		switch {
		case w.Like != nil:
			fmt.Fprintf(text, "%s begins as %s\n", path, paths[w.Like])
		case w.Follows != nil:
			fmt.Fprintf(text, "%s follows %s, keeps %g\n", path, paths[w.Follows], w.Keep)
		case w.Frozen:
			fmt.Fprintf(text, "%s is frozen\n", path)
		}
	})
}

func print(text *strings.Builder, d *diagram.Diagram, said []source.Diagnostic) {
	for _, s := range said {
		text.WriteString(s.Text(false))
	}
	if d != nil {
		diagram.Print(text, d)
	}
}

func axis(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }

// someLayer is an affine layer of 16 to 8 in a model of 10 classes.
func someLayer() diagram.Layer {
	typed := func(a shape.Axis) shape.Type { return shape.Type{Axes: shape.Shape{axis("batch", 8), a}} }
	class := axis("class", 10)
	return diagram.Layer{
		Kinds: []string{"affine"}, Path: "affine.0", Input: typed(axis("pixel", 16)), Output: typed(axis("hidden", 8)), Made: typed(axis("hidden", 8)), Error: typed(class),
		Weights: []*diagram.Weight{{Path: "affine.0.weight", Axes: shape.Shape{axis("pixel", 16), axis("hidden", 8)}}},
		Data:    []*diagram.Wire{{Name: "label", Type: shape.Type{Axes: shape.Shape{axis("batch", 8)}, In: &class}}},
	}
}
