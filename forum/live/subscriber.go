package live

import (
	"context"
	"errors"
	"log/slog"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"cmc/forum"
)

var (
	errTalkative = errors.New("too many messages")
	errClosing   = errors.New("the hub closes")
)

// A client has nothing to say; what it may send keeps intermediaries awake.
const inboundPerSecond, inboundBurst = 2, 20

// subscriber is one socket. Its goroutine reads; its shard writes.
type subscriber struct {
	shard  *shard
	wire   *wire
	conn   *websocket.Conn
	lookup Lookup
	person int64  // 0 for a visitor
	whose  string // seat that it takes

	// Until it is attached, only of whoever replays; then the shard's, under
	// its mutex.
	last     int64 // seq up to which it was sent everything, at least
	replayed bool  // the log was read to its head
	at       int   // place in the shard
	ping     time.Time
	audience *audience // nil: not attached
	key      string    // of the audience
}

// replay sends what the log holds after the client's seq, as fast as the
// client takes it in, until what is left is with the shard.
func (s *subscriber) replay(ctx context.Context, m forum.Member) error {
	for !s.shard.attach(s, m) {
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
	return nil
}

// read waits for the client's pongs and its goodbye, and makes sure that it
// says nothing else that is wrong. After the first error nothing is read.
func (s *subscriber) read() {
	hub := s.shard.hub
	defer hub.wg.Done()
	defer hub.seats.free(s.whose)
	defer s.shard.detach(s)
	defer func() { _ = s.conn.Close() }() // closed already, or nothing can be done

	limit := rate.NewLimiter(inboundPerSecond, inboundBurst)
	s.listenToControls(limit, 2*hub.opt.Ping+hub.opt.Write)
	for {
		kind, text, err := s.conn.ReadMessage()
		if err == nil && !limit.Allow() {
			err = errTalkative
		}
		switch {
		case errors.Is(err, errTalkative):
			s.goodbye(websocket.ClosePolicyViolation, "too many messages")
		case err != nil:
			hub.opt.Log.Debug("socket closed", slog.Any("err", err))
		case kind != websocket.TextMessage:
			s.goodbye(websocket.CloseUnsupportedData, "text only")
		case !utf8.Valid(text):
			s.goodbye(websocket.CloseInvalidFramePayloadData, "not UTF-8")
		default:
			continue
		}
		return
	}
}

// listenToControls makes a pong prolong the client's time and counts controls
// among what it says.
func (s *subscriber) listenToControls(limit *rate.Limiter, patience time.Duration) {
	s.conn.SetReadLimit(readLimit)
	extend := func() error { return s.conn.SetReadDeadline(time.Now().Add(patience)) }
	_ = extend() // a socket that refuses is found out by the first read
	answer := s.conn.PingHandler()
	s.conn.SetPongHandler(func(string) error {
		if !limit.Allow() {
			return errTalkative
		}
		return extend()
	})
	s.conn.SetPingHandler(func(data string) error {
		if !limit.Allow() {
			return errTalkative
		}
		return answer(data)
	})
}

// goodbye ends the connection; the reader's next read fails and it ends too.
// A client that cannot be told will notice.
func (s *subscriber) goodbye(code int, reason string) {
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
	_ = s.conn.Close()
}
