package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/internal/export"
	"ncd/internal/export/jax"
	"ncd/internal/export/npz"
	"ncd/internal/export/onnx"
	"ncd/internal/export/torch"
	"ncd/runtime/weights"
)

// formats are what programs are exported to.
var formats = []export.Format{torch.Format, jax.Format, onnx.Format, npz.Format}

// exporting is the options of ncd export.
type exporting struct {
	set                    setFlags
	data                   dataFlags
	to, output, mode, rule string
	weights                weightFlags
	isBeside               bool
	mesh, shard            string
}

// export writes a diagram, or a train block, in another format.
func (s *session) export() *cobra.Command {
	var e exporting
	cmd := &cobra.Command{
		Use:   "export FILE [NAME]",
		Short: "Write a diagram or a train block for other systems",
		Long:  "Write a diagram or a train block for other systems. NAME is the last diagram if nothing is said.\n\n" + formatsText(),
		Example: `  ncd export attention.ncd MultiHead --set m=64 --set y=8 --set x=8 --to torch -o attention.py
  ncd export digits.ncd digits --to jax -o step.py
  ncd export digits.ncd digits --to npz -o data.npz
  ncd export digits.ncd digits --to jax --mesh data=4,model=2 --shard batch:data,hidden:model -o step.py`,
		Args: wants(1, 2, "a FILE and the NAME of a diagram or train block"),
		RunE: func(_ *cobra.Command, words []string) error { return s.exportFile(words[0], words[1:], &e) },
	}
	e.set.add(cmd)
	e.data.add(cmd)
	e.weights.add(cmd, "safetensors or npz `file` whose weights go into the file")
	flags := cmd.Flags()
	flags.StringVar(&e.to, "to", "", "`format`: "+strings.Join(formatNames(), ", "))
	flags.StringVarP(&e.output, "output", "o", "-", "`file` to write")
	flags.StringVar(&e.mode, "mode", "eval", "`mode` of a diagram: eval, or train, in which dropout drops")
	flags.StringVar(&e.rule, "rule", "", "learning `rule` in place of the train block's own")
	flags.BoolVar(&e.isBeside, "beside", false, "leave the weights in the file of --weights, to which what is written points")
	flags.StringVar(&e.mesh, "mesh", "", "grid of devices, `data=8,model=2`")
	flags.StringVar(&e.shard, "shard", "", "which axes lie along which axis of the grid, `batch:data,h:model`")
	return cmd
}

func formatNames() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// formatsText tells each format.
func formatsText() string {
	var text strings.Builder
	for _, f := range formats {
		fmt.Fprintf(&text, "%s\n    %s\n\n", f.Name, wrapped(f.Doc, "    "))
	}
	return strings.TrimSpace(text.String())
}

func (s *session) exportFile(file string, named []string, e *exporting) error {
	if err := oneOf("mode", e.mode, "eval", "train"); err != nil {
		return err
	}
	if err := oneOf("to", e.to, formatNames()...); err != nil {
		return err
	}
	format := formats[slices.Index(formatNames(), e.to)]
	request, err := s.requested(file, named, e, format)
	if err != nil {
		return err
	}
	err = s.write(e.output, func(to io.Writer) error { return format.Write(to, request) })
	var refused *export.Refusal
	if errors.As(err, &refused) {
		return &refusal{said: refused.Said}
	}
	return err
}

// requested is what the format is given.
func (s *session) requested(file string, named []string, e *exporting, format export.Format) (*export.Request, error) {
	values, err := e.set.values()
	if err != nil {
		return nil, err
	}
	r := &export.Request{File: file, Mode: e.mode}
	if err := e.placed(r, format); err != nil {
		return nil, err
	}
	stored, err := e.readWeights(format)
	if err != nil {
		return nil, err
	}
	o := check.Options{Set: values, Rule: e.rule, Training: e.mode == "train"}
	program, err := s.checked(file, o)
	if err != nil {
		return nil, err
	}
	if len(named) > 0 && slices.Contains(program.Trains(), named[0]) {
		return r, s.requestedTraining(r, file, named, o, e, format)
	}
	name, err := chosen("diagram", named, program.Diagrams())
	if err != nil {
		return nil, err
	}
	if r.Diagram, err = sound(program.Diagram(name, nil)); err != nil || stored == nil {
		return r, err
	}
	return r, e.putWeights(r, stored)
}

// requestedTraining puts a train block and its data into a request.
func (s *session) requestedTraining(r *export.Request, file string, named []string, o check.Options, e *exporting, format export.Format) error {
	if !format.Trains {
		return misused("`--to %s` takes a diagram, and `%s` is a train block", format.Name, named[0]).mend("name its model's diagram")
	}
	t, err := s.prepare(file, named, o, &e.data)
	if err != nil {
		return err
	}
	if t.Stage != "" {
		return refuse(export.NotExportable, "train block `%s` has stages, and a file has one step of training", t.Name)
	}
	r.Training, r.Data = t.Training, t.Splits
	return nil
}

// readWeights reads the weights that are to go into the file, or to which it is to
// point, where it can.
func (e *exporting) readWeights(format export.Format) (*weights.Stored, error) {
	switch {
	case e.isBeside && (!format.Points || e.weights.file == "" || e.output == "-"):
		return nil, misused("`--beside` is for `--to onnx` with `--weights` and `-o`")
	case e.weights.file != "" && format.Apart:
		return nil, misused("`--to %s` leaves weights in a file of their own, which it reads as it is", format.Name)
	}
	return e.weights.read(e.weights.file)
}

// putWeights puts weights into a request for a diagram.
func (e *exporting) putWeights(r *export.Request, stored *weights.Stored) (err error) {
	if err := stored.HoldNames(keptBy(r.Diagram)); err != nil {
		return err
	}
	r.Weights = stored.Arrays
	if e.isBeside {
		r.Beside, err = e.beside(stored)
	}
	return err
}

// keptBy are the paths of what a diagram keeps: its weights, and states that are
// stored with them.
func keptBy(d *diagram.Diagram) []string {
	flat := rewrite.Normalize(d)
	var paths []string
	for _, w := range flat.Weights {
		paths = append(paths, w.Path)
	}
	for _, state := range flat.States {
		if state.Kept {
			paths = append(paths, state.Path)
		}
	}
	return paths
}

// beside is the file of the weights as what is written will point to it.
func (e *exporting) beside(stored *weights.Stored) (*export.Beside, error) {
	file, err := filepath.Rel(filepath.Dir(e.output), stored.File)
	if err != nil || !filepath.IsLocal(file) {
		return nil, misused("`--beside` points to `%s`, which lies outside of the folder of `%s`", stored.File, e.output).mend("put the weights into that folder")
	}
	extents, err := weights.Extents(stored.File)
	if err != nil {
		return nil, err
	}
	here := map[string]weights.Extent{}
	for path := range stored.Arrays {
		inFile := stored.PathInFile(path)
		if here[path] = extents[inFile]; here[path].Stored != "F32" {
			return nil, refuse(export.NotExportable, "`%s` of `%s` is stored as %s, and `--beside` points to F32 alone", inFile, stored.File, here[path].Stored).mend("leave --beside out")
		}
	}
	return &export.Beside{File: filepath.ToSlash(file), Extents: here}, nil
}

// placed reads the mesh, for formats that know one.
func (e *exporting) placed(r *export.Request, format export.Format) (err error) {
	if e.mesh == "" && e.shard == "" {
		return nil
	}
	if !format.Shards {
		return misused("`--to %s` knows no mesh", format.Name)
	}
	if r.Mesh, err = export.ReadMesh(e.mesh, e.shard); err != nil {
		return misused("%v", err)
	}
	return nil
}
