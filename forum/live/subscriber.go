package live

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
)

var errClosing = errors.New("the hub closes")

// A client has nothing to say; what it may send keeps intermediaries awake.
const inboundPerSecond, inboundBurst = 2, 20

// subscriber is one socket. Its goroutine reads; its shard writes.
type subscriber struct {
	shard  *shard
	wire   *wire
	lookup Lookup
	person int64        // 0 for a visitor
	whose  string       // seat that it takes
	heard  atomic.Int64 // when the client said anything, in nanoseconds

	// Only the reader's.
	in             intake
	buffer         [64]byte
	spent, spentAt int64

	// Until it is attached, only of whoever replays; then the shard's, under
	// its mutex.
	last     int64     // seq up to which it was sent everything, at least
	ping     int64     // when the next is due, in nanoseconds
	audience *audience // nil: not attached
	at       int       // place in the shard
	replayed bool      // the log was read to its head
}

// replay sends what the log holds after the client's seq, as fast as the
// client takes it in, until what is left is with the shard.
func (s *subscriber) replay(ctx context.Context, m forum.Member) error {
	for {
		rooms, err := s.shard.hub.opt.Store.Readable(ctx, m)
		if err != nil {
			return err
		}
		if s.shard.attach(s, m, rooms) {
			return nil
		}
		if ctx.Err() != nil {
			return errClosing
		}
		events, next, err := s.shard.hub.opt.Store.Replay(ctx, m, s.last, batch)
		if err != nil {
			return err
		}
		messages := newRecent()
		if err := messages.add(events); err != nil {
			return err
		}
		if err := s.wire.send(join(nil, m, messages.messages, 0)); err != nil {
			return err
		}
		if idle := s.wire.idle(); idle != nil {
			select {
			case <-idle:
			case <-ctx.Done():
				return errClosing
			}
		}
		s.replayed = len(events) < batch
		s.last = max(s.last, next)
	}
}

// read waits for the client's pongs and its goodbye, and makes sure that it
// says nothing else that is wrong. It is kept shallow: the stack of a goroutine
// that waits here is most of what a socket costs.
func (s *subscriber) read() {
	for {
		n, err := s.wire.Conn.Read(s.buffer[:])
		if err != nil {
			break
		}
		s.heard.Store(time.Now().UnixNano())
		if s.wire.finished() {
			continue // it is read only so that the goodbye arrives
		}
		if code := s.in.take(s.buffer[:n], s.spend, s.control); code != 0 {
			s.goodbye(code)
		}
	}
	_ = s.wire.Close()
	s.shard.detach(s)
	s.shard.hub.seats.free(s.whose)
	s.shard.hub.wg.Done()
}

// spend takes one from what the client may say.
func (s *subscriber) spend() bool {
	now := time.Now().UnixNano()
	earned := (now - s.spentAt) / int64(time.Second/inboundPerSecond)
	if earned > 0 {
		s.spent, s.spentAt = max(0, s.spent-earned), now
	}
	s.spent++
	return s.spent <= inboundBurst
}

// control answers a ping and a goodbye.
func (s *subscriber) control(f frame) int {
	switch f.op {
	case opPing:
		_ = s.wire.send(frameOf(opPong, f.body)) // its own read fails next
	case opClose:
		return farewell(f.body)
	}
	return 0
}

// goodbye ends the connection with a code. A client that cannot be told will
// notice.
func (s *subscriber) goodbye(code int) {
	s.wire.finish(closeFrame(code, reasons[code]))
}

var reasons = map[int]string{
	websocket.CloseServiceRestart:          "restart",
	websocket.ClosePolicyViolation:         "session ended, or too many messages",
	websocket.CloseUnsupportedData:         "text only",
	websocket.CloseInvalidFramePayloadData: "not UTF-8",
}
