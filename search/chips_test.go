package search

import (
	"testing"

	"cmc/internal/testkit"
)

func TestAFieldInTheQueryIsAChip(t *testing.T) {
	h, _ := server(t, corpus())
	testkit.HTML(t, get(t, h, "/search/?q=interviewed+country:TTO").Body.Bytes()).
		Has(".chip[href='/search/?q=interviewed']", "Trinidad and Tobago")
	testkit.HTML(t, get(t, h, "/search/?q=-country:TTO+officers&sort=date").Body.Bytes()).
		Has(".chip[href='/search/?q=officers&sort=date']", "−")
}
