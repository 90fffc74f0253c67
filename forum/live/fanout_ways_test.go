package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
)

// plain writes the bytes of the frames to bare connections, with as many
// goroutines as there are cores: what the kernel alone costs.
type plain struct {
	mu     sync.Mutex
	shards []*plainShard
	next   int
}

type plainShard struct {
	mu      sync.Mutex
	conns   []net.Conn
	pending []byte
	wake    chan struct{}
}

func newPlain() *plain {
	p := &plain{}
	for range runtime.GOMAXPROCS(0) {
		s := &plainShard{wake: make(chan struct{}, 1)}
		p.shards = append(p.shards, s)
		go s.run()
	}
	return p
}

func (p *plain) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	if _, err := fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\n\r\n"); err != nil {
		panic(err)
	}
	p.mu.Lock()
	s := p.shards[p.next%len(p.shards)]
	p.next++
	p.mu.Unlock()
	s.mu.Lock()
	s.conns = append(s.conns, conn)
	s.mu.Unlock()
}

func (p *plain) publish(_ context.Context, events []forum.Event) error {
	for _, s := range p.shards {
		s.mu.Lock()
		for _, e := range events {
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			s.pending = append(append(s.pending, 0x81, byte(len(text))), text...)
		}
		s.mu.Unlock()
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	return nil
}

func (s *plainShard) run() {
	for range s.wake {
		s.mu.Lock()
		pending, conns := s.pending, s.conns
		s.pending = nil
		s.mu.Unlock()
		for _, conn := range conns {
			_, _ = conn.Write(pending) // a client that has gone is noticed by the client process
		}
	}
}

// example is the chat example of the library: two goroutines, a queue and a
// ticker for each client.
type example struct {
	mu       sync.Mutex
	clients  map[chan []byte]struct{}
	upgrader websocket.Upgrader
}

func newExample() *example {
	return &example{
		clients:  map[chan []byte]struct{}{},
		upgrader: websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024},
	}
}

func (e *example) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := e.upgrader.Upgrade(w, r, nil)
	if err != nil {
		panic(err)
	}
	send := make(chan []byte, 256)
	e.mu.Lock()
	e.clients[send] = struct{}{}
	e.mu.Unlock()
	go writeExample(conn, send)
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
}

func (e *example) publish(_ context.Context, events []forum.Event) error {
	for _, one := range events {
		text, err := json.Marshal(one)
		if err != nil {
			return err
		}
		e.mu.Lock()
		for send := range e.clients {
			send <- text
		}
		e.mu.Unlock()
	}
	return nil
}

func writeExample(conn *websocket.Conn, send chan []byte) {
	const wait, period = 10 * time.Second, 54 * time.Second
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		var err error
		select {
		case text := <-send:
			err = writeQueued(conn, send, text, wait)
		case <-ticker.C:
			err = conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(wait))
		}
		if err != nil {
			return
		}
	}
}

func writeQueued(conn *websocket.Conn, send chan []byte, text []byte, wait time.Duration) error {
	if err := conn.SetWriteDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	w, err := conn.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	for range len(send) {
		if _, err := w.Write(append([]byte("\n"), <-send...)); err != nil {
			return err
		}
	}
	return w.Close()
}
