package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/sys/cpu"
)

// version prints what the binary is and what it can use of the processor.
func (s *session) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print version, Go version, and processor features in use",
		Example: "  ncd version --json",
		Args:    wants(0, 0, "no words"),
		RunE: func(*cobra.Command, []string) error {
			if s.isJSON {
				return s.put(map[string]any{
					"version": release(), "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH, "features": features(),
				})
			}
			_, err := fmt.Fprintln(s.Out, versionText())
			return err
		},
	}
}

// versionText is what to say when something is reported.
func versionText() string {
	return fmt.Sprintf("ncd %s %s %s/%s %v", release(), runtime.Version(), runtime.GOOS, runtime.GOARCH, features())
}

// release is the module's version, or the commit it was built at.
func release() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value[:min(12, len(setting.Value))]
		}
	}
	return "devel"
}

// features are those of the processor that kernels are written for.
func features() []string {
	list := []string{}
	for _, f := range []struct {
		name string
		has  bool
	}{{"avx2", cpu.X86.HasAVX2}, {"fma", cpu.X86.HasFMA}, {"avx512f", cpu.X86.HasAVX512F}} {
		if f.has {
			list = append(list, f.name)
		}
	}
	return list
}
