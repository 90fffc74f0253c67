package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
	"cmc/internal/mail"
	"cmc/internal/testkit"
)

// TestWhatALetterTellsWhenItLeaves changes the world between the writing of a
// letter and its sending.
func TestWhatALetterTellsWhenItLeaves(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(p *postal)
		want string
	}{
		{"what was written", func(*postal) {}, "Oto <Oto.BBB@example.org>: members 1 by Fay AAA: first; members 2 by Eve AAA: second; chatham 1 by  : third; quiet 1 by  AAA: fourth"},
		{"not what was removed meanwhile", func(p *postal) {
			p.must(p.Remove(p.t.Context(), p.focal, 1, ""))
		}, "Oto <Oto.BBB@example.org>: members 2 by Eve AAA: second; chatham 1 by  : third; quiet 1 by  AAA: fourth"},
		{"what was put right meanwhile", func(p *postal) {
			_, err := p.Edit(p.t.Context(), p.focal, 1, forum.NewText{Body: "put right", Lang: "en", Revision: 1})
			p.must(err)
		}, "Oto <Oto.BBB@example.org>: members 1 by Fay AAA: put right; members 2 by Eve AAA: second; chatham 1 by  : third; quiet 1 by  AAA: fourth"},
		{"not what they want no mail of any more", func(p *postal) {
			p.choose(p.other, "members", forum.Never)
		}, "Oto <Oto.BBB@example.org>: chatham 1 by  : third; quiet 1 by  AAA: fourth"},
		{"nothing to who may not read any more", func(p *postal) {
			p.exec(`UPDATE seats SET role = 'chair' WHERE id = $1`, p.other.Seat)
		}, "nothing"},
		{"nothing to an empty seat", func(p *postal) {
			p.exec(`UPDATE occupancies SET until = 1 WHERE seat = $1`, p.other.Seat)
		}, "nothing"},
		{"nothing to who is suspended", func(p *postal) {
			p.exec(`UPDATE persons SET suspended_at = 1 WHERE id = $1`, p.other.ID)
		}, "nothing"},
		{"nothing to who pauses", func(p *postal) {
			p.must(p.mailing.Pause(p.t.Context(), p.other, true))
		}, "nothing"},
		{"to whoever has the seat now", func(p *postal) {
			p.handOver(p.t, p.other, "Ola")
		}, "Ola <Ola@example.org>: members 1 by Fay AAA: first; members 2 by Eve AAA: second; chatham 1 by  : third; quiet 1 by  AAA: fourth"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPostal(t, testkit.SQLite(t), forum.Daily)
			topic := p.start(t, p.focal, newTopic("members", "first"))
			p.reply(t, p.expert, topic.ID, newPost("second"))
			p.start(t, p.focal, newTopic("chatham", "third"))
			p.start(t, p.focal, newTopic("quiet", "fourth"))
			p.later(24 * time.Hour)
			p.done()
			test.do(p)
			if got := p.leaving(p.other.Seat); got != test.want {
				t.Errorf("the letter tells %q,\nwant %q", got, test.want)
			}
		})
	}
}

// leaving is what a seat's only letter tells now.
func (p *postal) leaving(seat int64) string {
	p.t.Helper()
	w := mail.Waiting{Seat: seat, Kind: store.LetterDigest}
	var about string
	p.must(p.db.Reader().QueryRowContext(p.t.Context(), `SELECT about FROM letters WHERE seat = $1`, seat).Scan(&about))
	w.About = []byte(about)
	told, err := p.mailing.Told(p.t.Context(), w)
	if errors.Is(err, mail.ErrNothing) {
		return "nothing"
	}
	p.must(err)
	var posts []string
	for _, f := range told.Posts {
		a := f.Post.Author
		posts = append(posts, fmt.Sprint(f.Room.Slug, " ", f.Post.Number, " by ", a.Name, " ", a.Delegation.Code, ": ", f.Post.Body))
	}
	return fmt.Sprintf("%s <%s>: %s", told.Name, told.Address, strings.Join(posts, "; "))
}

func TestALinkStopsARoomAndTakesItBack(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		p := newPostal(t, where, forum.Daily)
		ctx := t.Context()
		p.choose(p.other, "members", forum.Weekly)
		room, err := p.Room(ctx, p.other, "members")
		p.must(err)
		token, err := p.mailing.OfferStop(ctx, p.other.Seat, room.ID)
		p.must(err)
		wanted := func(what string, want forum.Cadence, paused bool) {
			t.Helper()
			c, err := p.mailing.Choices(ctx, p.other)
			p.must(err)
			for _, r := range c.Rooms {
				if r.Room.ID == room.ID && (r.Cadence != want || c.Paused != paused) {
					t.Errorf("%s: cadence %q, paused %t; want %q, %t", what, r.Cadence, c.Paused, want, paused)
				}
			}
		}
		stop, err := p.mailing.Stop(ctx, token)
		if err != nil || stop.Stopped || stop.Room.Slug != "members" {
			t.Errorf("Stop = %+v, %v; want the room, not stopped yet", stop, err)
		}
		wanted("looking changes nothing", forum.Weekly, false)
		for range 2 {
			if stop, err = p.mailing.SetStopped(ctx, token, true); err != nil || !stop.Stopped {
				t.Errorf("SetStopped = %+v, %v", stop, err)
			}
			wanted("once and again", forum.Never, false)
		}
		_, err = p.mailing.SetStopped(ctx, token, false)
		p.must(err)
		wanted("taken back", forum.Weekly, false)

		all, err := p.mailing.OfferStop(ctx, p.other.Seat, 0)
		p.must(err)
		_, err = p.mailing.SetStopped(ctx, all, true)
		p.must(err)
		wanted("all is stopped", forum.Weekly, true)
		_, err = p.mailing.SetStopped(ctx, all, false)
		p.must(err)
		wanted("all goes on", forum.Weekly, false)
		_, err = p.mailing.SetStopped(ctx, "guess", true)
		wantKind(t, "a token that was never given", err, errs.NotFound)
	})
}
