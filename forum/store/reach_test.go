package store_test

import (
	"fmt"
	"testing"

	"cmc/forum"
)

// TestHiddenActivityShowsInNoPlaceOfTheLog has members talk where a visitor
// may not read. Whatever number a visitor is given stays what it was.
func TestHiddenActivityShowsInNoPlaceOfTheLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		seen := func(m forum.Member) int64 {
			t.Helper()
			seq, err := w.Seen(ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			return seq
		}
		hidden := w.start(t, w.focal, newTopic("members", "hidden"))
		if got := seen(w.visitor); got != 0 {
			t.Fatalf("a visitor to whom nothing is open is at %d of the log, want 0", got)
		}
		open := w.start(t, w.focal, newTopic("public", "open"))
		place := seen(w.visitor)
		if place == 0 || place != seen(w.focal) {
			t.Fatalf("after an open topic a visitor is at %d and a member at %d of the log", place, seen(w.focal))
		}
		for n := range 3 {
			w.reply(t, w.focal, hidden.ID, newPost(fmt.Sprint(n)))
			for _, sent := range []int64{place, place + 1} { // the page's number, and one further
				events, last, err := w.EventsAfter(ctx, w.visitor, sent, 100)
				if err != nil || len(events) != 0 || last != place {
					t.Errorf("after hidden post %d a visitor who asks after %d is told %d events and %d, %v", n, sent, len(events), last, err)
				}
			}
			if got := seen(w.visitor); got != place {
				t.Errorf("after hidden post %d a visitor is at %d of the log, want %d", n, got, place)
			}
			if thread, err := w.Thread(ctx, w.visitor, open.ID, 1); err != nil || thread.Seq != place {
				t.Errorf("a visitor's page says %d, %v; want %d", thread.Seq, err, place)
			}
		}
		beyond := seen(w.focal) + 100
		if _, last, err := w.EventsAfter(ctx, w.visitor, beyond, 100); err != nil || last != place {
			t.Errorf("a visitor from beyond the log is sent to %d, %v; want %d", last, err, place)
		}
		w.reply(t, w.focal, open.ID, newPost("heard"))
		if events, last, err := w.EventsAfter(ctx, w.visitor, place, 100); err != nil || len(events) != 1 || last != events[0].Seq || last != seen(w.visitor) {
			t.Errorf("of an open post a visitor is told %d events and %d, %v", len(events), last, err)
		}
	})
}
