package live

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

var (
	errSlow     = errors.New("the client takes in too little")
	errFinished = errors.New("goodbye was said")
)

// lingerFor is how long a client may take to answer a goodbye.
const lingerFor = time.Second

// drainChunk is what a client must take in within Options.Write.
const drainChunk = 4 << 10

// wire is a connection that several may write to and that makes none of them
// wait. What the kernel does not take at once stands in a bounded backlog; the
// goroutine that empties it lives only as long. A client for whom the backlog
// is too small is cut off: it comes back with its last seq.
type wire struct {
	net.Conn
	raw syscall.RawConn // nil: everything goes through the backlog
	hub *Hub

	mu      sync.Mutex
	backlog []byte
	drained chan struct{} // nil: nothing is waiting
	err     error         // set: closed
}

// newWire wraps a connection; direct writes need one that is the kernel's.
func newWire(conn net.Conn, h *Hub) *wire {
	w := &wire{Conn: conn, hub: h}
	if tcp, ok := conn.(*net.TCPConn); ok && canWriteDirectly {
		if raw, err := tcp.SyscallConn(); err == nil {
			w.raw = raw
		}
	}
	return w
}

// send writes b or leaves it in the backlog. It keeps nothing of b. Who sends
// need not look at the error: the reader of a closed wire ends by itself.
func (w *wire) send(b []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if w.drained == nil && w.raw != nil {
		n, err := writeDirectly(w.raw, b)
		if err != nil {
			return w.fail(err)
		}
		b = b[n:]
	}
	if len(b) == 0 {
		return nil
	}
	if len(w.backlog)+len(b) > w.hub.opt.Backlog {
		return w.fail(errSlow)
	}
	w.backlog = append(w.backlog, b...)
	if w.drained == nil {
		if !w.hub.begin() {
			return w.fail(net.ErrClosed)
		}
		w.drained = make(chan struct{})
		go w.drain()
	}
	return nil
}

func (w *wire) drain() {
	defer w.hub.wg.Done()
	for {
		b, done := w.next()
		if done {
			return
		}
		err := w.Conn.SetWriteDeadline(time.Now().Add(w.hub.opt.Write))
		n := 0
		if err == nil {
			n, err = w.Conn.Write(b)
		}
		w.wrote(n, err)
	}
}

// next returns what is to be written now.
func (w *wire) next() (b []byte, done bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.backlog) > 0 && w.err == nil {
		return w.backlog[:min(len(w.backlog), drainChunk)], false
	}
	w.backlog = nil
	close(w.drained)
	w.drained = nil
	if w.err == nil { // or the next direct write would meet an old deadline
		if err := w.Conn.SetWriteDeadline(time.Time{}); err != nil {
			_ = w.fail(err)
		}
	}
	return nil, true
}

func (w *wire) wrote(n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.backlog = w.backlog[n:]
	if err != nil && w.err == nil {
		_ = w.fail(err)
	}
}

// idle is closed once the backlog is empty; nil when it is.
func (w *wire) idle() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.drained
}

// fail closes the connection; mu is held.
func (w *wire) fail(err error) error {
	w.err = err
	_ = w.Conn.Close() // nothing can be done about a socket that does not close
	return err
}

// Write is for the handshake and control frames of the library.
func (w *wire) Write(b []byte) (int, error) {
	if err := w.send(b); err != nil {
		return 0, err
	}
	return len(b), nil
}

// SetWriteDeadline does nothing: no write waits, and the library's deadlines
// would outlast its writes.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// finish sends a last frame and then nothing more. The client has a moment to
// answer, for whoever closes with bytes unread makes the frame be lost.
func (w *wire) finish(last []byte) {
	if w.send(last) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	half, ok := w.Conn.(interface{ CloseWrite() error })
	if w.err != nil || !ok || w.drained != nil || half.CloseWrite() != nil || w.Conn.SetReadDeadline(time.Now().Add(lingerFor)) != nil {
		_ = w.fail(net.ErrClosed)
		return
	}
	w.err = errFinished
}

// finished reports whether all that will be sent was sent.
func (w *wire) finished() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err != nil
}

// Close closes the connection. What waits is not sent any more.
func (w *wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil && !errors.Is(w.err, errFinished) {
		return nil
	}
	_ = w.fail(net.ErrClosed)
	return nil
}
