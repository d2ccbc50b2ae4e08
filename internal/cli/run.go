package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/runtime/exec"
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
	"ncd/runtime/train"
	"ncd/runtime/weights"
)

// applying is the options of ncd run.
type applying struct {
	set            setFlags
	weights        weightFlags
	inputs         []string
	to             string
	wantsGradients bool
	mode           string
	seed           uint64
	threads        int
	isProfiled     bool
}

// run applies a diagram to arrays.
func (s *session) run() *cobra.Command {
	var a applying
	cmd := &cobra.Command{
		Use:   "run FILE NAME",
		Short: "Apply a diagram to arrays",
		Example: `  ncd run attention.ncd Attention --input q=q.npy --input K=K.npy --input V=V.npy -o out.npz
  ncd run digits.ncd Digits --input digit.npz --weights runs/digits-1/weights.safetensors`,
		Args: wants(2, 2, "a FILE and the NAME of a diagram"),
		RunE: func(_ *cobra.Command, words []string) error { return s.apply(words[0], words[1], &a) },
	}
	a.set.add(cmd)
	a.weights.add(cmd, "safetensors or npz `file` with the diagram's weights")
	flags := cmd.Flags()
	outsideFlags(flags)
	flags.StringArrayVar(&a.inputs, "input", nil, "`port=x.npy`, repeatable, or one .npz with the ports' names")
	flags.StringVarP(&a.to, "output", "o", "", "npz `file` for the results (npy, where there is one); default: text on standard output")
	flags.BoolVar(&a.wantsGradients, "grad", false, "also the gradients of a scalar result by every input and weight, grad/...")
	flags.StringVar(&a.mode, "mode", "eval", "`mode`: eval, or train, in which dropout drops")
	flags.Uint64Var(&a.seed, "seed", 1, "`seed` of draws")
	flags.BoolVar(&a.isProfiled, "profile", false, "print instead of the results how long each step took, or beside them where -o takes them")
	flags.IntVar(&a.threads, "threads", 0, "`number` of threads; 0: one a core")
	return cmd
}

func (s *session) apply(file, name string, a *applying) error {
	if err := oneOf("mode", a.mode, "eval", "train"); err != nil {
		return err
	}
	arrays, err := readInputs(a.inputs)
	if err != nil {
		return err
	}
	d, err := s.elaboratedFor(file, name, arrays, a)
	if err != nil {
		return err
	}
	if err := holdPorts(d, arrays); err != nil {
		return err
	}
	job := &train.Application{Inputs: arrays, Seed: a.seed, Threads: a.threads}
	if job.Plan, err = planOf(d, a.wantsGradients); err != nil {
		return err
	}
	job.Names = resultNames(d)
	if job.Weights, err = a.weights.read(a.weights.file); err != nil {
		return err
	}
	var spent []time.Duration
	if a.isProfiled {
		job.Profile = func(times []time.Duration) { spent = times }
	}
	results, err := train.Apply(job)
	if err != nil {
		return placed(err)
	}
	if a.isProfiled {
		if err := s.putProfile(job.Plan, spent, 1); err != nil || a.to == "" {
			return err
		}
	}
	return s.hand(results, a.to)
}

// resultNames are the names of a diagram's results: `result` where there is one,
// else those of their wires, or their numbers where these have none of their own.
func resultNames(d *diagram.Diagram) []string {
	if len(d.Out) == 1 {
		return []string{"result"}
	}
	names := make([]string, len(d.Out))
	for i, w := range d.Out {
		if names[i] = w.Name; w.Name == "" || slices.Contains(names[:i], w.Name) {
			names[i] = fmt.Sprint("result.", i)
		}
	}
	return names
}

// elaboratedFor is a diagram at the sizes of the arrays that are handed to it.
func (s *session) elaboratedFor(file, name string, arrays map[string]*tensor.Tensor, a *applying) (*diagram.Diagram, error) {
	values, err := a.set.values()
	if err != nil {
		return nil, err
	}
	program, err := s.checked(file, check.Options{Set: values, Training: a.mode == "train"})
	if err != nil {
		return nil, err
	}
	if name, err = chosen("diagram", []string{name}, program.Diagrams()); err != nil {
		return nil, err
	}
	sizes := map[string][]int{}
	for port, t := range arrays {
		sizes[port] = t.Dims
	}
	return sound(program.DiagramFor(name, sizes))
}

// readInputs reads the arrays of --input, by port.
func readInputs(inputs []string) (map[string]*tensor.Tensor, error) {
	arrays := map[string]*tensor.Tensor{}
	for _, input := range inputs {
		port, path, isPair := strings.Cut(input, "=")
		if !isPair {
			all, err := weights.ReadArrays(input)
			if err != nil {
				return nil, err
			}
			maps.Copy(arrays, all)
			continue
		}
		t, err := weights.ReadArray(path)
		if err != nil {
			return nil, err
		}
		arrays[port] = t
	}
	return arrays, nil
}

// holdPorts holds that there is an array for each port, and a port for each array.
func holdPorts(d *diagram.Diagram, arrays map[string]*tensor.Tensor) error {
	var ports []string
	for _, w := range d.In {
		ports = append(ports, w.Name)
	}
	for _, port := range slices.Sorted(maps.Keys(arrays)) {
		if !slices.Contains(ports, port) {
			return refuse(source.Code(fault.BadArray), "diagram `%s` has no port `%s`; it has %s", d.Name, port, strings.Join(ports, ", ")).
				orNearest(port, ports, "%s")
		}
	}
	for _, w := range d.In {
		if arrays[w.Name] == nil {
			return refuse(source.Code(fault.BadArray), "there is no array for port `%s` %s of diagram `%s`", w.Name, w.Type, d.Name).
				mend("--input " + w.Name + "=x.npy")
		}
	}
	return nil
}

// placed tells what the data did to a run at its place in the program.
func placed(err error) error {
	var befell *exec.Fault
	if !errors.As(err, &befell) {
		return err
	}
	return &refusal{said: []source.Diagnostic{{
		Code: source.Code(fault.BadData), Span: befell.Origin.Span, Message: befell.Cause.Error(),
	}}}
}

// hand writes results to a file, or as text to standard output.
func (s *session) hand(results map[string]*tensor.Tensor, to string) error {
	names := slices.Sorted(maps.Keys(results))
	if to == "" {
		return s.printArrays(names, results)
	}
	if strings.EqualFold(filepath.Ext(to), ".npy") {
		if len(names) != 1 {
			return misused("an npy file holds one array, there are %d: %s", len(names), strings.Join(names, ", ")).mend("-o out.npz")
		}
		return weights.WriteArray(to, results[names[0]])
	}
	return s.write(to, func(w io.Writer) error { return weights.EncodeArrays(w, results) })
}

// printArrays prints each array on a line: its name, its type, its numbers.
func (s *session) printArrays(names []string, results map[string]*tensor.Tensor) error {
	for _, name := range names {
		t := results[name]
		numbers := t.Convert(tensor.Float64)
		values := tensor.Elements[float64](numbers)
		if s.isJSON {
			line := map[string]any{"name": name, "type": t.DType().String(), "axes": t.Axes, "shape": t.Dims, "values": figures(values)}
			if err := s.put(line); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(s.Out, "%s %s %s\n", name, t, brief(values)); err != nil {
			return err
		}
	}
	return nil
}

// figures are numbers that JSON can write.
func figures(values []float64) []train.Figure {
	list := make([]train.Figure, len(values))
	for i, x := range values {
		list[i] = train.Figure(x)
	}
	return list
}

// brief writes the first numbers of an array.
func brief(values []float64) string {
	const most = 100
	words := make([]string, 0, most+1)
	for i, x := range values {
		if i == most {
			words = append(words, "…")
			break
		}
		words = append(words, fmt.Sprintf("%.6g", x))
	}
	return strings.Join(words, " ")
}
