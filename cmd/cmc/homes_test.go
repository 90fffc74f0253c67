package main

import (
	"slices"
	"strings"
	"testing"

	"cmc/internal/config"
)

// home is where the pages of one language stand.
type home struct {
	prefix string   // "" or "/es"
	others []string // the prefixes below which they do not stand
}

// homes lists those of the site in dir, the first language's first.
func homes(t *testing.T, dir string) []home {
	t.Helper()
	c, err := config.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := []home{{}}
	for _, code := range c.Codes()[1:] {
		all = append(all, home{prefix: "/" + code})
		all[0].others = append(all[0].others, "/"+code)
	}
	return all
}

// holds tells whether an address stands below this home.
func (h home) holds(address string) bool {
	below := func(prefix string) bool { return address == prefix || strings.HasPrefix(address, prefix+"/") }
	return below(h.prefix) && !slices.ContainsFunc(h.others, below)
}
