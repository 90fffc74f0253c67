package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cmc/forum"
)

// calls lists whom a post calls upon, as delegation or person.
func (w *world) calls(t *testing.T, post int64) []string {
	t.Helper()
	rows, err := w.db.Reader().QueryContext(t.Context(), `
SELECT coalesce(m.delegation, p.name) FROM mentions m LEFT JOIN persons p ON p.id = m.person WHERE m.post = $1 ORDER BY 1`, post)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAPostCallsUponThoseWhoAreNamedInItsRoom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const body = `@BBB and @"Oto", @secretariat: see @BBB, not @ZZZ nor @"Nobody".`
		for room, want := range map[string][]string{
			"members": {"BBB", "Oto", "SEC"},
			"quiet":   {"BBB", "SEC"}, // here persons have no names
			"chatham": {"BBB", "SEC"},
		} {
			topic := w.start(t, w.focal, newTopic(room, "x"))
			post := w.reply(t, w.focal, topic.ID, newPost(body))
			if diff := cmp.Diff(want, w.calls(t, post.ID)); diff != "" {
				t.Errorf("in the room %s a post calls upon (-want +got):\n%s", room, diff)
			}
			if !strings.Contains(string(post.HTML), `<a href="/forum/delegations/BBB/"`) {
				t.Errorf("in the room %s the mention is no link: %s", room, post.HTML)
			}
			edited, err := w.Edit(t.Context(), w.focal, post.ID, forum.NewText{Body: "@AAA only", Lang: "en", Revision: 1})
			if err != nil || len(w.calls(t, post.ID)) != 1 || !strings.Contains(string(edited.HTML), "/AAA/") {
				t.Errorf("after an edit the post calls upon %v, %v; want AAA", w.calls(t, post.ID), err)
			}
			if err := w.Remove(t.Context(), w.focal, post.ID, ""); err != nil || len(w.calls(t, post.ID)) != 0 {
				t.Errorf("a removed post calls upon %v, %v", w.calls(t, post.ID), err)
			}
		}
	})
}
