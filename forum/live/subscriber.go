package live

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"cmc/forum"
	"cmc/internal/errs"
)

var (
	errEnded     = errors.New("session ended")
	errTalkative = errors.New("too many messages")
)

// A client has nothing to say; what it may send keeps intermediaries awake.
const inboundPerSecond, inboundBurst = 2, 20

// subscriber is one socket. One goroutine reads, one writes; nobody else
// touches the connection but through control frames.
type subscriber struct {
	hub     *Hub
	conn    *websocket.Conn
	lookup  Lookup
	recheck chan struct{}
	gone    chan struct{} // closed when reading has ended
	wake    chan struct{}

	// Only the writer's.
	member forum.Member
	last   int64 // seq of the newest event that was sent or passed over

	mu       sync.Mutex
	queue    []message
	overflow bool // the queue was full, what came then is only in the log
}

func newSubscriber(h *Hub, conn *websocket.Conn, after int64, m forum.Member, lookup Lookup) *subscriber {
	return &subscriber{
		hub: h, conn: conn, lookup: lookup, member: m, last: after,
		recheck: make(chan struct{}, 1), gone: make(chan struct{}), wake: make(chan struct{}, 1),
	}
}

// offer queues events; it never waits.
func (s *subscriber) offer(messages []message) {
	s.mu.Lock()
	free := s.hub.opt.Queue - len(s.queue)
	if s.overflow || free < len(messages) {
		s.overflow = true
	} else {
		s.queue = append(s.queue, messages...)
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // one is waiting already
	}
}

// take empties the queue and tells whether it ran over.
func (s *subscriber) take() (queue []message, overflow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue, overflow = s.queue, s.overflow
	s.queue, s.overflow = nil, false
	return queue, overflow
}

// read waits for the client's pongs and its goodbye, and makes sure that it
// says nothing else that is wrong. After the first error nothing is read.
func (s *subscriber) read() {
	defer s.hub.wg.Done()
	defer close(s.gone)
	s.conn.SetReadLimit(readLimit)
	patience := 2*s.hub.opt.Ping + s.hub.opt.Write
	extend := func(string) error { return s.conn.SetReadDeadline(time.Now().Add(patience)) }
	if extend("") != nil {
		return
	}
	s.conn.SetPongHandler(extend)
	limit := rate.NewLimiter(inboundPerSecond, inboundBurst)
	answer := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error {
		if !limit.Allow() {
			return errTalkative
		}
		return answer(data)
	})
	for {
		kind, text, err := s.conn.ReadMessage()
		if err == nil && !limit.Allow() {
			err = errTalkative
		}
		if errors.Is(err, errTalkative) {
			s.control(websocket.ClosePolicyViolation, "too many messages")
		}
		if err != nil {
			return
		}
		if kind != websocket.TextMessage {
			s.control(websocket.CloseUnsupportedData, "text only")
			return
		}
		if !utf8.Valid(text) {
			s.control(websocket.CloseInvalidFramePayloadData, "not UTF-8")
			return
		}
	}
}

// write replays the log and then goes on live, until the client leaves, its
// session or the hub ends, or it is too slow.
func (s *subscriber) write() {
	defer s.hub.wg.Done()
	defer s.hub.remove(s)
	switch err := s.run(s.hub.ctx); {
	case errors.Is(err, errEnded):
		s.goodbye(websocket.ClosePolicyViolation, "session ended")
	case s.hub.ctx.Err() != nil:
		s.goodbye(websocket.CloseServiceRestart, "restart")
	default:
		if err != nil {
			s.hub.opt.Log.Debug("socket closed", slog.Any("err", err))
		}
		s.goodbye(websocket.CloseNormalClosure, "")
	}
}

func (s *subscriber) run(ctx context.Context) error {
	if err := s.replay(ctx); err != nil {
		return err
	}
	ping := time.NewTimer(s.nextPing())
	defer ping.Stop()
	rights := time.NewTicker(s.hub.opt.Recheck)
	defer rights.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-s.gone:
			return nil
		case <-s.wake:
			err = s.forward(ctx)
		case <-ping.C:
			ping.Reset(s.nextPing())
			err = s.conn.WriteControl(websocket.PingMessage, nil, s.deadline())
		case <-rights.C:
			err = s.check()
		case <-s.recheck:
			err = s.check()
		}
		if err != nil {
			return err
		}
	}
}

// replay sends what the log holds after the client's seq. The hub queues what
// comes meanwhile; what overflows the queue is in the log by then, so the log
// is read again until the queue has held.
func (s *subscriber) replay(ctx context.Context) error {
	for {
		events, next, err := s.hub.opt.Store.EventsAfter(ctx, s.member, s.last, batch)
		if err != nil {
			return err
		}
		for _, e := range events {
			m, err := frame(e)
			if err != nil {
				return err
			}
			if err := s.send(m); err != nil {
				return err
			}
		}
		done := next <= s.last
		s.last = max(s.last, next)
		if !done {
			continue
		}
		queue, overflow := s.take()
		if err := s.sendAll(queue); err != nil || !overflow {
			return err
		}
	}
}

// forward sends what the hub has queued. What ran over the queue is in the
// log; a client that takes nothing in fails by the write's deadline.
func (s *subscriber) forward(ctx context.Context) error {
	queue, overflow := s.take()
	if err := s.sendAll(queue); err != nil || !overflow {
		return err
	}
	return s.replay(ctx)
}

func (s *subscriber) sendAll(queue []message) error {
	for _, m := range queue {
		if m.event.Seq <= s.last {
			continue // replayed already
		}
		s.last = m.event.Seq
		if !forum.CanRead(s.member, m.event.Room) {
			continue
		}
		if err := s.send(m); err != nil {
			return err
		}
	}
	return nil
}

func (s *subscriber) send(m message) error {
	if err := s.conn.SetWriteDeadline(s.deadline()); err != nil {
		return err
	}
	return s.conn.WritePreparedMessage(m.framed)
}

// check renews the member's rights. Only an answer that the session has ended
// closes the socket; a database that is away does not send everyone off.
func (s *subscriber) check() error {
	m, err := s.hub.who(s.lookup)
	switch {
	case err == nil && m.ID == s.member.ID:
		s.member = m
		return nil
	case err == nil, errs.KindOf(err) == errs.Unauthenticated, errs.KindOf(err) == errs.Denied:
		return errEnded
	}
	s.hub.opt.Log.Warn("rights not checked", slog.Any("err", err))
	return nil
}

func (s *subscriber) nextPing() time.Duration {
	fifth := s.hub.opt.Ping / 5
	return s.hub.opt.Ping - fifth + rand.N(2*fifth+1)
}

func (s *subscriber) deadline() time.Time { return time.Now().Add(s.hub.opt.Write) }

// control sends a close frame; it may be called by either goroutine. A client
// that cannot be told will notice.
func (s *subscriber) control(code int, reason string) {
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
}

// goodbye ends the connection; the reader's next read fails and it ends too.
func (s *subscriber) goodbye(code int, reason string) {
	s.control(code, reason)
	_ = s.conn.Close() // nothing can be done about a socket that does not close
}
