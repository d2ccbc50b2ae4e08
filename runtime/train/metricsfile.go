package train

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"slices"

	"ncd/runtime/fault"
	"ncd/runtime/weights"
)

// ReadMetrics reads the figures of a run. A last line that is not whole, as a run
// leaves it that was killed, is left out.
func ReadMetrics(path string) ([]Metric, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.New(BadRun, path, "cannot be read: %v", err).Because(err)
	}
	defer file.Close()
	var figures []Metric
	lines := bufio.NewReader(file)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return figures, nil
		}
		if err != nil {
			return nil, fault.New(BadRun, path, "cannot be read: %v", err).Because(err)
		}
		var m Metric
		if err := json.Unmarshal(line, &m); err != nil {
			return nil, fault.New(BadRun, path, "line %d is damaged: %v", number, err).Because(err)
		}
		figures = append(figures, m)
	}
}

// cutMetrics takes the lines out that were written behind a step, and returns when
// the last of the others was.
func cutMetrics(path string, step int) (seconds float64, err error) {
	figures, err := ReadMetrics(path)
	if err != nil {
		return 0, err
	}
	behind := slices.IndexFunc(figures, func(m Metric) bool { return m.Step > step })
	if behind >= 0 {
		figures = figures[:behind]
	}
	if len(figures) > 0 {
		seconds = figures[len(figures)-1].Seconds
	}
	return seconds, weights.Replace(path, func(w io.Writer) error {
		for _, m := range figures {
			if err := writeMetric(w, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeMetric(w io.Writer, m Metric) error { return json.NewEncoder(w).Encode(m) }

// metrics opens the figures of a run to add to those of the steps that are done, and
// returns when the last of these was.
func (f *Folder) metrics(done int) (log *metricsLog, seconds float64, err error) {
	if f.isUnkept {
		return &metricsLog{}, 0, nil
	}
	path := f.File(MetricsFile)
	if seconds, err = cutMetrics(path, done); err != nil {
		return nil, 0, err
	}
	log, err = openMetrics(path)
	return log, seconds, err
}

// metricsLog adds lines to the figures of a run.
type metricsLog struct {
	file *os.File     // nil: they are kept nowhere
	text bytes.Buffer // of lines that belong together
}

func openMetrics(path string) (*metricsLog, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return nil, unwritable(path, err)
	}
	return &metricsLog{file: file}, nil
}

// write adds some lines at once.
func (l *metricsLog) write(figures []Metric) error {
	if l.file == nil {
		return nil
	}
	l.text.Reset()
	for _, m := range figures {
		if err := writeMetric(&l.text, m); err != nil {
			return err
		}
	}
	if _, err := l.file.Write(l.text.Bytes()); err != nil {
		return unwritable(l.file.Name(), err)
	}
	return nil
}

func (l *metricsLog) close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
