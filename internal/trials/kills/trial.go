package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// trial is what all runs are compared with, and how they are made.
type trial struct {
	command, program, folder string

	chance  *chance
	outcome outcome
	whole   map[string]string // contents of the folder that was never killed, by name
	start   time.Duration     // of a run, until its folder is there
	train   time.Duration     // from there to the end
}

// measure makes the run that is never killed, and says how long it takes.
func (t *trial) measure() error {
	folder := filepath.Join(t.folder, "whole")
	began := time.Now()
	p, err := t.begin(folder)
	if err != nil {
		return err
	}
	p.waitFor(folder)
	t.start = time.Since(began)
	if err := p.end(); err != nil {
		return err
	}
	t.train = time.Since(began) - t.start
	t.whole, err = contents(folder)
	return err
}

// once makes a run that is killed once or more often, goes on with it to its end, and
// compares.
func (t *trial) once() (r result) {
	number := t.chance.number()
	folder := filepath.Join(t.folder, fmt.Sprint("run-", number))
	for isFirst := true; isFirst || t.chance.coin(); isFirst = false {
		p, err := t.begin(folder)
		if err != nil {
			r.fault = err
			return r
		}
		if t.chance.coin() || t.chance.coin() {
			p.waitFor(folder)
			p.waitUntil(t.chance.within(t.train))
		} else {
			p.waitUntil(t.chance.within(t.start + t.train))
		}
		isKilled, err := p.kill()
		if err != nil {
			r.fault = fmt.Errorf("%s: %w", folder, err)
			return r
		}
		if !isKilled {
			r.late++
			break
		}
		r.kills[momentOf(folder)]++
	}
	if r.fault = t.goOn(folder); r.fault == nil {
		os.RemoveAll(folder)
	}
	return r
}

// goOn takes a run to its end, and compares it.
func (t *trial) goOn(folder string) error {
	p, err := t.begin(folder)
	if err != nil {
		return err
	}
	if err := p.end(); err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	held, err := contents(folder)
	if err != nil {
		return err
	}
	for name := range held {
		if _, isMeant := t.whole[name]; !isMeant {
			return fmt.Errorf("%s: %s is left over", folder, name)
		}
	}
	for name, want := range t.whole {
		if held[name] != want {
			return fmt.Errorf("%s: %s differs from that of the run that was never killed", folder, name)
		}
	}
	return nil
}

// begin starts a run, or goes on with it where it was recorded.
func (t *trial) begin(folder string) (*process, error) {
	words := []string{"train", t.program, "--checkpoint", "7", "--threads", "1"}
	if momentOf(folder) == beforeRecord {
		words = append(words, "-o", folder)
	} else {
		words = append(words, "--resume", folder)
	}
	p := &process{cmd: exec.Command(t.command, words...), ended: make(chan error, 1)}
	p.cmd.Stderr = &p.said
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.ended <- p.cmd.Wait() }()
	return p, nil
}

// process is a run of the command.
type process struct {
	cmd   *exec.Cmd
	said  bytes.Buffer
	ended chan error
}

// waitFor waits until there is a file, or the process has ended.
func (p *process) waitFor(path string) {
	for len(p.ended) == 0 {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// waitUntil lets the process run for a time, unless it ends.
func (p *process) waitUntil(after time.Duration) {
	for due := time.Now().Add(after); len(p.ended) == 0 && time.Now().Before(due); {
		time.Sleep(100 * time.Microsecond)
	}
}

// kill ends the process at once. It says that it did not if the process had ended well
// by then, and errs if it had ended badly.
func (p *process) kill() (isKilled bool, err error) {
	_ = p.cmd.Process.Kill() // fails where it has ended
	err = <-p.ended
	var exit *exec.ExitError
	if errors.As(err, &exit) && !exit.Exited() {
		return true, nil
	}
	return false, p.told(err)
}

// end waits for the end of the process, which must be a good one.
func (p *process) end() error { return p.told(<-p.ended) }

func (p *process) told(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w\n%s", strings.Join(p.cmd.Args, " "), err, p.said.Bytes())
}

// seconds are the part of figures that tells the time.
var seconds = regexp.MustCompile(`"seconds":[^,}]*`)

// contents are the files of a run folder that do not depend on time, by name, and the
// names of the others.
func contents(folder string) (map[string]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	held := map[string]string{}
	timed := []string{"run.json", "curves.svg"}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		if slices.Contains(timed, e.Name()) {
			text = nil
		}
		held[e.Name()] = string(seconds.ReplaceAll(text, nil))
	}
	return held, nil
}
