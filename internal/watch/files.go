package watch

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify" // the system's own news of changed files, on each system its own
)

// settling is how long a folder must be quiet before it is looked at: editors write a file
// in several steps.
const settling = 40 * time.Millisecond

// Changes tells when a file of an ending changes in a folder, until the context
// ends. It is the folder that is watched: many editors put a new file in the place of the
// old one. It errs where the system cannot watch the folder.
func Changes(ctx context.Context, folder, ending string) (<-chan struct{}, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	if err := watcher.Add(folder); err != nil {
		watcher.Close()
		return nil, fmt.Errorf("watching %s: %w", folder, err)
	}
	changes := make(chan struct{}, 1)
	go tell(ctx, watcher, ending, changes)
	return changes, nil
}

func tell(ctx context.Context, watcher *fsnotify.Watcher, ending string, changes chan<- struct{}) {
	defer watcher.Close()
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-watcher.Events:
			if !ok {
				return
			}
			if filepath.Ext(e.Name) == ending && !e.Has(fsnotify.Chmod) {
				quiet.Reset(settling)
			}
		case <-watcher.Errors: // news were lost: look again
			quiet.Reset(settling)
		case <-quiet.C:
			select {
			case changes <- struct{}{}:
			default:
			}
		}
	}
}
