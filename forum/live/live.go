// Package live tells open pages that something is new. A Tail reads the event
// log from its last seq; a Hub gives every subscriber, in order, what it may
// read. The log is the truth and the socket only its echo: whoever comes back
// with its last seq misses nothing.
package live

import (
	"context"
	"net/http"

	"cmc/forum"
)

// Lookup returns the member who asks, with the rights of this moment, or an
// error when the session has ended. A visitor is the zero Member.
type Lookup func(ctx context.Context) (forum.Member, error)

// Hub holds the open sockets of this process.
type Hub struct{}

// Serve upgrades the request to a websocket, replays the log after the query
// parameter "after" (from the head when it is absent) and continues live. It
// returns at once; the socket belongs to the hub.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, lookup Lookup) {
	http.Error(w, "unavailable", http.StatusServiceUnavailable)
}
