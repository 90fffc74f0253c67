package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"cmc/forum"
	"cmc/internal/account"
)

// houses are the sign-ins that delegations have of their own.
func (o *opened) houses() ([]account.OpenID, error) {
	known, err := o.delegations()
	if err != nil {
		return nil, err
	}
	var list []account.OpenID
	for _, h := range o.config.Accounts.OpenID {
		if !slices.ContainsFunc(known, func(d forum.Delegation) bool { return d.Code == h.Delegation }) {
			return nil, fmt.Errorf("accounts.openid in config.toml: data/delegations.yaml knows no delegation %s", h.Delegation)
		}
		secret := os.Getenv("CMC_OIDC_SECRET_" + h.Delegation)
		if secret == "" {
			return nil, fmt.Errorf("accounts.openid in config.toml: the secret is missing; set CMC_OIDC_SECRET_%s", h.Delegation)
		}
		list = append(list, account.OpenID{Delegation: h.Delegation, Issuer: h.Issuer, ClientID: h.ClientID, Secret: secret})
	}
	return list, nil
}

// recoveriesEvery is how late a recovery that has waited may be carried out.
const recoveriesEvery = time.Minute

// recoveries carries out what has waited long enough, until ctx ends; the
// sockets of sessions that end with it are closed.
func (p *forumParts) recoveries(ctx context.Context) {
	tick := time.NewTicker(recoveriesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := p.accounts.EndRecoveries(ctx); err != nil && ctx.Err() == nil {
			p.site.log.Error("recoveries not carried out", "error", err)
		}
		p.hub.Recheck()
	}
}
