package testkit

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// Link is a line to a server as an island has it. Every connection shares the
// rate. A lost segment is sent again by TCP and holds back what follows it, so
// a loss is a delay here, as it is for whoever waits for a page.
type Link struct {
	Bits  int           // per second, each way
	Delay time.Duration // one way
	Loss  float64       // share of segments that are lost
}

// Island is 50 kbit/s, a round trip of 600 ms, 5 % loss.
func Island() Link { return Link{Bits: 50_000, Delay: 300 * time.Millisecond, Loss: 0.05} }

// segment is the size of what is sent, delayed and lost together, in bytes.
const segment = 1400

// Line is a running Link. Cut makes it fail until it is mended.
type Line struct {
	link   Link
	server string
	ctx    context.Context //nolint:containedctx // ends the goroutines; owned by the test
	wg     sync.WaitGroup

	mu    sync.Mutex
	free  [2]time.Time // when each way has sent what was given to it
	cut   bool
	open  map[net.Conn]struct{}
	dice  *rand.Rand
	trial time.Duration // that TCP waits for an acknowledgement
}

// Through opens a line to a server's host and port and returns it with the
// address that leads through it. It ends with the test.
func (l Link) Through(t testing.TB, server string) (*Line, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	line := &Line{link: l, server: server, ctx: ctx, open: map[net.Conn]struct{}{}, dice: rand.New(rand.NewPCG(1, 2)), trial: 4 * l.Delay}
	line.wg.Go(func() { line.accept(listener) })
	t.Cleanup(func() {
		cancel()
		listener.Close()
		line.Cut()
		line.wg.Wait()
	})
	return line, "http://" + listener.Addr().String()
}

// Cut ends every connection and lets none through.
func (l *Line) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	for c := range l.open {
		c.Close()
	}
}

// Mend lets connections through again.
func (l *Line) Mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = false
}

func (l *Line) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		l.wg.Go(func() { l.join(conn) })
	}
}

// join carries one connection, both ways, until either side ends it.
func (l *Line) join(client net.Conn) {
	defer client.Close()
	server, err := (&net.Dialer{}).DialContext(l.ctx, "tcp", l.server)
	if err != nil {
		return
	}
	defer server.Close()
	if !l.enter(client, server) {
		return
	}
	defer l.leave(client, server)
	l.wait(time.Now().Add(2 * l.link.Delay)) // the handshake
	var ways sync.WaitGroup
	for i, way := range [2][2]net.Conn{{client, server}, {server, client}} {
		ways.Go(func() {
			l.carry(i, way[0], way[1])
			client.Close()
			server.Close()
		})
	}
	ways.Wait()
}

func (l *Line) enter(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return false
	}
	for _, c := range conns {
		l.open[c] = struct{}{}
	}
	return true
}

func (l *Line) leave(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		delete(l.open, c)
	}
}

// parcel is a segment on its way, with when it arrives.
type parcel struct {
	data []byte
	at   time.Time
}

// carry moves bytes one way: each segment takes its time on the line and then
// its delay, and none overtakes another.
func (l *Line) carry(way int, from, to net.Conn) {
	parcels := make(chan parcel, 64)
	l.wg.Go(func() {
		defer close(parcels)
		last := time.Time{}
		for {
			data := make([]byte, segment)
			n, err := from.Read(data)
			if n > 0 {
				if at := l.schedule(way, n); at.After(last) {
					last = at
				}
				select {
				case parcels <- parcel{data[:n], last}:
				case <-l.ctx.Done():
					return
				}
			}
			if err != nil {
				return
			}
		}
	})
	for p := range parcels {
		if !l.wait(p.at) {
			return
		}
		if _, err := to.Write(p.data); err != nil && !errors.Is(err, io.EOF) {
			return
		}
	}
}

// schedule says when a segment of n bytes arrives.
func (l *Line) schedule(way, n int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.free[way].Before(now) {
		l.free[way] = now
	}
	l.free[way] = l.free[way].Add(time.Duration(n) * 8 * time.Second / time.Duration(max(l.link.Bits, 1)))
	at := l.free[way].Add(l.link.Delay)
	if l.dice.Float64() < l.link.Loss {
		at = at.Add(l.trial)
	}
	return at
}

// wait waits for a moment, and reports false when the test ended first.
func (l *Line) wait(until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.ctx.Done():
		return false
	}
}
