package main

import (
	"net/http"
	"testing"
)

// TestAServerToldToStopEndsCleanly stops a server that a reader is connected
// to, and starts it again over the same state.
func TestAServerToldToStopEndsCleanly(t *testing.T) {
	server := launch(t, smallSite(t))
	reader := newVisitor(t, server.address)
	if page := reader.get("/practices/ferry-registrar/"); page.status != http.StatusOK {
		t.Fatalf("the practice answers %d", page.status)
	}
	if err := server.stop(); err != nil {
		t.Errorf("stopped with %v, want a clean end", err)
	}
	server.start()
	if page := reader.get("/practices/ferry-registrar/"); page.status != http.StatusOK {
		t.Errorf("after the restart the practice answers %d", page.status)
	}
}
