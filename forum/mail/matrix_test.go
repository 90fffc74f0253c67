package mail

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/testkit"
)

// cells are rooms of every kind.
func cells() []forum.Room {
	var all []forum.Room
	for name, v := range map[string]forum.Visibility{"public": forum.Public, "members": forum.Members, "group": "group:drafting"} {
		for _, p := range []forum.Policy{forum.Attributed, forum.DelegationOnly, forum.Chatham} {
			for _, l := range []forum.MailLevel{forum.MailFull, forum.MailExcerpt, forum.MailTitle} {
				slug := fmt.Sprintf("%s-%s-%s", name, p, l)
				all = append(all, forum.Room{Slug: slug, Visibility: v, Policy: p, Mail: l, Titles: map[string]string{"en": slug}})
			}
		}
	}
	slices.SortFunc(all, func(a, b forum.Room) int { return strings.Compare(a.Slug, b.Slug) })
	return all
}

// said is the text of a post: its beginning, its end and its title can be told
// from those of every other.
func said(slug, state string) string {
	return "begin=" + slug + "=" + state + strings.Repeat(" word", 200) + " end=" + slug + "=" + state + "."
}

// TestLettersTellNobodyMoreThanTheyMayKnow fills every kind of room with posts
// in every state, lets letters be sent at once and in digests to every kind of
// seat, and looks through them for what must not be there and what must.
func TestLettersTellNobodyMoreThanTheyMayKnow(t *testing.T) {
	for _, cadence := range []forum.Cadence{forum.Instant, forum.Daily} {
		t.Run(string(cadence), func(t *testing.T) {
			h := newHouse(t, testkit.SQLite(t))
			author, seats := h.matrixSeats()
			h.later(24 * time.Hour)
			h.send() // so that the next digest is tomorrow's
			rooms := cells()
			h.must(h.SeedRooms(t.Context(), rooms))
			wanted := map[string]forum.Cadence{}
			for _, r := range rooms {
				wanted[r.Slug] = cadence
			}
			for _, m := range seats {
				h.must(h.mailer.mailing.Choose(t.Context(), m, wanted))
			}
			h.fill(author, rooms)
			if cadence == forum.Daily {
				h.later(24 * time.Hour)
			}
			checked := 0
			got := h.send()
			for address, m := range seats {
				all := ""
				for _, l := range got[address] {
					all += l.raw + l.text
				}
				for _, r := range rooms {
					checked += checkCell(t, address, m, r, all)
				}
			}
			if stray := slices.DeleteFunc(slices.Collect(maps.Keys(got)), func(a string) bool { _, ok := seats[a]; return ok }); len(stray) > 0 {
				t.Errorf("letters went to %v", stray)
			}
			t.Logf("%d cells, %d letters", checked, len(slices.Concat(slices.Collect(maps.Values(got))...)))
		})
	}
}

// matrixSeats are somebody who writes and, by address, one reader of each kind.
func (h *house) matrixSeats() (author forum.Member, readers map[string]forum.Member) {
	h.t.Helper()
	author = h.seat("Author-Name", forum.RoleFocalPoint, "GRP", "en", "Authorland")
	drafter := h.seat("Dan", forum.RoleAlternate, "DRA", "en", "Dominica")
	author.Groups, drafter.Groups = []string{"drafting"}, []string{"drafting"}
	h.exec(`UPDATE occupancies SET until = 1 WHERE seat = $1`, h.tom.Seat)
	h.exec(`UPDATE persons SET lang = 'en' WHERE id > $1`, 0)
	return author, map[string]forum.Member{
		"sec@example.org": h.secretary, "lca@example.org": h.ana, "hti@example.org": h.bea, "dra@example.org": drafter,
		"obs@example.org": h.seat("Ida", forum.RoleObserver, "OBS", "en", "Norway"),
		"cha@example.org": h.seat("Chi", "chair", "CHA", "en", "Nowhere"), // a role that nobody knows
	}
}

// fill writes into each room a post in each state.
func (h *house) fill(author forum.Member, rooms []forum.Room) {
	h.t.Helper()
	for _, r := range rooms {
		topic := h.topic(author, r.Slug, "title="+r.Slug, said(r.Slug, "shown"))
		for _, state := range []string{"removed", "hidden", "held"} {
			p := h.answer(author, topic, 1, said(r.Slug, state))
			switch state {
			case "removed":
				h.must(h.Remove(h.t.Context(), author, p.ID, ""))
			case "hidden":
				h.must(h.Hide(h.t.Context(), h.secretary, p.ID, "not now"))
			case "held":
				h.exec(`UPDATE posts SET held_at = 1 WHERE id = $1`, p.ID)
			}
		}
	}
}

// checkCell looks through somebody's letters for what was said in one room.
func checkCell(t *testing.T, address string, m forum.Member, r forum.Room, letters string) (checked int) {
	t.Helper()
	reads := forum.CanRead(m, r)
	want := func(what string, has, may bool) {
		if checked++; has != may {
			t.Errorf("%s, %s: letters have %s = %t, want %t", address, r.Slug, what, has, may)
		}
	}
	has := func(s string) bool { return strings.Contains(letters, s) }
	want("the title", has("title="+r.Slug+" "), reads)
	want("the beginning", has("begin="+r.Slug+"=shown"), reads && r.Mail != forum.MailTitle)
	want("the end", has("end="+r.Slug+"=shown."), reads && r.Mail == forum.MailFull)
	for _, state := range []string{"removed", "hidden", "held"} {
		want(state+" posts", has("="+r.Slug+"="+state), false)
	}
	heading := "title=" + r.Slug + " — post 1"
	told := reads && r.Mail != forum.MailTitle
	want("the delegation", has(heading+", Authorland (position)"), told && r.Policy != forum.Chatham)
	want("no author", has(heading+"\n"), reads && (r.Mail == forum.MailTitle || r.Policy == forum.Chatham))
	want("the name", has("Author-Name"), false) // a position is the delegation's
	return checked
}
