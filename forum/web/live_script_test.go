package web

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/testkit"
)

// TestNothingIsAskedWhileNobodyLooks hides the page, takes the device off the
// network, and leaves the server without sockets. Each time the reader ends
// with every reply announced.
func TestNothingIsAskedWhileNobodyLooks(t *testing.T) {
	testkit.Require(t, "chromium")
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	h := newHouse(t, db)
	h.follow(db)
	bo := h.member("Bo Rolle", "BHS", forum.RoleExpert)
	topic := bo.start("closed", "Visas", "one")
	say := func(text string) { bo.post(topic.path+"posts", "lang", "en", "body", text).is(t, 200) }
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	comeIn(b, h, "Ana Joseph", "LCA", forum.RoleFocalPoint)
	b.Open(h.address + topic.path)
	awaitSockets(t, h, 1)

	for i, step := range []struct{ name, object, property, event, target string }{
		{"hidden", "document", "hidden", "visibilitychange", "document"},
		{"off the network", "navigator", "onLine", "offline", "window"},
	} {
		set := func(away bool) {
			value := away == (step.property == "hidden")
			b.Eval(fmt.Sprintf(`Object.defineProperty(%s, %q, {value: %t, configurable: true}); %s.dispatchEvent(new Event(%q)), true`,
				step.object, step.property, value, step.target, step.event), nil)
		}
		set(true)
		awaitSockets(t, h, 0)
		say("while the page was " + step.name)
		var told string
		b.Eval(`document.querySelector("[data-live] [role=status]").textContent`, &told)
		if i == 0 && told != "" {
			t.Errorf("while the page was %s it said %q", step.name, told)
		}
		set(false)
		b.WaitText("[data-live] [role=status]", []string{"1 new reply", "2 new replies"}[i])
		awaitSockets(t, h, 1)
	}

	b.Eval(`{ const slow = setTimeout; window.setTimeout = (f, ms) => slow(f, ms / 100); true }`, nil)
	h.cut()
	say("asked for, since there is no socket")
	b.WaitText("[data-live] [role=status]", "3 new replies")
}

// awaitSockets waits until so many are open.
func awaitSockets(t *testing.T, h *house, want int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for h.hub.Load().Len() != want {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d sockets are open, want %d", h.hub.Load().Len(), want)
		}
	}
}
