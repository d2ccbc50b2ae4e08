package train

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ncd/runtime/fault"
)

// files are all that a run folder holds.
var files = []string{WeightsFile, StateFile, MetricsFile, RecordFile, CurvesFile}

// isUnfinished reports whether a name is that of a file which weights.Replace began
// and, since its process was killed, did not put in its place.
func isUnfinished(name string) bool {
	return slices.ContainsFunc(files, func(file string) bool { return strings.HasPrefix(name, "."+file+".") })
}

// sweep takes away what killed processes left in a folder that is held.
func (f *Folder) sweep() error {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return unwritable(f.Path, err)
	}
	for _, e := range entries {
		if !isUnfinished(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(f.Path, e.Name())); err != nil {
			return unwritable(f.Path, err)
		}
	}
	return nil
}

// holdEmpty holds that a folder has nothing in it that somebody may want.
func (f *Folder) holdEmpty() error {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return unwritable(f.Path, err)
	}
	for _, e := range entries {
		if isUnfinished(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && info.Size() == 0 && (e.Name() == MetricsFile || e.Name() == lockFile) {
			continue // of a run that was killed before it was recorded; or what holds the folder now
		}
		return fault.New(FolderTaken, f.Path, "the folder is not empty: it holds `%s`", e.Name()).
			Mend("go on with the run in it: --resume %s; or choose another folder with -o", f.Path)
	}
	return nil
}

// lockFile is what holds a folder on systems where a folder itself cannot be held.
const lockFile = "lock"
