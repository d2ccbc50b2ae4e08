package opaque

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os/exec"
	"strings"
	"time"

	"ncd/runtime/fault"
)

const magic = "NCD1"

// patience is how long a program has for one answer.
var patience = 30 * time.Second

// program is a running program.
type program struct {
	name     string
	from, to int
	command  *exec.Cmd
	in       io.WriteCloser
	out      io.ReadCloser
	said     bytes.Buffer // on its standard error
	failed   error
}

func start(name string, from, to int) (*program, error) {
	words := strings.Fields(name)
	if len(words) == 0 {
		return nil, fault.New(fault.BadProgram, "", "an opaque box names no program")
	}
	p := &program{name: name, from: from, to: to, command: exec.Command(words[0], words[1:]...)}
	p.command.Stderr = &p.said
	var err error
	if p.in, err = p.command.StdinPipe(); err == nil {
		p.out, err = p.command.StdoutPipe()
	}
	if err == nil {
		err = p.command.Start()
	}
	if err != nil {
		return nil, fault.New(fault.BadProgram, "", "the program %q of an opaque box cannot be started: %v", name, err).Because(err)
	}
	return p, nil
}

// call sends a request and reads the answer. After an error the program is ended, and
// every further call has that error.
func (p *program) call(batch int, in, out []float32) error {
	if p.failed != nil {
		return p.failed
	}
	done := make(chan error, 1)
	answer := make([]float32, len(out))
	go func() { done <- p.exchange(batch, in, answer) }()
	select {
	case err := <-done:
		if err == nil {
			copy(out, answer)
			return nil
		}
		p.fail(err.Error())
	case <-time.After(patience):
		p.fail(fmt.Sprintf("gives no answer within %v", patience))
	}
	return p.failed
}

// fail ends the program, and keeps why.
func (p *program) fail(why string) {
	p.end()
	if said := strings.TrimSpace(p.said.String()); said != "" {
		why += "; it said: " + said
	}
	p.failed = fault.New(fault.BadProgram, "", "the program %q of an opaque box %s", p.name, why)
}

// end closes the program's input, and stops it where it does not end by itself.
func (p *program) end() {
	p.in.Close()
	stop := time.AfterFunc(time.Second, func() { p.command.Process.Kill() })
	p.command.Wait()
	stop.Stop()
}

func (p *program) exchange(batch int, in, out []float32) error {
	request := append([]byte(magic), make([]byte, 12+4*len(in))...)
	for i, n := range []int{batch, p.from, p.to} {
		binary.LittleEndian.PutUint32(request[4+4*i:], uint32(n))
	}
	for i, x := range in {
		binary.LittleEndian.PutUint32(request[16+4*i:], math.Float32bits(x))
	}
	if _, err := p.in.Write(request); err != nil {
		return fmt.Errorf("has died: %w", err)
	}
	head := make([]byte, 12)
	if _, err := io.ReadFull(p.out, head); err != nil {
		return fmt.Errorf("has died: its answer has no head: %w", err)
	}
	n, to := binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[8:])
	if string(head[:4]) != magic {
		return fmt.Errorf("answers %q, which is no frame", head)
	}
	if int(n) != batch || int(to) != p.to {
		return fmt.Errorf("answers %d examples of %d numbers, and was asked for %d of %d", n, to, batch, p.to)
	}
	body := make([]byte, 4*len(out))
	if _, err := io.ReadFull(p.out, body); err != nil {
		return fmt.Errorf("has died: its answer is short: %w", err)
	}
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:]))
	}
	return nil
}
