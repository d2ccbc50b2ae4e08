package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ncd/compiler/plan"
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// watch stops a run at a step.
type watch struct {
	stopAt int
	stop   func()
	epochs int
}

func (w *watch) Stepped(step int, _ float64) {
	if step == w.stopAt {
		w.stop()
	}
}

func (w *watch) Measured(int, []Metric) { w.epochs++ }

// runIn runs a training in a folder until a step, or to its end with 0.
func runIn(t *testing.T, job *Training, folder *Folder, stopAt int) (*Final, error) {
	t.Helper()
	r, err := Bind(job)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	return r.Run(ctx, folder, &watch{stopAt: stopAt, stop: stop})
}

func create(t *testing.T, path string) *Folder {
	t.Helper()
	f, err := Create(path, &Record{})
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	return f
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// timeless are the figures of a run without the seconds.
func timeless(t *testing.T, folder *Folder) []Metric {
	t.Helper()
	figures, err := ReadMetrics(folder.File(MetricsFile))
	if err != nil {
		t.Fatal(err)
	}
	for i := range figures {
		figures[i].Seconds = 0
	}
	return figures
}

// A run that is cut behind any step and resumed ends at the same bytes as one that
// is not, with the same figures.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	numbers := []float32{1, -2, 3, -4, 5, 6, 7}
	whole := create(t, filepath.Join(dir, "whole"))
	if _, err := runIn(t, descending(numbers...), whole, 0); err != nil {
		t.Fatal(err)
	}
	total := descending(numbers...).steps()
	if total != 9 {
		t.Fatalf("%d steps, want 3 epochs of 3", total)
	}
	for at := 1; at < total; at++ {
		t.Run(fmt.Sprint("cut behind step ", at), func(t *testing.T) {
			cut := create(t, filepath.Join(dir, fmt.Sprint("cut", at)))
			if _, err := runIn(t, descending(numbers...), cut, at); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, want that it was cut", err)
			}
			resumed, err := Resume(cut.Path)
			if err != nil {
				t.Fatal(err)
			}
			defer resumed.Close()
			if resumed.Steps() != at {
				t.Errorf("%d steps are done, want %d", resumed.Steps(), at)
			}
			if _, err := runIn(t, descending(numbers...), resumed, 0); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{WeightsFile, StateFile} {
				if !bytes.Equal(read(t, whole.File(name)), read(t, resumed.File(name))) {
					t.Errorf("%s differs from that of the whole run", name)
				}
			}
			if diff := cmp.Diff(timeless(t, whole), timeless(t, resumed)); diff != "" {
				t.Errorf("figures of the whole run -, of the resumed one +\n%s", diff)
			}
		})
	}
}

// The lines that a killed run wrote behind its last state are taken back.
func TestResumeAfterKill(t *testing.T) {
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	if _, err := runIn(t, descending(1, 2, 3, 4), folder, 3); err == nil {
		t.Fatal("the run was not cut")
	}
	before := timeless(t, folder)
	file, err := os.OpenFile(folder.File(MetricsFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(file, `{"step":4,"epoch":2,"split":"train","name":"loss","value":9,"seconds":1}`)
	fmt.Fprint(file, `{"step":5,"epo`)
	file.Close()
	if _, err := cutMetrics(folder.File(MetricsFile), 3); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, timeless(t, folder)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// Every example of the test set counts once, also those that fill no batch.
func TestTestSetIsMeasuredExactly(t *testing.T) {
	job := descending(1, 2)
	tester, err := NewTester(job, job.Data.Test)
	if err != nil {
		t.Fatal(err)
	}
	defer tester.Close()
	final, err := tester.Measure(SplitTest, job.Data.Test, &weights.Stored{Arrays: map[string]*tensor.Tensor{"w": tensor.Of([]float32{2}, nil)}})
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * (1 + 2 + 3 + 4 + 5 + 6 + 70) / 7.0; math.Abs(float64(final.Test["loss"])-want) > 1e-5 {
		t.Errorf("got %v, want %v", final.Test["loss"], want)
	}
}

func TestWeightsOfAnotherModel(t *testing.T) {
	job := descending(1, 2)
	tester, err := NewTester(job, job.Data.Test)
	if err != nil {
		t.Fatal(err)
	}
	defer tester.Close()
	_, err = tester.Measure(SplitTest, job.Data.Test, &weights.Stored{Arrays: map[string]*tensor.Tensor{"v": tensor.Of([]float32{2}, nil)}})
	if f := fault.As(err); f == nil || f.Code != fault.BadWeights {
		t.Errorf("got %v, want %s", err, fault.BadWeights)
	}
}

func TestFinal(t *testing.T) {
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	job := descending(1, 1, 1, 1)
	final, err := runIn(t, job, folder, 0)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := weights.Read(folder.File(WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	w := stored.Tensors["w"].At()
	if got, want := float64(final.Test["loss"]), w*91/7; math.Abs(got-want) > 1e-5*math.Abs(want) {
		t.Errorf("the test loss is %v, want %v of the weights that were saved", got, want)
	}
	if got, want := float64(final.Train["loss"]), w/0.9*(1+1/0.9)/2; math.Abs(got-want) > 1e-5*math.Abs(want) {
		t.Errorf("the training loss is %v, want the last epoch's mean %v", got, want)
	}
	if final.Steps != 6 || final.StepSecondsMedian <= 0 || final.ExamplesPerSecond <= 0 || final.PeakBytes != job.Step.Bytes() || final.MemoryBytes <= final.PeakBytes {
		t.Errorf("got %+v", final)
	}
	if err := folder.Finish(final); err != nil {
		t.Fatal(err)
	}
	reopened, err := Open(folder.Path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(final, reopened.Record.Final); diff != "" {
		t.Errorf("want -, recorded +\n%s", diff)
	}
}

func TestStepsInPlaceOfEpochs(t *testing.T) {
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	job := descending(1, 2, 3, 4)
	job.Steps, job.Epochs = 5, 0
	final, err := runIn(t, job, folder, 0)
	if err != nil || final.Steps != 5 {
		t.Fatalf("got %v, %v, want 5 steps", final, err)
	}
	figures := timeless(t, folder)
	if last := figures[len(figures)-1]; last.Step != 5 || last.Epoch != 3 || last.Split != SplitTest {
		t.Errorf("the last figure is %+v, want one of the test set behind step 5 in epoch 3", last)
	}
}

func TestNotFinite(t *testing.T) {
	infinite := float32(math.Inf(1))
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	_, err := runIn(t, descending(infinite, infinite), folder, 0)
	var n *NotFinite
	if !errors.As(err, &n) {
		t.Fatalf("got %v, want a NotFinite", err)
	}
	if n.Step != 1 || n.Span != lossLine {
		t.Errorf("got step %d at %q, want 1 at the loss", n.Step, n.Span.Text())
	}
	if _, err := os.Stat(folder.File(StateFile)); err == nil {
		t.Error("weights that are no numbers were saved")
	}
	job := descending(infinite, infinite)
	job.AllowNaN = true
	if _, err := runIn(t, job, create(t, filepath.Join(t.TempDir(), "run")), 0); err != nil {
		t.Errorf("with AllowNaN: %v", err)
	}
}

// A weight may be lost at the last step, behind which no loss tells of it.
func TestWeightsAreFinite(t *testing.T) {
	largest := float32(math.MaxFloat32)
	job := descending(largest, largest)
	job.Steps, job.Epochs = 1, 0
	job.Step.Steps[1].Kernel.(plan.Map).Program[0].Value = math.MaxFloat32 // the rate
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	_, err := runIn(t, job, folder, 0)
	var n *NotFinite
	if !errors.As(err, &n) || n.What != "weight `w`" {
		t.Errorf("got %v, want that weight w is no number", err)
	}
	if _, err := os.Stat(folder.File(WeightsFile)); err == nil {
		t.Error("weights that are no numbers were saved")
	}
}

// A run that was killed before it was saved begins again, its figures too.
func TestResumeFromNothing(t *testing.T) {
	whole := create(t, filepath.Join(t.TempDir(), "whole"))
	if _, err := runIn(t, descending(1, 2, 3, 4), whole, 0); err != nil {
		t.Fatal(err)
	}
	killed := create(t, filepath.Join(t.TempDir(), "killed"))
	if err := os.WriteFile(killed.File(MetricsFile), read(t, whole.File(MetricsFile))[:200], 0o644); err != nil {
		t.Fatal(err)
	}
	resumed, err := Resume(killed.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer resumed.Close()
	if _, err := runIn(t, descending(1, 2, 3, 4), resumed, 0); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(timeless(t, whole), timeless(t, resumed)); diff != "" {
		t.Errorf("figures of the whole run -, of the resumed one +\n%s", diff)
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	for n := 1; n <= 2; n++ {
		f, err := CreateNumbered(filepath.Join(dir, "runs"), "net", &Record{})
		if want := filepath.Join(dir, "runs", fmt.Sprint("net-", n)); err != nil || f.Path != want {
			t.Fatalf("got %v, %v, want %s", f, err, want)
		}
		f.Close()
	}
	if _, err := Create(filepath.Join(dir, "runs", "net-1"), &Record{}); fault.As(err) == nil || fault.As(err).Code != FolderTaken {
		t.Errorf("got %v, want %s", err, FolderTaken)
	}
	if _, err := Resume(filepath.Join(dir, "runs")); fault.As(err) == nil || fault.As(err).Code != BadRun {
		t.Errorf("got %v, want %s", err, BadRun)
	}
	begun, err := Resume(filepath.Join(dir, "runs", "net-2"))
	if err != nil || begun.Steps() != 0 {
		t.Fatalf("a run that was cut before its first state begins again: got %v, %v", begun, err)
	}
	if _, err := Resume(begun.Path); fault.As(err) == nil || fault.As(err).Code != RunBusy {
		t.Errorf("while it is held: got %v, want %s", err, RunBusy)
	}
	begun.Close()
	if again, err := Resume(begun.Path); err != nil {
		t.Errorf("once it is let go: %v", err)
	} else {
		again.Close()
	}
}

// What is held back is measured by its split, and each gets its own figures.
func TestValidation(t *testing.T) {
	job := descending(1, 2)
	job.Data.Validation = numbers(10, 20, 30)
	final, err := runIn(t, job, create(t, filepath.Join(t.TempDir(), "run")), 0)
	if err != nil {
		t.Fatal(err)
	}
	ratio := float64(final.Validation["loss"] / final.Test["loss"])
	if want := (10 + 20 + 30) / 3.0 / (91 / 7.0); math.Abs(ratio-want) > 1e-5 {
		t.Errorf("validation and test loss are as %v to 1, want %v", ratio, want)
	}
}

// A run whose length is said in steps is measured although no epoch ends.
func TestLongEpochIsMeasured(t *testing.T) {
	folder := create(t, filepath.Join(t.TempDir(), "run"))
	job := descending(make([]float32, 1000)...)
	job.Steps, job.Epochs = 40, 0
	if _, err := runIn(t, job, folder, 0); err != nil {
		t.Fatal(err)
	}
	var measured []int
	for _, m := range timeless(t, folder) {
		if m.Split == SplitTest {
			measured = append(measured, m.Step)
		}
	}
	if want := []int{4, 8, 12, 16, 20, 24, 28, 32, 36, 40}; !slices.Equal(measured, want) {
		t.Errorf("it was measured behind the steps %v, want %v", measured, want)
	}
}

// A run is saved between measurements where that is asked for, and goes on from
// there to the same bytes.
func TestSaveSteps(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps int
		time  time.Duration
		saves bool
	}{{"by steps", 2, 0, true}, {"by time", 0, 1, true}, {"not", 0, 0, false}} {
		folder := create(t, filepath.Join(t.TempDir(), "run"))
		job := descending(make([]float32, 10)...)
		job.Epochs, job.SaveSteps, job.SaveTime = 1, c.steps, c.time
		isSaved := false
		r, err := Bind(job)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Run(t.Context(), folder, stepping(func(step int) {
			if _, err := os.Stat(folder.File(StateFile)); step == 3 && err == nil {
				isSaved = true
			}
		}))
		if r.Close(); err != nil || isSaved != c.saves {
			t.Errorf("%s: saved before step 3: %v, want %v (%v)", c.name, isSaved, c.saves, err)
		}
	}
}

// stepping is a watcher of steps alone.
type stepping func(step int)

func (s stepping) Stepped(step int, _ float64) { s(step) }
func (stepping) Measured(int, []Metric)        {}

func TestHoldData(t *testing.T) {
	began := &Record{Data: []DataFile{{"a", "1"}, {"b", "2"}}}
	for _, c := range []struct {
		name string
		now  []DataFile
		fits bool
	}{
		{"the same", []DataFile{{"a", "1"}, {"b", "2"}}, true},
		{"moved", []DataFile{{"elsewhere/a", "1"}, {"b", "2"}}, true},
		{"changed", []DataFile{{"a", "1"}, {"b", "3"}}, false},
	} {
		if err := began.HoldData(&Record{Data: c.now}); (err == nil) != c.fits {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// staged is a run of two trainings: the second goes on with the weight of the
// first, in larger steps on other numbers.
func staged() []*Training {
	first, second := descending(1, -2, 3, -4), descending(5, 6, 7)
	first.Stage, second.Stage = "one", "two"
	second.Epochs = 2
	return []*Training{first, second}
}

// Stages run one after another on the same weights, and a run that is cut in either
// of them goes on to the same bytes.
func TestStages(t *testing.T) {
	run := func(folder *Folder, stopAt int) (*Final, error) {
		r, err := Bind(staged()...)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		return r.Run(ctx, folder, &watch{stopAt: stopAt, stop: stop})
	}
	whole := create(t, filepath.Join(t.TempDir(), "whole"))
	final, err := run(whole, 0)
	const steps = 3*2 + 2*1
	if err != nil || final.Steps != steps {
		t.Fatalf("got %+v, %v, want %d steps", final, err, steps)
	}
	alone := create(t, filepath.Join(t.TempDir(), "alone"))
	if _, err := runIn(t, staged()[0], alone, 0); err != nil {
		t.Fatal(err)
	}
	figures := timeless(t, whole)
	last := slices.IndexFunc(figures, func(m Metric) bool { return m.Stage == "two" })
	if diff := cmp.Diff(timeless(t, alone), figures[:last]); diff != "" {
		t.Errorf("the first stage alone -, in the run +\n%s", diff)
	}
	if m := figures[last]; m.Step != 7 || m.Epoch != 1 {
		t.Errorf("the second stage begins with %+v, want step 7", m)
	}
	for at := 1; at < steps; at++ {
		cut := create(t, filepath.Join(t.TempDir(), "cut"))
		if _, err := run(cut, at); !errors.Is(err, context.Canceled) {
			t.Fatalf("step %d: got %v, want that it was cut", at, err)
		}
		resumed, err := Resume(cut.Path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run(resumed, 0); err != nil {
			t.Fatal(err)
		}
		resumed.Close()
		if !bytes.Equal(read(t, whole.File(StateFile)), read(t, cut.File(StateFile))) {
			t.Errorf("cut behind step %d: the state differs from that of the whole run", at)
		}
		if diff := cmp.Diff(figures, timeless(t, cut)); diff != "" {
			t.Errorf("cut behind step %d: figures of the whole run -, of the resumed one +\n%s", at, diff)
		}
	}
}
