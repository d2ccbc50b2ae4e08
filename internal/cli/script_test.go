package cli

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ncd": func() {
		os.Exit(Main(os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}})
}

// TestScript runs the scripts of testdata/script: one behaviour each, named for
// the subcommand. UPDATE=1 writes what they compare with.
func TestScript(t *testing.T) {
	shared := os.TempDir() // where Graphviz keeps its compiled code, which takes a second to make
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("TMPDIR", shared)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"array":   writeArray,
			"figure":  holdFigure,
			"flip":    flipByte,
			"hex":     writeHex,
			"join":    joinFiles,
			"status":  holdStatus,
			"waitfor": waitFor,
		},
	})
}

// join TO FILE... writes files one behind the other.
func joinFiles(ts *testscript.TestScript, _ bool, args []string) {
	var text strings.Builder
	for _, file := range args[1:] {
		text.WriteString(ts.ReadFile(file))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text.String()), 0o644))
}

// array FILE ROWSxCOLS NUMBER... writes an npy file.
func writeArray(ts *testscript.TestScript, _ bool, args []string) {
	var dims []int
	for word := range strings.SplitSeq(args[1], "x") {
		d, err := strconv.Atoi(word)
		ts.Check(err)
		dims = append(dims, d)
	}
	var numbers []float32
	for _, word := range args[2:] {
		x, err := strconv.ParseFloat(word, 32)
		ts.Check(err)
		numbers = append(numbers, float32(x))
	}
	ts.Check(weights.WriteArray(ts.MkAbs(args[0]), tensor.Of(numbers, nil, dims...)))
}

// hex FILE DIGITS... writes bytes.
func writeHex(ts *testscript.TestScript, _ bool, args []string) {
	bytes, err := hex.DecodeString(strings.Join(args[1:], ""))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes, 0o644))
}

// flip FILE changes the byte before the last one.
func flipByte(ts *testscript.TestScript, _ bool, args []string) {
	bytes := []byte(ts.ReadFile(args[0]))
	bytes[len(bytes)-2] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes, 0o644))
}

// figure FILE SPLIT.NAME LEAST holds that the last line of a file is the final
// JSON object, and that one of its figures is not less than wanted.
func holdFigure(ts *testscript.TestScript, _ bool, args []string) {
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	var final map[string]any
	ts.Check(json.Unmarshal([]byte(lines[len(lines)-1]), &final))
	if final["final"] != true {
		ts.Fatalf("the last line is not the final one: %s", lines[len(lines)-1])
	}
	var value any = final
	for key := range strings.SplitSeq(args[1], ".") {
		value = value.(map[string]any)[key]
	}
	least, err := strconv.ParseFloat(args[2], 64)
	ts.Check(err)
	if got, ok := value.(float64); !ok || got < least {
		ts.Fatalf("%s is %v, want at least %v", args[1], value, least)
	}
}

// status NUMBER WORD... runs ncd with the words and holds its exit status.
func holdStatus(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	failure := ts.Exec("ncd", args[1:]...)
	got := 0
	if coded, ok := failure.(interface{ ExitCode() int }); ok {
		got = coded.ExitCode()
	} else {
		ts.Check(failure)
	}
	if got != want {
		ts.Fatalf("ncd %s: exit status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// waitfor FILE [TEXT] waits until there is such a file, with the text in it.
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	text := ""
	if len(args) > 1 {
		text = args[1]
	}
	for range 1000 {
		if held, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && strings.Contains(string(held), text) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s did not appear in ten seconds", args[0])
}
