package live

import (
	"net"
	"net/http"
	"sync"
)

// seats counts the open sockets, in all and by whose they are, and refuses
// those that are too many.
type seats struct {
	all, each int // at most

	mu    sync.Mutex
	taken int
	by    map[string]int
}

func newSeats(all, each int) *seats { return &seats{all: all, each: each, by: map[string]int{}} }

func (s *seats) take(whose string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken >= s.all || s.by[whose] >= s.each {
		return false
	}
	s.taken++
	s.by[whose]++
	return true
}

func (s *seats) free(whose string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken--
	if s.by[whose]--; s.by[whose] == 0 {
		delete(s.by, whose)
	}
}

func (s *seats) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken
}

func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
