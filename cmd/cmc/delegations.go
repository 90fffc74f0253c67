package main

import (
	"errors"

	"cmc/forum"
)

// delegations reads data/delegations.yaml, the list of those who may take part.
func (o *opened) delegations() ([]forum.Delegation, error) {
	var entries []struct {
		Code string            `yaml:"code"`
		Kind string            `yaml:"kind"`
		Name map[string]string `yaml:"name"`
	}
	if err := o.data("delegations.yaml", &entries); err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, errors.New("data/delegations.yaml names no delegation; each needs code, kind and name, and one must be of kind secretariat")
	}
	list := make([]forum.Delegation, len(entries))
	for i, e := range entries {
		list[i] = forum.Delegation{Code: e.Code, Kind: forum.DelegationKind(e.Kind), Names: e.Name}
	}
	return list, nil
}

// rooms are the forum's rooms as config.toml sets them, in its order.
func (o *opened) rooms() []forum.Room {
	list := make([]forum.Room, len(o.config.Forum.Rooms))
	for i, r := range o.config.Forum.Rooms {
		list[i] = forum.Room{
			Slug:       r.Slug,
			Visibility: forum.Visibility(r.Visibility),
			Policy:     forum.Policy(r.Policy),
			Titles:     r.Title,
			About:      r.Summary,
			Mail:       forum.MailLevel(r.Mail),
			Hold:       forum.Hold(r.Hold),
			Position:   i,
		}
	}
	return list
}
