package middleware

import (
	"container/list"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"cmc/internal/errs"
)

// Rate bounds the requests of one address: PerSecond in the long run, Burst
// at once. The zero Rate is no limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// maxClients bounds the memory of a limiter: about 200 bytes each. When it is
// full the address unseen for longest is forgotten.
const maxClients = 20_000

// RateLimit answers 429, with the seconds to wait, to an address that asks
// too often. A ministry may stand behind one address: the limit is for
// machines, and sign-in has its own, counted in the database. This machine
// itself is not limited: behind a proxy here that nobody named, its address
// would stand for every reader at once.
func RateLimit(limit Rate, addr func(*http.Request) netip.Addr, now func() time.Time, fail Fail) Middleware {
	return func(next http.Handler) http.Handler {
		if limit == (Rate{}) {
			return next
		}
		clients := newLimiter(limit, maxClients)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			from := addr(r)
			if from.IsLoopback() {
				next.ServeHTTP(w, r)
				return
			}
			if wait := clients.wait(network(from), now()); wait > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
				fail(w, r, errs.New(errs.TooMany, "error_too_many"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// limiter keeps one bucket per network, the most recently seen in front.
type limiter struct {
	limit    Rate
	capacity int
	mu       sync.Mutex
	seen     *list.List
	index    map[netip.Prefix]*list.Element
}

type client struct {
	network netip.Prefix
	bucket  *rate.Limiter
}

func newLimiter(limit Rate, capacity int) *limiter {
	return &limiter{limit: limit, capacity: capacity, seen: list.New(), index: map[netip.Prefix]*list.Element{}}
}

// wait takes one request from a network's bucket, or says how long until
// there is one.
func (l *limiter) wait(n netip.Prefix, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, known := l.index[n]
	if !known {
		if l.seen.Len() >= l.capacity {
			oldest := l.seen.Back()
			delete(l.index, l.seen.Remove(oldest).(client).network)
		}
		e = l.seen.PushFront(client{n, rate.NewLimiter(rate.Limit(l.limit.PerSecond), l.limit.Burst)})
		l.index[n] = e
	}
	l.seen.MoveToFront(e)
	reserved := e.Value.(client).bucket.ReserveN(now, 1)
	if d := reserved.DelayFrom(now); d > 0 {
		reserved.CancelAt(now)
		return d
	}
	return 0
}

// network is what one subscriber is given: an IPv4 address or an IPv6 /64.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address: all such requests share one bucket
	}
	return p
}

// ClientAddr finds the address a request comes from. X-Forwarded-For is read
// from its end, and only as long as the sender is one of our proxies.
func ClientAddr(proxies []netip.Prefix) func(*http.Request) netip.Addr {
	ours := func(a netip.Addr) bool {
		for _, p := range proxies {
			if p.Contains(a.Unmap()) {
				return true
			}
		}
		return false
	}
	return func(r *http.Request) netip.Addr {
		at, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			return netip.Addr{}
		}
		addr := at.Addr()
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && ours(addr); i-- {
			before, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = before
		}
		return addr
	}
}
