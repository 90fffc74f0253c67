package live

import (
	"context"
	"log/slog"
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

// readLimit is the most bytes of one message from a client. Clients have
// nothing to say but pongs; compression is off, so the limit cannot be
// inflated past.
const readLimit = 512

const handshakeTimeout = 10 * time.Second

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
// returns at once; the socket belongs to the hub. An error means that nothing
// was answered yet.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, lookup Lookup) error {
	if !websocket.IsWebSocketUpgrade(r) {
		return errs.New(errs.Invalid, "forum_error_socket")
	}
	if !h.sameOrigin(r) {
		return errs.New(errs.Denied, "forum_error_origin")
	}
	after, err := h.after(r)
	if err != nil {
		return err
	}
	member, err := lookup(r.Context())
	if err != nil {
		return err
	}
	conn, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		h.opt.Log.DebugContext(r.Context(), "websocket refused", slog.Any("err", err))
		return nil // the upgrader has answered
	}
	s := newSubscriber(h, conn, after, member, lookup)
	if !h.add(s) {
		s.goodbye(websocket.CloseServiceRestart, "restart")
		return nil
	}
	go s.read()
	go s.write()
	return nil
}

func (h *Hub) after(r *http.Request) (int64, error) {
	head, err := h.opt.Store.Head(r.Context())
	given := r.URL.Query().Get("after")
	if err != nil || given == "" {
		return head, err
	}
	after, err := strconv.ParseInt(given, 10, 64)
	if err != nil || after < 0 {
		return 0, errs.Wrap(err, errs.Invalid, "forum_error_after")
	}
	return min(after, head), nil // a seq from before a restore begins anew
}

// who asks who the subscriber is at this moment, with a deadline.
func (h *Hub) who(lookup Lookup) (forum.Member, error) {
	ctx, cancel := context.WithTimeout(h.ctx, h.opt.Write)
	defer cancel()
	return lookup(ctx)
}
