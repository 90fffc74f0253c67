package main

import (
	"testing"

	"cmc/internal/testkit"
)

// TestEveryPageIsAccessible asks axe-core about every page of the site in all
// languages; TestTheWholeWay asks about the forum and the rest of the program.
func TestEveryPageIsAccessible(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	testkit.Require(t, "chromium")
	dir := built(t)
	testkit.Sweep(t, dir, pages(t, dir))
}
