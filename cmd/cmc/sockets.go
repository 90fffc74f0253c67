package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/internal/middleware"
)

// tellTimeout bounds how long a change at the door waits for other nodes to be
// told; they look by themselves too.
const tellTimeout = 2 * time.Second

// newHub makes the hub of the live sockets.
func (o *opened) newHub(s *store.Store, proxies []netip.Prefix) *live.Hub {
	address := middleware.ClientAddr(proxies)
	return live.NewHub(live.Options{
		Store:   s,
		Log:     o.log,
		Origins: o.config.Forum.Origins,
		Sockets: o.config.Forum.Sockets,
		Client:  func(r *http.Request) string { return address(r).String() },
	})
}

// rightsChanged has the open sockets of all nodes asked anew who they are: a
// session that was ended closes its socket.
func (p *forumParts) rightsChanged(ctx context.Context) {
	p.hub.Recheck()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellTimeout)
	defer cancel()
	if err := p.db.TellRights(ctx); err != nil {
		p.site.log.WarnContext(ctx, "other nodes not told of changed rights", slog.Any("error", err))
	}
}
