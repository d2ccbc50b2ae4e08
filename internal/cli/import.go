package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"ncd/grammar/source"
	"ncd/internal/importer"
	"ncd/internal/onnx"
	"ncd/runtime/fault"
	"ncd/runtime/weights"
)

// longestModel is the longest ONNX file that is read: protocol buffers end there.
const longestModel = 2 << 30

// importing is the options of ncd import.
type importing struct {
	to, weights string
	examples    bool
	set         setFlags
}

// imports writes a model of another format as a program.
func (s *session) imports() *cobra.Command {
	var i importing
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Write an ONNX model as a program, and its weights",
		Long: "Write an ONNX model as a program, and its weights under their paths in it. Axes get names: those of pictures where windows move, " +
			"those of the other operand where arrays meet. The first axis is left out where it is that of examples and no operator touches it. --set gives an axis of the inputs whose size is open a number. " +
			"Weights in files beside the model are read from its folder. Numbers are float32. What the language has no words for is refused, with a list.",
		Example: `  ncd import model.onnx -o model.ncd --weights model.safetensors`,
		Args:    wants(1, 1, "a FILE with an ONNX model"),
		RunE:    func(_ *cobra.Command, words []string) error { return s.importFile(words[0], &i) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&i.to, "output", "o", "-", "`file` to write the program to")
	flags.StringVar(&i.weights, "weights", "", "safetensors `file` to write the weights to")
	flags.StringArrayVar(&i.set.pairs, "set", nil, "`name=size` of an axis of the inputs that is open; may be repeated")
	flags.BoolVar(&i.examples, "examples", false, "keep the first axis, also where it is that of examples")
	return cmd
}

// sizes are the numbers that --set gives open axes.
func (i *importing) sizes() (map[string]int, error) {
	values, err := i.set.values()
	if err != nil {
		return nil, err
	}
	sizes := map[string]int{}
	for name, text := range values {
		if sizes[name], err = strconv.Atoi(text); err != nil {
			return nil, misused("`--set %s=%s`: a size is a whole number", name, text)
		}
	}
	return sizes, nil
}

func (s *session) importFile(file string, i *importing) error {
	m, err := readModel(file)
	if err != nil {
		return err
	}
	sizes, err := i.sizes()
	if err != nil {
		return err
	}
	program, err := importer.Import(m, importer.Options{KeepExamples: i.examples, Sizes: sizes})
	var refused *importer.Refused
	if errors.As(err, &refused) {
		return refuse(codeNotImportable, "`%s`: %v", file, refused)
	}
	if err != nil {
		return err
	}
	named, err := program.Named()
	if err != nil {
		return err
	}
	if i.weights != "" {
		if err := s.write(i.weights, func(w io.Writer) error { return weights.Encode(w, &weights.File{Tensors: named}) }); err != nil {
			return err
		}
	}
	return s.write(i.to, func(w io.Writer) error {
		_, err := io.WriteString(w, program.Text)
		return err
	})
}

// codeNotImportable is the code of a model that the language has no words for.
const codeNotImportable source.Code = "NotImportable"

func readModel(path string) (*onnx.Model, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, refuse(codeMissing, "`%s` cannot be read: %s", path, reason(err))
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, longestModel+1))
	if err != nil {
		return nil, refuse(source.Code(fault.UnreadableFile), "`%s` cannot be read: %s", path, reason(err))
	}
	if len(b) > longestModel {
		return nil, refuse(source.Code(fault.UnreadableFile), "`%s` has more than %d GiB", path, longestModel>>30)
	}
	m, err := onnx.Decode(b)
	if err != nil {
		return nil, refuse(source.Code(fault.UnreadableFile), "`%s` is no ONNX model: %v", path, err)
	}
	folder, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, refuse(source.Code(fault.UnreadableFile), "the folder of `%s` cannot be read: %s", path, reason(err))
	}
	defer folder.Close()
	if err := onnx.Fill(m, folder.FS()); err != nil {
		return nil, refuse(codeNotImportable, "`%s`: %v", path, err).mend("keep the files of weights beside the model, where it was written")
	}
	return m, nil
}
