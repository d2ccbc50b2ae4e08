package opaque

import (
	"encoding/binary"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain is the tests, or where the environment says so one of the programs that they
// speak to.
func TestMain(m *testing.M) {
	if kind := os.Getenv("NCD_OPAQUE_TEST"); kind != "" {
		answer(kind)
		return
	}
	os.Exit(m.Run())
}

// answer doubles the first numbers of each example, or does what no program should.
func answer(kind string) {
	for {
		head := make([]byte, 16)
		if _, err := io.ReadFull(os.Stdin, head); err != nil {
			return
		}
		n := binary.LittleEndian.Uint32(head[4:])
		from, to := binary.LittleEndian.Uint32(head[8:]), binary.LittleEndian.Uint32(head[12:])
		body := make([]byte, 4*n*from)
		io.ReadFull(os.Stdin, body)
		reply := make([]byte, 12+4*n*to)
		copy(reply, "NCD1")
		binary.LittleEndian.PutUint32(reply[4:], n)
		binary.LittleEndian.PutUint32(reply[8:], to)
		for e := range n {
			for i := range to {
				x := math.Float32frombits(binary.LittleEndian.Uint32(body[4*(e*from+i):]))
				binary.LittleEndian.PutUint32(reply[12+4*(e*to+i):], math.Float32bits(2*x))
			}
		}
		switch kind {
		case "dies":
			os.Stderr.WriteString("out of paper")
			os.Exit(1)
		case "short":
			os.Stdout.Write(reply[:14])
			return
		case "nonsense":
			reply[0] = '?'
		case "sizes":
			binary.LittleEndian.PutUint32(reply[8:], to+1)
		case "late":
			time.Sleep(time.Minute)
		}
		os.Stdout.Write(reply)
	}
}

func opened(t *testing.T, kind string) Function {
	t.Helper()
	t.Setenv("NCD_OPAQUE_TEST", kind)
	isAllowed.Store(true)
	t.Cleanup(func() { isAllowed.Store(false) })
	f, end, err := Open(os.Args[0], 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	return f
}

func TestProgramAnswers(t *testing.T) {
	f := opened(t, "doubles")
	for range 3 {
		out := make([]float32, 4)
		if err := f(2, []float32{1, 2, 3, 4, 5, 6}, out); err != nil {
			t.Fatal(err)
		}
		if want := [4]float32{2, 4, 8, 10}; [4]float32(out) != want {
			t.Errorf("got %v, want %v", out, want)
		}
	}
}

func TestProgramsThatFail(t *testing.T) {
	patience = 300 * time.Millisecond
	t.Cleanup(func() { patience = 30 * time.Second })
	for kind, want := range map[string]string{
		"dies": "it said: out of paper", "short": "its answer is short", "nonsense": "is no frame",
		"sizes": "was asked for 1 of 2", "late": "gives no answer within 300ms",
	} {
		t.Run(kind, func(t *testing.T) {
			f, out := opened(t, kind), []float32{7, 7}
			err := f(1, []float32{1, 2, 3}, out)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want an error with %q", err, want)
			}
			if again := f(1, []float32{1, 2, 3}, out); again == nil || out[0] != 7 {
				t.Errorf("then it answers %v, %v", out, again)
			}
		})
	}
}

func TestProgramsMustBeAllowed(t *testing.T) {
	if _, _, err := Open("rm", 1, 1); err == nil || !strings.Contains(err.Error(), "--allow-run") {
		t.Errorf("got %v", err)
	}
	isAllowed.Store(true)
	t.Cleanup(func() { isAllowed.Store(false) })
	if _, _, err := Open("there-is-no-such-program", 1, 1); err == nil {
		t.Error("a program is run that is not there")
	}
}
