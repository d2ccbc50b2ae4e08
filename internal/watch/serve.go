package watch

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/http"
	"strings"
	"time"
)

//go:embed page.html
var page string

// policy lets the page have its own style and script, and talk to this server alone.
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const (
	mostPages = 32               // that are told at once
	heartbeat = 15 * time.Second // between words to a page that has no news, so that one that is gone is noticed
	patience  = 10 * time.Second // for a page to take what it is told
)

// Listen opens a port of this machine that no other machine reaches; 0 is any free one.
func Listen(port int) (net.Listener, error) {
	return net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
}

// Handler answers at an address of this machine, "127.0.0.1:8080".
func (s *Server) Handler(address string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /events", s.events)
	return guarded(address, mux)
}

// guarded refuses requests that a page of another origin makes a browser send: a name
// that was made to lead here (DNS rebinding) stands in Host, another page in Origin or in
// Sec-Fetch-Site.
func guarded(address string, next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(address)
	isOwn := func(host string) bool {
		return host == address || host == "localhost:"+port || host == "127.0.0.1:"+port
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		site := r.Header.Get("Sec-Fetch-Site")
		isForeign := origin != "" && !isOwn(strings.TrimPrefix(origin, "http://")) || site == "cross-site" || site == "same-site"
		if !isOwn(r.Host) || isForeign {
			http.Error(w, "this page is of this machine alone", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, strings.ReplaceAll(page, "TITLE", html.EscapeString(s.title)))
}

// events tells a page what to show: at once, and whenever there is something new.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	news := make(chan struct{}, 1)
	if !s.admit(news) {
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer s.dismiss(news)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	shown := -1
	for {
		now, version := s.state()
		text := ": \n\n"
		if version != shown && version > 0 {
			body, err := json.Marshal(now)
			if err != nil {
				return
			}
			text, shown = fmt.Sprintf("id: %d\ndata: %s\n\n", version, body), version
		}
		out.SetWriteDeadline(time.Now().Add(patience)) // where it cannot be set, writing alone decides
		if _, err := fmt.Fprint(w, text); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-news:
		case <-beat.C:
		}
	}
}

func (s *Server) admit(news chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pages) >= mostPages {
		return false
	}
	s.pages[news] = true
	return true
}

func (s *Server) dismiss(news chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, news)
}
