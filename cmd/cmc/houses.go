package main

import (
	"fmt"
	"os"
	"slices"

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
