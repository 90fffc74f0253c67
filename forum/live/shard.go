package live

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
)

var pingFrame = frameOf(opPing, nil)

// pass is how many messages a shard sends at once to each of its own.
const pass = 256

// audience is those who may read the same. What they are sent is joined once
// for all of them.
type audience struct {
	key    string
	member forum.Member // any of them
	count  int          // subscribers
	bytes  []byte       // of the pass under way
}

// shard is some of the sockets and the goroutine that writes to them. It never
// waits for a client: see wire.
type shard struct {
	hub  *Hub
	wake chan struct{}

	mu        sync.Mutex
	subs      []*subscriber
	audiences map[string]*audience
	pos       int64 // seq of the newest message that was sent
	waiting   chan struct{}
	closed    bool
}

func (s *shard) run() {
	tick := time.NewTicker(max(s.hub.opt.Ping/20, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-s.hub.ctx.Done():
			s.end()
			return
		case <-s.wake:
			for s.deliver() {
				continue
			}
		case now := <-tick.C:
			s.ping(now)
		}
	}
}

// deliver sends the next messages, and reports whether there were any.
func (s *shard) deliver() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	messages := s.hub.recent.after(s.pos, pass)
	if len(messages) == 0 {
		return false
	}
	for _, a := range s.audiences {
		a.bytes = join(a.bytes[:0], a.member, messages, 0)
	}
	for _, sub := range s.subs {
		if sub.last > s.pos { // it was sent some of them when it came
			_ = sub.wire.send(join(nil, sub.audience.member, messages, sub.last))
		} else if len(sub.audience.bytes) > 0 {
			_ = sub.wire.send(sub.audience.bytes) // its reader notices when it fails
		}
	}
	s.pos = messages[len(messages)-1].seq
	if s.waiting != nil {
		close(s.waiting)
		s.waiting = nil
	}
	return true
}

// join appends the frames above seq that a member may read.
func join(to []byte, m forum.Member, messages []message, seq int64) []byte {
	for _, one := range messages {
		if one.seq > seq && forum.CanRead(m, one.room) {
			to = append(to, one.frame...)
		}
	}
	return to
}

// start puts a shard that has sent nothing yet before the first message.
func (s *shard) start(floor int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pos == 0 {
		s.pos = floor
	}
}

// lag is nil, or, while so much waits that recent may soon forget some of it,
// is closed by the next pass.
func (s *shard) lag() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	rest := s.hub.recent.after(s.pos, keep)
	if s.closed || len(rest) <= keep-batch {
		return nil
	}
	if s.waiting == nil {
		s.waiting = make(chan struct{})
	}
	return s.waiting
}

// attach takes a subscriber in that has been sent everything up to its last,
// and sends it what the others have had since, from the rooms that are open to
// it now; false where recent does not reach back so far, or the hub closes.
func (s *shard) attach(sub *subscriber, member forum.Member, rooms []int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	floor := s.hub.recent.start()
	if floor < 0 && !sub.replayed || sub.last < floor {
		return false
	}
	s.admit(sub, member)
	for sub.last < s.pos {
		var missed []message
		for _, one := range s.hub.recent.after(sub.last, pass) {
			if one.seq > s.pos {
				break
			}
			if sub.last = one.seq; slices.Contains(rooms, one.room.ID) {
				missed = append(missed, one)
			}
		}
		_ = sub.wire.send(join(nil, member, missed, 0))
	}
	sub.at = len(s.subs)
	s.subs = append(s.subs, sub)
	sub.ping = time.Now().Add(s.pingPause()).UnixNano()
	return true
}

// admit puts a subscriber into the audience of a member.
func (s *shard) admit(sub *subscriber, m forum.Member) {
	m.ID, m.Seat, m.Session, m.Name, m.Lang, m.Delegation.Names = min(m.ID, 1), 0, 0, "", "", nil
	key := strings.Join(append([]string{string(m.Role), m.Delegation.Code, string(m.Delegation.Kind)}, m.Groups...), "\x00")
	if m.SignedIn() {
		key += "\x01"
	}
	a := s.audiences[key]
	if a == nil {
		a = &audience{key: key, member: m}
		s.audiences[key] = a
	}
	a.count++
	s.leave(sub)
	sub.audience = a
}

func (s *shard) leave(sub *subscriber) {
	if a := sub.audience; a != nil {
		if a.count--; a.count == 0 {
			delete(s.audiences, a.key)
		}
	}
	sub.audience = nil
}

// renew gives a subscriber the rights of this moment.
func (s *shard) renew(sub *subscriber, m forum.Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub.audience != nil {
		s.admit(sub, m)
	}
}

// detach lets a subscriber go; nothing is sent to it afterwards.
func (s *shard) detach(sub *subscriber) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub.audience == nil {
		return
	}
	s.leave(sub)
	last := s.subs[len(s.subs)-1]
	s.subs[sub.at], last.at = last, sub.at
	s.subs[len(s.subs)-1] = nil
	s.subs = s.subs[:len(s.subs)-1]
}

func (s *shard) snapshot() []*subscriber {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*subscriber(nil), s.subs...)
}

// ping sends pings that are due, and lets go whom nobody has heard for longer
// than two of them.
func (s *shard) ping(now time.Time) {
	patience := 2*s.hub.opt.Ping + s.hub.opt.Write
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subs {
		if now.UnixNano()-sub.heard.Load() > int64(patience) {
			_ = sub.wire.Close() // its reader sees to the rest
		} else if now.UnixNano() > sub.ping {
			sub.ping = now.Add(s.pingPause()).UnixNano()
			_ = sub.wire.send(pingFrame)
		}
	}
}

func (s *shard) pingPause() time.Duration {
	fifth := s.hub.opt.Ping / 5
	return s.hub.opt.Ping - fifth + rand.N(2*fifth+1)
}

// end says goodbye to all.
func (s *shard) end() {
	s.mu.Lock()
	s.closed = true
	if s.waiting != nil {
		close(s.waiting)
		s.waiting = nil
	}
	s.mu.Unlock()
	for _, sub := range s.snapshot() {
		sub.goodbye(websocket.CloseServiceRestart)
	}
}
