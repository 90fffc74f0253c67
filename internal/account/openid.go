package account

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"cmc/forum"
	"cmc/internal/errs"
)

// OpenID is the door of a delegation's own house (OpenID Connect).
type OpenID struct {
	Delegation string // code
	Issuer     string // https address
	ClientID   string
	Secret     string
	Client     *http.Client // nil: one with a deadline that follows no redirect
}

const (
	openIDKind     = "openid"
	openIDTimeout  = 10 * time.Second // of each request
	openIDPatience = 25 * time.Second // of all of them for one sign-in
	openIDPause    = 5 * time.Second  // after a house did not answer
	openIDAnswer   = 1 << 20          // bytes
)

// house is one such door; its addresses are asked for when they are first needed.
type house struct {
	OpenID
	mu       sync.Mutex
	provider *oidc.Provider
	failed   error // of the last question, if it is not long ago
	at       time.Time
}

func newHouses(list []OpenID) map[string]*house {
	all := map[string]*house{}
	for _, o := range list {
		if o.Client == nil {
			o.Client = &http.Client{
				Timeout:       openIDTimeout,
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}
		}
		client := *o.Client
		client.Transport = bounded{cmp.Or[http.RoundTripper](client.Transport, http.DefaultTransport)}
		o.Client = &client
		all[o.Delegation] = &house{OpenID: o}
	}
	return all
}

// bounded reads no more of an answer than such answers have.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, openIDAnswer), res.Body}
	}
	return res, err
}

// discover asks the house for its addresses, until it has answered once.
func (h *house) discover(ctx context.Context) (*oidc.Provider, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.provider != nil {
		return h.provider, nil
	}
	if h.failed != nil && time.Since(h.at) < openIDPause { // those who waited meanwhile need not ask in turn
		return nil, h.failed
	}
	p, err := oidc.NewProvider(ctx, h.Issuer)
	if err != nil {
		h.at = time.Now()
		h.failed = errs.Wrap(fmt.Errorf("ask %s how to sign in: %w", h.Issuer, err), errs.Unavailable, "account_error_openid_away")
		return nil, h.failed
	}
	h.provider = p
	return p, nil
}

func (h *house) oauth(p *oidc.Provider, callback string) oauth2.Config {
	return oauth2.Config{
		ClientID: h.ClientID, ClientSecret: h.Secret, Endpoint: p.Endpoint(), RedirectURL: callback,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// Houses lists the delegations that have a door of their own, by code.
func (a *Accounts) Houses(ctx context.Context) ([]forum.Delegation, error) {
	if len(a.houses) == 0 {
		return nil, nil
	}
	var list []forum.Delegation
	err := a.each(ctx, "list delegations", delegationsSQL, nil, func(row scanner) error {
		var d forum.Delegation
		if err := scanDelegation(row, &d); err != nil {
			return err
		}
		if a.houses[d.Code] != nil {
			list = append(list, d)
		}
		return nil
	})
	return list, err
}
