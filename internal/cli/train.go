package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/internal/training"
	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/train"
)

// trainOptions are the options of ncd train as they were typed.
type trainOptions struct {
	trainFlags
	weights    weightFlags
	rule       string
	epochs     int
	seed       uint64
	to, resume string
	checkpoint string
	keep       int
	allowNaN   bool
	finite     string // --check-finite
	isProfiled bool
	isPrinted  bool // only
	isSet      func(option string) bool
}

// train runs a train block.
func (s *session) train() *cobra.Command {
	var o trainOptions
	cmd := &cobra.Command{
		Use:   "train FILE [NAME]",
		Short: "Run a train block: the last one of the file, or NAME",
		Long: `Run a train block: the last one of the file, or NAME.

The run folder holds weights.safetensors, state.safetensors (to go on from), the states saved before it
(state.1.safetensors, and so on), metrics.jsonl, run.json (how it was made) and curves.svg. Each is replaced
whole, and weights and states are held against their SHA-256 when they are read. Ctrl-C saves and stops; a
second one stops at once.`,
		Example: `  ncd train digits.ncd
  ncd train digits.ncd --rule dfa --epochs 5 --seed 2 -o runs/dfa
  ncd train digits.ncd --resume runs/dfa
  ncd train digits.ncd --checkpoint 10m --keep 5
  ncd train digits.ncd --weights runs/digits-1/weights.safetensors --map affine.0=affine.0 -o runs/warm
  ncd train digits.ncd --check-finite all`,
		Args: wants(1, 2, "a FILE and the NAME of a train block"),
		RunE: func(cmd *cobra.Command, words []string) error {
			o.isSet = cmd.Flags().Changed
			return s.trainFile(words[0], words[1:], &o)
		},
	}
	o.trainFlags.add(cmd)
	o.weights.add(cmd, "safetensors or npz `file` to begin with; with --map a part of the model does")
	flags := cmd.Flags()
	outsideFlags(flags)
	flags.StringVar(&o.rule, "rule", "", "learning `rule` in place of the block's own: dfa, or dfa[scale = 0.1]")
	flags.IntVar(&o.epochs, "epochs", 0, "`number` of epochs in place of the block's own")
	flags.Uint64Var(&o.seed, "seed", 0, "`seed` of all chance in place of the block's own")
	flags.StringVarP(&o.to, "output", "o", "", "run `folder`; default runs/NAME-N")
	flags.StringVar(&o.resume, "resume", "", "run `folder` to go on with, to the same bytes as if it had not been cut")
	flags.StringVar(&o.checkpoint, "checkpoint", "", "save also every so many `steps`, 500, or so much time, 10m; a run is saved at each epoch")
	flags.IntVar(&o.keep, "keep", 2, "`number` of checkpoints to keep, the last ones; where one is damaged the run goes on from the one before it")
	flags.BoolVar(&o.allowNaN, "allow-nan", false, "go on where the loss is no number")
	flags.StringVar(&o.finite, "check-finite", "loss", "`what` must be finite: loss, and the weights that are saved; or all, which finds the first box that fails, slowly")
	flags.BoolVar(&o.isPrinted, "print", false, "print the block with every default filled in, and run nothing")
	flags.BoolVar(&o.isProfiled, "profile", false, "print how long each step of the plan took, before the final figures")
	return cmd
}

// trainFile checks everything before it writes anything, and runs.
func (s *session) trainFile(file string, named []string, o *trainOptions) error {
	values, err := o.set.values()
	if err != nil {
		return err
	}
	var resumed *train.Folder
	if o.resume != "" {
		if resumed, err = o.reopen(values, &named); err != nil {
			return err
		}
		defer resumed.Close()
		s.tellDamaged(resumed)
	}
	t, err := s.prepare(file, named, check.Options{Set: values, Rule: o.rule}, &o.data)
	if err != nil {
		return err
	}
	stages, err := t.Stages(o.data.lookup(file))
	if err != nil {
		return err
	}
	if err := o.settle(stages, resumed); err != nil {
		return err
	}
	if t.First, err = o.weights.read(o.weights.file); err != nil {
		return err
	}
	if o.isPrinted {
		return s.putComplete(t)
	}
	runner, err := s.bind(stages, o)
	if err != nil {
		return err
	}
	defer runner.Close()
	folder, err := s.runFolder(resumed, file, stages, o)
	if err != nil {
		return err
	}
	defer folder.Close()
	return s.runIn(folder, runner, o.goOn(file, folder.Path))
}

// bind puts the plans of the block, or of its first stage, in memory.
func (s *session) bind(stages []*training.Block, o *trainOptions) (*train.Runner, error) {
	saveSteps, saveTime, err := o.saving()
	if err != nil {
		return nil, err
	}
	var trainings []*train.Training
	for _, t := range stages {
		step, err := s.step(t)
		if err != nil {
			return nil, err
		}
		run := t.Runnable(step)
		run.SaveSteps, run.SaveTime, run.Keep = saveSteps, saveTime, o.keep
		run.Threads, run.AllowNaN, run.Profile, run.CheckFinite = o.threads, o.allowNaN, o.isProfiled, o.finite == "all"
		trainings = append(trainings, run)
	}
	return train.Bind(trainings...)
}

// settle lets options take the place of the block's own settings, and what a run
// began with that of both. Each stage says for itself how long it runs.
func (o *trainOptions) settle(stages []*training.Block, resumed *train.Folder) error {
	if err := o.holdFinite(); err != nil {
		return err
	}
	if o.keep < 1 && o.isSet("keep") {
		return misused("`--keep %d`: a run keeps one checkpoint or more", o.keep)
	}
	if o.epochs < 1 && o.isSet("epochs") {
		return misused("`--epochs %d`: a run has one epoch or more", o.epochs)
	}
	if o.isSet("epochs") && len(stages) > 1 {
		return misused("the train block has stages, and each says how many epochs it has")
	}
	for _, t := range stages {
		if resumed != nil {
			t.Training.Seed = resumed.Record.Seed
			if len(stages) == 1 {
				t.Training.Epochs, t.Training.Steps = resumed.Record.Epochs, resumed.Record.Steps
			}
		}
		if o.isSet("epochs") {
			t.Training.Epochs, t.Training.Steps = o.epochs, 0
		}
		if o.isSet("seed") {
			t.Training.Seed = o.seed
		}
	}
	if o.threads <= 0 {
		o.threads = runtime.GOMAXPROCS(0)
	}
	return nil
}

// holdFinite holds that --check-finite has a meaning.
func (o *trainOptions) holdFinite() error {
	switch {
	case o.finite != "loss" && o.finite != "all":
		return misused("`--check-finite %s`: it is loss or all", o.finite)
	case o.finite == "all" && (o.allowNaN || o.isProfiled):
		return misused("`--check-finite all` stops at the first number that is not finite, and goes neither with --allow-nan nor with --profile")
	}
	return nil
}

// saving reads how often a run is to be saved.
func (o *trainOptions) saving() (steps int, every time.Duration, err error) {
	if o.checkpoint == "" {
		return 0, 0, nil
	}
	if steps, err := strconv.Atoi(o.checkpoint); err == nil && steps > 0 {
		return steps, 0, nil
	}
	if every, err := time.ParseDuration(o.checkpoint); err == nil && every > 0 {
		return 0, every, nil
	}
	return 0, 0, misused("`--checkpoint %s` is neither a number of steps nor a time", o.checkpoint).mend("--checkpoint 500, --checkpoint 10m")
}

// reopen finds the run to go on with, and takes its options over.
func (o *trainOptions) reopen(values map[string]string, named *[]string) (*train.Folder, error) {
	folder, err := train.Resume(o.resume)
	if err != nil {
		return nil, err
	}
	r := folder.Record
	if o.weights.file != "" {
		return nil, misused("--resume goes on with the weights of its own folder, and --weights names others")
	}
	if o.to != "" && o.to != o.resume {
		return nil, misused("--resume goes on in its own folder, and -o names another")
	}
	if o.isSet("rule") && o.rule != r.Rule || o.isSet("seed") && o.seed != r.Seed {
		return nil, misused("the run in `%s` began with rule `%s` and seed %d, and can only go on with them", o.resume, r.Rule, r.Seed)
	}
	for name, value := range values {
		if r.Set[name] != value {
			return nil, misused("the run in `%s` did not begin with --set %s=%s, and cannot go on with it", o.resume, name, value)
		}
	}
	for name, value := range r.Set {
		values[name] = value
	}
	o.rule = r.Rule
	if len(*named) == 0 && r.Train != "" {
		*named = []string{r.Train}
	}
	return folder, nil
}

// runFolder is the folder of the run: a new one, or the one to go on in.
func (s *session) runFolder(resumed *train.Folder, file string, stages []*training.Block, o *trainOptions) (*train.Folder, error) {
	t := stages[0]
	began, err := train.Began(t.First)
	if err != nil {
		return nil, err
	}
	var read []*data.Splits
	for _, stage := range stages {
		read = append(read, stage.Splits)
	}
	record := &train.Record{
		NCD: release(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Program: file, SHA256: digest(t), Train: t.Name, Set: t.Options.Set, Rule: o.rule, Rules: rulesOf(t.Training),
		Batch: t.Training.Batch, Epochs: t.Training.Epochs, Steps: t.Training.Steps, Seed: t.Training.Seed, Threads: o.threads,
		Data: train.DataFiles(read...), Weights: began,
	}
	switch {
	case resumed != nil:
		return resumed, s.takeOver(resumed, record)
	case o.to != "":
		return train.Create(o.to, record)
	}
	name := t.Name
	if name == "" {
		name = "train"
	}
	return train.CreateNumbered("runs", name, record)
}

// rulesOf are the learning rules of a block, each with the part that learns by it.
func rulesOf(block *diagram.Training) []string {
	var rules []string
	for _, use := range block.Rules {
		text := use.Rule.Name()
		if len(use.Part) > 0 {
			text = strings.Join(use.Part, ".") + ": " + text
		}
		rules = append(rules, text)
	}
	return rules
}

// tellDamaged warns of checkpoints that the run does not go on from.
func (s *session) tellDamaged(folder *train.Folder) {
	for _, damage := range folder.Damaged {
		d := training.DiagnosticOf(damage)
		d.Severity = source.Remark
		s.tell([]source.Diagnostic{d})
	}
}

// takeOver makes the record of a resumed run that of the new session, if its
// data are the same.
func (s *session) takeOver(folder *train.Folder, record *train.Record) error {
	old := folder.Record
	if err := old.HoldData(record); err != nil {
		return err
	}
	if old.SHA256 != record.SHA256 {
		s.tell([]source.Diagnostic{{
			Code: codeChanged, Severity: source.Remark,
			Message: fmt.Sprintf("`%s` is not as it was when the run in `%s` began", record.Program, folder.Path),
		}})
	}
	record.Weights = old.Weights
	return folder.Rewrite(record)
}

// codeChanged is the code of a program that changed since its run began.
const codeChanged source.Code = "ProgramChanged"

// goOn is the line that goes on with a run.
func (o *trainOptions) goOn(file, folder string) string {
	line := "ncd train " + file + " --resume " + folder
	for _, option := range []struct{ name, value string }{
		{"data", o.data.under}, {"checkpoint", o.checkpoint}, {"keep", strconv.Itoa(o.keep)},
	} {
		if o.isSet(option.name) {
			line += " --" + option.name + " " + option.value
		}
	}
	return line
}

// runIn runs a training in its folder and tells its figures. goOn is the line that
// goes on with it where it is stopped.
func (s *session) runIn(folder *train.Folder, runner *train.Runner, goOn string) error {
	final, err := s.runToEnd(folder, runner, goOn)
	if err != nil {
		return err
	}
	if spent, runs := runner.Spent(); spent != nil {
		if err := s.putProfile(runner.Plan(), spent, runs); err != nil {
			return err
		}
	}
	return s.tellFinal(final, folder.Path)
}

// runToEnd runs a training in its folder, and draws its curves there.
func (s *session) runToEnd(folder *train.Folder, runner *train.Runner, goOn string) (*train.Final, error) {
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	context.AfterFunc(ctx, release) // so that a second Ctrl-C does what it always does
	bar := s.newProgress(runner.TotalSteps(), folder.Steps())
	final, err := runner.Run(ctx, folder, bar)
	bar.end()
	var broken *train.NotFinite
	switch {
	case errors.As(err, &broken):
		return nil, &refusal{said: []source.Diagnostic{broken.Diagnostic()}}
	case errors.Is(err, context.Canceled):
		return nil, errors.Join(drawCurves(folder), &stopped{goOn})
	case err != nil:
		if f := fault.As(err); f != nil && f.Code == fault.UnwritableFile && f.Help == "" {
			f.Mend("what was saved before is as it was; to go on once it can be written: %s", goOn)
		}
		return nil, placed(err)
	}
	if err := folder.Finish(final); err != nil {
		return nil, err
	}
	return final, drawCurves(folder)
}

// tellFinal prints the figures of the end.
func (s *session) tellFinal(final *train.Final, path string) error {
	if s.isJSON {
		return s.put(final)
	}
	for _, split := range train.Splits {
		if err := s.putFigures(split, final.Of(split)); err != nil {
			return err
		}
	}
	s.remark("%d steps in %.1f s, %.0f examples/s; see %s", final.Steps, final.Seconds, final.ExamplesPerSecond, path)
	return nil
}
