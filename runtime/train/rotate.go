package train

import (
	"cmp"
	"fmt"
	"os"
	"slices"

	"ncd/runtime/fault"
)

// stateFile is the file of the checkpoint that is so many before the last one.
func (f *Folder) stateFile(before int) string {
	if before == 0 {
		return f.File(StateFile)
	}
	return f.File(fmt.Sprintf("state.%d.safetensors", before))
}

// states lists which checkpoints there are, the last one first. The last one, 0, is not
// among them where a process was killed while it put a new one in its place.
func (f *Folder) states() ([]int, error) {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return nil, unwritable(f.Path, err)
	}
	var list []int
	for _, e := range entries {
		before := 0
		if e.Name() != StateFile {
			if _, err := fmt.Sscanf(e.Name(), "state.%d.safetensors", &before); err != nil || f.File(e.Name()) != f.stateFile(before) || before < 1 {
				continue
			}
		}
		list = append(list, before)
	}
	slices.SortFunc(list, cmp.Compare)
	return list, nil
}

// keep puts a checkpoint in the place of the last one, and those before it one further
// back, so that so many are kept. Those that are damaged go. Whenever the process is
// killed, the checkpoint or the one before it can be found.
func (f *Folder) keep(c *checkpoint, kept int) error {
	next, err := c.prepare(f.stateFile(0))
	if err != nil {
		return err
	}
	defer next.Discard()
	for _, damaged := range f.Damaged {
		if err := os.Remove(damaged.Path); err != nil {
			return unwritable(damaged.Path, err)
		}
	}
	f.Damaged = nil
	if err := f.makeRoom(kept); err != nil {
		return err
	}
	return next.Place()
}

// makeRoom moves the checkpoints one further back, as far as the first gap, and takes
// those away that are more than are to be kept with one more.
func (f *Folder) makeRoom(kept int) error {
	list, err := f.states()
	if err != nil {
		return err
	}
	gap := 0
	for gap < len(list) && list[gap] == gap {
		gap++
	}
	gap = min(gap, kept-1)
	for _, before := range list {
		if before >= kept {
			if err := os.Remove(f.stateFile(before)); err != nil {
				return unwritable(f.stateFile(before), err)
			}
		}
	}
	for before := gap; before > 0; before-- {
		if err := os.Rename(f.stateFile(before-1), f.stateFile(before)); err != nil {
			return unwritable(f.stateFile(before), err)
		}
	}
	return nil
}

// findCheckpoint reads the last checkpoint that is whole. There is none where the run
// was cut before it was saved for the first time.
func (f *Folder) findCheckpoint() error {
	list, err := f.states()
	if err != nil {
		return err
	}
	for _, before := range list {
		f.resumed, err = readCheckpoint(f.stateFile(before))
		if err == nil {
			f.nameWholeOne()
			return nil
		}
		damage := fault.As(err)
		if damage == nil || damage.Code == fault.UnreadableFile {
			return err // it may be whole
		}
		f.Damaged = append(f.Damaged, damage)
	}
	if len(f.Damaged) > 0 {
		return f.Damaged[0].Mend("no checkpoint of the run is whole; bring the folder back from a copy, or begin the run anew with another -o")
	}
	return nil
}

// nameWholeOne says of each damaged checkpoint which one the run goes on from instead.
func (f *Folder) nameWholeOne() {
	for _, damage := range f.Damaged {
		damage.Mend("the run goes on from `%s`, behind step %d, to the same bytes; the damaged file goes when it is saved next", f.resumed.file, f.resumed.done())
	}
}
