package live

import (
	"context"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"

	"cmc/forum"
	"cmc/internal/errs"
)

// Recheck makes every subscriber's rights be looked at now, so that a socket
// closes at once when its session was ended. It does not wait.
func (h *Hub) Recheck() { poke(h.recheck) }

// watchRights renews what the subscribers may read: when told, and from time
// to time for what nobody told.
func (h *Hub) watchRights() {
	tick := time.NewTicker(h.opt.Recheck)
	defer tick.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick.C:
		case <-h.recheck:
		}
		for _, shard := range h.shards {
			for _, sub := range shard.snapshot() {
				h.check(sub)
			}
		}
	}
}

// check closes the socket of somebody whose session has ended, and only then:
// a database that is away does not send everyone off.
func (h *Hub) check(sub *subscriber) {
	m, err := h.who(sub.lookup)
	switch {
	case h.ctx.Err() != nil:
	case err == nil && m.ID == sub.person:
		sub.shard.renew(sub, m)
	case err == nil, errs.KindOf(err) == errs.Unauthenticated, errs.KindOf(err) == errs.Denied:
		sub.shard.detach(sub)
		sub.goodbye(websocket.ClosePolicyViolation)
	default:
		h.opt.Log.Warn("rights not checked", slog.Any("err", err))
	}
}

// who asks who a subscriber is at this moment, with a deadline.
func (h *Hub) who(lookup Lookup) (forum.Member, error) {
	ctx, cancel := context.WithTimeout(h.ctx, h.opt.Write)
	defer cancel()
	return lookup(ctx)
}
