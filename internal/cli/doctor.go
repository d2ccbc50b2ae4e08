package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"ncd/runtime/kernel"
	"ncd/runtime/train"
)

// doctor tells what the machine offers, and what of it ncd uses.
func (s *session) doctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Tell what this machine offers: processor, threads, memory, cache and data folders",
		Long: `Tell what this machine offers: processor, threads, memory, cache and data folders.

What hinders ncd is told with the mend. This is what to put into a report of a fault.`,
		Example: "  ncd doctor --json",
		Args:    wants(0, 0, "no words"),
		RunE: func(*cobra.Command, []string) error {
			m := examine()
			if s.isJSON {
				return s.put(m)
			}
			_, err := fmt.Fprint(s.Out, m)
			return err
		},
	}
}

// findings are what a machine offers.
type findings struct {
	Version  string   `json:"version"`
	Go       string   `json:"go"`
	Platform string   `json:"platform"`
	Features []string `json:"features"` // of the processor
	Kernels  string   `json:"kernels"`
	Cores    int      `json:"cores"`
	Threads  int      `json:"threads"`      // that are used if nothing is said
	Memory   float64  `json:"memory_bytes"` // that is free; 0: the system does not say
	Cache    place    `json:"cache"`
	Data     place    `json:"data"`
	Hinders  []string `json:"hinders"`
}

// place is a folder.
type place struct {
	Path     string `json:"path"`
	IsUsable bool   `json:"usable"`
}

// examine looks at the machine.
func examine() *findings {
	f := &findings{
		Version: release(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Features: features(),
		Kernels: kernel.Family(), Cores: runtime.NumCPU(), Threads: runtime.GOMAXPROCS(0),
		Cache: place{Path: filepath.Join(os.TempDir(), "go-graphviz")}, Data: place{Path: os.Getenv("NCD_DATA")},
		Hinders: []string{},
	}
	f.Memory, _ = train.FreeMemory()
	if err := tryToWrite(f.Cache.Path); err != nil {
		f.hinder("figures cannot keep their compiled code: %v; set TMPDIR to a folder that can be written", err)
	}
	f.Cache.IsUsable = len(f.Hinders) == 0
	if f.Data.Path != "" {
		_, err := os.ReadDir(f.Data.Path)
		if f.Data.IsUsable = err == nil; err != nil {
			f.hinder("data sets cannot be looked for where NCD_DATA says: %v", err)
		}
	}
	return f
}

func (f *findings) hinder(format string, args ...any) {
	f.Hinders = append(f.Hinders, fmt.Sprintf(format, args...))
}

// tryToWrite writes a file in a folder, or beside it where it is not there yet, and
// takes it away.
func tryToWrite(folder string) error {
	if _, err := os.Stat(folder); err != nil {
		folder = filepath.Dir(folder)
	}
	file, err := os.CreateTemp(folder, ".ncd-*")
	if err != nil {
		return err
	}
	file.Close()
	return os.Remove(file.Name())
}

// String is for people.
func (f *findings) String() string {
	var text strings.Builder
	put := func(name, format string, args ...any) {
		fmt.Fprintf(&text, "%-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	put("version", "ncd %s, %s, %s", f.Version, f.Go, f.Platform)
	put("processor", "%s", strings.Join(append(f.Features, fmt.Sprintf("%d cores", f.Cores)), ", "))
	put("kernels", "%s", f.Kernels)
	put("threads", "%d", f.Threads)
	if f.Memory > 0 {
		put("memory", "%s free", bytesText(int64(f.Memory)))
	}
	put("cache", "%s (%s)", f.Cache.Path, usableText(f.Cache.IsUsable, "can be written", "cannot be written"))
	if f.Data.Path == "" {
		put("data", "NCD_DATA is not set: beside the program, or where --data says")
	} else {
		put("data", "%s (%s)", f.Data.Path, usableText(f.Data.IsUsable, "is there", "cannot be read"))
	}
	for _, h := range f.Hinders {
		put("hinders", "%s", h)
	}
	return text.String()
}

func usableText(isUsable bool, yes, no string) string {
	if isUsable {
		return yes
	}
	return no
}
