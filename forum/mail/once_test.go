package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/mail"
	"cmc/internal/testkit"
)

// TestKilledAtAnyStepEachPostArrivesOnce ends the work at each of its steps,
// begins it three times on two nodes, and counts what the server has in the
// end. A letter that was cut off between the server's taking it and our noting
// it comes twice under one Message-ID: a reader's program shows it once.
func TestKilledAtAnyStepEachPostArrivesOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		steps := []struct {
			name string
			kill func(h *house) (restore func())
		}{
			{"nothing", func(*house) func() { return func() {} }},
			{"while the letter's words are written", func(h *house) func() { return h.failWrite() }},
			{"while the server is reached", func(h *house) func() { return h.answers("EHLO", testkit.Die) }},
			{"while the address is given", func(h *house) func() { return h.answers("RCPT", testkit.Die) }},
			{"while the text is sent", func(h *house) func() { return h.answers("DATA", testkit.Die) }},
			{"when the server has the letter and has not said so", func(h *house) func() { return h.answers(".", testkit.Die) }},
		}
		if database.IsPostgres(where) {
			steps = steps[len(steps)-2:] // the others are the same on any engine
		}
		for _, step := range steps {
			t.Run(step.name, func(t *testing.T) { killedAt(t, newPlace(t, where), step.kill) })
		}
	})
}

// newPlace is the address of another empty database of the same engine.
func newPlace(t *testing.T, where string) string {
	if database.IsPostgres(where) {
		return testkit.Postgres(t)
	}
	return testkit.SQLite(t)
}

func killedAt(t *testing.T, where string, kill func(h *house) func()) {
	t.Helper()
	h := newHouse(t, where)
	h.must(h.mailer.mailing.Choose(t.Context(), h.tom, map[string]forum.Cadence{"open": forum.Daily}))
	other := h.node(testkit.OpenDatabase(t, where))
	h.later(24 * time.Hour)
	h.send()
	topic := h.topic(h.ana, "open", "Title", "first")
	h.answer(h.bea, topic, 1, "second")
	h.later(24 * time.Hour)

	restore := kill(h)
	h.workThrice(other, false)
	restore()
	h.later(20 * time.Minute) // for what waits to be tried again
	h.workThrice(other, true)

	got := map[string]int{} // of each address, its letters by Message-ID and what they tell
	seen := map[string]bool{}
	for _, m := range h.office.Taken() {
		l := read(t, m.Data)
		if id := m.To + l.Get("Message-Id"); !seen[id] {
			seen[id] = true
			got[m.To] += strings.Count(l.text, "Read and answer") + strings.Count(l.text, "Lire et répondre") + strings.Count(l.text, "Lezen en antwoorden")
		}
	}
	if want := (map[string]int{"lca@example.org": 1, "hti@example.org": 1, "sur@example.org": 2, "sec@example.org": 2}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("posts told = %v, want %v", got, want)
	}
}

// workThrice does all the work three times on two nodes at once.
func (h *house) workThrice(other *Mailer, must bool) {
	h.t.Helper()
	var working sync.WaitGroup
	for _, m := range []*Mailer{h.mailer, other} {
		working.Go(func() {
			for range 3 {
				m.digests = time.Time{}
				if err := errors.Join(m.Work(h.t.Context()), m.queue.SendDue(h.t.Context())); err != nil && must {
					h.t.Error(err)
				}
			}
		})
	}
	working.Wait()
}

// answers makes the server answer a verb its own way.
func (h *house) answers(verb, reply string) (restore func()) {
	f := func(v string) string {
		if v == verb {
			return reply
		}
		return ""
	}
	h.says.Store(&f)
	return func() { h.says.Store(nil) }
}

var errKilled = errors.New("killed")

// failWrite lets no letter be written.
func (h *house) failWrite() (restore func()) {
	h.mailer.queue.Write = func(context.Context, mail.Waiting) (mail.Letter, int64, error) { return mail.Letter{}, 0, errKilled }
	return func() { h.mailer.queue.Write = h.mailer.Write }
}
