// Package watch serves a page with a figure that follows a file: whenever the file
// changes it is drawn anew, and the page shows the figure and what is said of the
// program. While the program is wrong the last figure that could be drawn stays, with the
// faults marked on it.
//
// In goes a function that draws; out come a handler for HTTP and a loop that watches
// files. The page is told by server-sent events. Only pages of this server's own address
// are answered, so that no other page a browser has open can read the program.
//
// It knows nothing of diagrams, and does not draw: Graphviz keeps memory with each figure,
// so that whoever draws for hours does it in a process that ends.
package watch

import (
	"context"
	"sync"
)

// Shot is what one look at the file gave.
type Shot struct {
	Text   string // of the program
	Figure string // SVG whose marks know their lines as data-line; "": it could not be drawn
	Said   []Said
}

// Said is one diagnostic.
type Said struct {
	Line    int // of the file that is watched, from 1; 0: of none
	IsFault bool
	Text    string // as the command prints it
}

// view is what the page shows, as it is told it.
type view struct {
	Figure string `json:"figure"`
	Said   []line `json:"said"`
	Stale  bool   `json:"stale"` // the figure is of an earlier text
}

// line is a diagnostic as the page shows it. Mark is the line of the figure's own text
// that it is about, or 0.
type line struct {
	Text    string `json:"text"`
	Mark    int    `json:"mark"`
	IsFault bool   `json:"fault"`
}

// Server holds what the page shows, and tells the pages that are open.
type Server struct {
	title string

	mu      sync.Mutex
	now     view
	good    string // the text that the figure is of
	version int
	pages   map[chan struct{}]bool
}

// New is a server that has nothing to show yet. The title is that of the page.
func New(title string) *Server {
	return &Server{title: title, pages: map[chan struct{}]bool{}}
}

// Show puts a shot on the page. A shot without a figure leaves the last one there.
func (s *Server) Show(shot Shot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if shot.Figure != "" {
		s.now.Figure, s.good = shot.Figure, shot.Text
	}
	s.now.Stale = shot.Figure == ""
	s.now.Said = make([]line, len(shot.Said))
	for i, said := range shot.Said {
		s.now.Said[i] = line{Text: said.Text, IsFault: said.IsFault, Mark: earlier(s.good, shot.Text, said.Line)}
	}
	s.version++
	for page := range s.pages {
		select {
		case page <- struct{}{}:
		default: // it has not yet shown the one before, and will see this one instead
		}
	}
}

// state is what the page shows, and which one it is.
func (s *Server) state() (view, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now, s.version
}

// Follow draws at once and after each change, until the context ends. Changes that come
// while a figure is drawn are drawn together.
func (s *Server) Follow(ctx context.Context, changes <-chan struct{}, draw func(context.Context) Shot) {
	for {
		shot := draw(ctx)
		if ctx.Err() != nil {
			return
		}
		s.Show(shot)
		select {
		case <-ctx.Done():
			return
		case <-changes:
		}
	}
}
