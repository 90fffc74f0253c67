package live

import (
	"bufio"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
	"cmc/internal/errs"
)

const handshakeTimeout = 10 * time.Second

// retryAfter is when whoever found no room should try again, in seconds.
const retryAfter = "30"

func (h *Hub) newUpgrader() websocket.Upgrader {
	return websocket.Upgrader{
		HandshakeTimeout: handshakeTimeout,
		ReadBufferSize:   256,
		WriteBufferSize:  512,
		WriteBufferPool:  &sync.Pool{},
		CheckOrigin:      h.sameOrigin,
		Error: func(w http.ResponseWriter, _ *http.Request, status int, _ error) {
			http.Error(w, http.StatusText(status), status)
		},
	}
}

// sameOrigin lets in pages of this host and of the configured ones. A browser
// always says where a socket comes from; what says nothing is no browser and
// carries nobody's cookies by accident.
func (h *Hub) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return strings.EqualFold(u.Host, r.Host) ||
		slices.ContainsFunc(h.opt.Origins, func(o string) bool { return strings.EqualFold(o, u.Host) || strings.EqualFold(o, origin) })
}

// Serve upgrades the request to a websocket, replays the log after the query
// parameter "after" (from the head when it is absent) and continues live. It
// returns when the replay is over; the socket belongs to the hub. An error
// means that nothing was answered yet.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, lookup Lookup) error {
	if !websocket.IsWebSocketUpgrade(r) {
		return errs.New(errs.Invalid, "forum_error_socket")
	}
	if !h.sameOrigin(r) {
		return errs.New(errs.Denied, "forum_error_origin")
	}
	member, err := lookup(r.Context())
	if err != nil {
		return err
	}
	after, err := h.after(r)
	if err != nil {
		return err
	}
	whose := "address " + h.opt.Client(r)
	if member.SignedIn() {
		whose = "person " + strconv.FormatInt(member.ID, 10)
	}
	if !h.seats.take(whose) {
		w.Header().Set("Retry-After", retryAfter)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return nil
	}
	if !h.open(w, r, &subscriber{lookup: lookup, person: member.ID, whose: whose, last: after}, member) {
		h.seats.free(whose)
	}
	return nil
}

// open makes the socket and its goroutine, and reports whether that now owns
// the subscriber's seat.
func (h *Hub) open(w http.ResponseWriter, r *http.Request, s *subscriber, member forum.Member) bool {
	taken := &hijacker{ResponseWriter: w, hub: h}
	// The library's part ends with the handshake: its connection would cost as
	// much memory as everything else.
	if _, err := h.upgrader.Upgrade(taken, r, nil); err != nil { // the upgrader has answered
		h.opt.Log.DebugContext(r.Context(), "websocket refused", slog.Any("err", err))
		return false
	}
	s.wire, s.shard = taken.wire, h.shards[rand.IntN(len(h.shards))]
	s.heard.Store(time.Now().UnixNano())
	if !h.begin() {
		s.goodbye(websocket.CloseServiceRestart)
		return false
	}
	err := s.replay(h.ctx, member)
	switch {
	case h.ctx.Err() != nil:
		s.goodbye(websocket.CloseServiceRestart)
	case err != nil:
		h.opt.Log.DebugContext(r.Context(), "socket closed", slog.Any("err", err))
		s.goodbye(websocket.CloseTryAgainLater)
	}
	go s.read() // what is left to read after a goodbye too
	return true
}

func (h *Hub) after(r *http.Request) (int64, error) {
	given := r.URL.Query().Get("after")
	if given == "" {
		return h.opt.Store.Head(r.Context())
	}
	after, err := strconv.ParseInt(given, 10, 64)
	if err != nil || after < 0 {
		return 0, errs.New(errs.Invalid, "forum_error_after")
	}
	if h.recent.covers(after) {
		return after, nil
	}
	head, err := h.opt.Store.Head(r.Context())
	return min(after, head), err // a seq from before a restore begins anew
}

// hijacker hands the library a wire instead of the bare connection.
type hijacker struct {
	http.ResponseWriter

	hub  *Hub
	wire *wire
}

// Hijack takes the connection over.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.wire = newWire(conn, h.hub)
	return h.wire, rw, nil
}
