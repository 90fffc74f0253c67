package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/mail"
	"cmc/internal/testkit"
)

// postal is a world whose log becomes letters.
type postal struct {
	*world
	t       *testing.T
	mailing *store.Mailing
	clock   atomic.Int64 // ms
	failing atomic.Int64 // 1 of so many letters is not kept; 0: none
}

var errCut = errors.New("the power fails")

func newPostal(t *testing.T, where string, cadence forum.Cadence) *postal {
	t.Helper()
	db := testkit.OpenDatabase(t, where)
	p := &postal{world: newWorld(t, db), t: t}
	p.clock.Store(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).UnixMilli()) // a Tuesday
	p.Store = store.New(db, p.now)
	annex := forum.Room{Slug: "annex", Titles: map[string]string{"en": "Annex"}, Visibility: forum.Members, Policy: forum.Attributed}
	p.must(p.SeedRooms(t.Context(), append(rooms(), annex)))
	p.mailing = p.node(db, cadence)
	return p
}

func (p *postal) now() time.Time { return time.UnixMilli(p.clock.Load()).UTC() }

func (p *postal) later(d time.Duration) { p.clock.Add(d.Milliseconds()) }

// node is one of several programs that do the same work.
func (p *postal) node(db *database.DB, cadence forum.Cadence) *store.Mailing {
	q := mail.NewQueue(mail.QueueOptions{DB: db, Now: p.now})
	return store.New(db, p.now).Mailing(store.MailingOptions{
		Default: cadence, Groups: map[string][]string{"drafting": {"AAA"}}, Domain: "example.org",
		Put: func(ctx context.Context, tx *database.Tx, w mail.Waiting) error {
			if err := q.Put(ctx, tx, w); err != nil {
				return err
			}
			if n := p.failing.Load(); n > 0 && rand.Int64N(n) == 0 {
				return errCut
			}
			return nil
		},
	})
}

// hours are the last midnight and the one before Monday.
func (p *postal) hours() store.Hours {
	day := p.now().Truncate(24 * time.Hour)
	return store.Hours{Daily: day, Weekly: day.AddDate(0, 0, -(int(day.Weekday())+6)%7)}
}

// work does what there is to do on a node, as far as it gets.
func (p *postal) work(m *store.Mailing) error {
	ctx := p.t.Context()
	at, err := m.Position(ctx)
	if err != nil {
		return err
	}
	events, err := m.Log(ctx, at, 1000)
	if err != nil {
		return err
	}
	for _, e := range events {
		if _, err := m.Tell(ctx, e); err != nil {
			return err
		}
	}
	seats, err := m.Undigested(ctx, p.hours())
	if err != nil {
		return err
	}
	for _, seat := range seats {
		if _, err := m.Digest(ctx, seat, p.hours()); err != nil {
			return err
		}
	}
	return nil
}

func (p *postal) done() {
	p.t.Helper()
	if err := p.work(p.mailing); err != nil {
		p.t.Fatal(err)
	}
}

// told lists what each seat's letters tell of: "Fay instant 1,2".
func (p *postal) told() []string {
	p.t.Helper()
	rows, err := p.db.Reader().QueryContext(p.t.Context(), `SELECT p.name, l.kind, l.about FROM letters l JOIN persons p ON p.id = l.person ORDER BY l.id`)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name, kind, text string
		if err := rows.Scan(&name, &kind, &text); err != nil {
			p.t.Fatal(err)
		}
		var about store.About
		if err := json.Unmarshal([]byte(text), &about); err != nil {
			p.t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(fmt.Sprint(name, " ", kind, " ", strings.Trim(fmt.Sprint(about.Posts), "[]"))))
	}
	if err := rows.Err(); err != nil {
		p.t.Fatal(err)
	}
	return all
}

func (p *postal) wantTold(what string, want ...string) {
	p.t.Helper()
	if diff := cmp.Diff(want, p.told()); diff != "" {
		p.t.Errorf("%s: letters (-want +got):\n%s", what, diff)
	}
}

func (p *postal) choose(m forum.Member, room string, c forum.Cadence) {
	p.t.Helper()
	if err := p.mailing.Choose(p.t.Context(), m, map[string]forum.Cadence{room: c}); err != nil {
		p.t.Fatal(err)
	}
}

// TestEachPostIsToldOnceHoweverOftenTheWorkIsDone lets two nodes do the same
// work at once, and three times over, while half of it is cut off, everybody
// changes their mind about how often they want mail, and topics go from room to
// room.
func TestEachPostIsToldOnceHoweverOftenTheWorkIsDone(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		p := newPostal(t, where, forum.Daily)
		nodes := []*store.Mailing{p.mailing, p.node(testkit.OpenDatabase(t, where), forum.Daily)}
		people := []forum.Member{p.secretary, p.focal, p.expert, p.other, p.eye}
		topics := []forum.Topic{p.start(t, p.focal, newTopic("members", "first")), p.start(t, p.focal, newTopic("annex", "second"))}
		at := []string{"members", "annex"}
		posts := 2
		random := rand.New(rand.NewPCG(7, 7)) // the same walk every time
		for range 80 {
			switch random.IntN(6) {
			case 0, 1:
				p.reply(t, people[random.IntN(4)], topics[random.IntN(2)].ID, newPost(fmt.Sprint("post ", posts)))
				if posts++; random.IntN(3) == 0 {
					p.mention(t, int64(posts), "AAA", nil)
				}
			case 2:
				p.choose(people[random.IntN(5)], at[random.IntN(2)], forum.Cadences()[random.IntN(3)])
			case 3:
				p.later(time.Duration(random.IntN(40)) * time.Hour)
			case 4:
				p.failing.Store(2)
			case 5:
				which := random.IntN(2)
				if err := p.Move(t.Context(), p.secretary, topics[which].ID, at[random.IntN(2)]); err != nil && errs.KindOf(err) != errs.Denied {
					t.Fatal(err)
				}
			}
			var working sync.WaitGroup
			for _, node := range nodes {
				working.Go(func() {
					for range 3 {
						if err := p.work(node); err != nil && !errors.Is(err, errCut) {
							t.Error(err)
						}
					}
				})
			}
			working.Wait()
			p.failing.Store(0)
		}
		p.later(8 * 24 * time.Hour)
		p.done()

		times := map[string]int{}
		for _, line := range p.told() {
			f := strings.Fields(line)
			for _, post := range f[2:] {
				times[f[0]+" "+post]++
			}
		}
		told := 0
		for key, n := range times {
			if told++; n != 1 {
				t.Errorf("%s was told %d times", key, n)
			}
		}
		// Everybody is told of every post but those who wrote it.
		if want := posts * (len(people) - 1); told != want {
			t.Errorf("%d tellings, want %d: %d posts to each of %d people but its author", told, want, posts, len(people))
		}
	})
}

func TestWhatIsToldAtOnceAndWhatWaits(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		p := newPostal(t, where, forum.Daily)
		p.choose(p.other, "members", forum.Instant)
		p.choose(p.eye, "members", forum.Weekly)
		p.choose(p.secretary, "members", forum.Never)
		p.later(24 * time.Hour)
		p.done() // so that the next digest is tomorrow's
		topic := p.start(t, p.focal, newTopic("members", "first"))
		p.done()
		p.wantTold("who wants it at once", "Oto instant 1")
		p.reply(t, p.other, topic.ID, newPost("second"))
		p.mention(t, 2, nil, p.expert.ID)
		p.mention(t, 2, "SEC", nil)
		p.done()
		p.wantTold("who is named is told at once, unless they want nothing", "Oto instant 1", "Eve instant 2")
		p.later(24 * time.Hour)
		p.done()
		p.wantTold("each day the rest", "Oto instant 1", "Eve instant 2", "Fay digest 2", "Eve digest 1")
		p.later(7 * 24 * time.Hour)
		p.done()
		p.wantTold("each week the rest", "Oto instant 1", "Eve instant 2", "Fay digest 2", "Eve digest 1", "Ida digest 1 2")
	})
}

func TestThereIsOneDigestAnHourWhoeverComesToWriteIt(t *testing.T) {
	p := newPostal(t, testkit.SQLite(t), forum.Daily)
	p.start(t, p.focal, newTopic("members", "first"))
	for range 2 {
		_, err := p.mailing.Digest(t.Context(), p.other.Seat, p.hours())
		p.must(err)
		p.start(t, p.focal, newTopic("members", "another"))
	}
	p.wantTold("the second post waits for tomorrow", "Oto digest 1")
}

func TestACircularIsToldAtOnce(t *testing.T) {
	p := newPostal(t, testkit.SQLite(t), forum.Weekly)
	p.choose(p.eye, "public", forum.Never)
	p.later(24 * time.Hour)
	p.done() // so that the next digest is tomorrow's
	circular := newTopic("public", "please confirm")
	circular.Kind = forum.Circular
	topic := p.start(t, p.secretary, circular)
	p.reply(t, p.secretary, topic.ID, newPost("thank you"))
	p.done()
	p.wantTold("the circular, and not what follows", "Fay instant 1", "Eve instant 1", "Oto instant 1")
}

func TestWhatIsNotTold(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(p *postal, topic forum.Topic)
		want []string
	}{
		{"a post that was removed before the digest", func(p *postal, _ forum.Topic) {
			p.must(p.Remove(p.t.Context(), p.focal, 1, ""))
		}, nil},
		{"a post that was hidden", func(p *postal, _ forum.Topic) {
			p.must(p.Hide(p.t.Context(), p.secretary, 1, "not now"))
		}, nil},
		{"an edit is no news", func(p *postal, _ forum.Topic) {
			p.later(24 * time.Hour)
			p.done()
			_, err := p.Edit(p.t.Context(), p.focal, 1, forum.NewText{Body: "else", Lang: "en", Revision: 1})
			p.must(err)
		}, []string{"Sam digest 1", "Eve digest 1", "Oto digest 1", "Ida digest 1"}},
		{"nothing to who pauses, then or later", func(p *postal, _ forum.Topic) {
			p.must(p.mailing.Pause(p.t.Context(), p.other, true))
			p.later(24 * time.Hour)
			p.done()
			p.must(p.mailing.Pause(p.t.Context(), p.other, false))
		}, []string{"Sam digest 1", "Eve digest 1", "Ida digest 1"}},
		{"nothing of what was said while somebody wanted nothing", func(p *postal, _ forum.Topic) {
			p.choose(p.other, "members", forum.Never)
			p.choose(p.other, "members", forum.Daily)
		}, []string{"Sam digest 1", "Eve digest 1", "Ida digest 1"}},
		{"nothing of before the seat", func(p *postal, _ forum.Topic) {
			late := testkit.Seat(p.t, p.db, "Lea", forum.RoleExpert, "BBB")
			p.exec(`UPDATE seats SET created_at = $1 WHERE id = $2`, p.now().UnixMilli()+1, late.Seat)
		}, []string{"Sam digest 1", "Eve digest 1", "Oto digest 1", "Ida digest 1"}},
		{"nothing to who is suspended", func(p *postal, _ forum.Topic) {
			p.exec(`UPDATE persons SET suspended_at = 1 WHERE id = $1`, p.other.ID)
		}, []string{"Sam digest 1", "Eve digest 1", "Ida digest 1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPostal(t, testkit.SQLite(t), forum.Daily)
			p.later(24 * time.Hour)
			p.done()
			topic := p.start(t, p.focal, newTopic("members", "first"))
			test.do(p, topic)
			p.later(24 * time.Hour)
			p.done()
			p.wantTold(test.name, test.want...)
		})
	}
}

func (p *postal) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *postal) exec(query string, args ...any) {
	p.t.Helper()
	p.must(p.db.Tx(p.t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

func TestWhatADigestToldIsNotToldAtOnceAfterwards(t *testing.T) {
	p := newPostal(t, testkit.SQLite(t), forum.Instant)
	p.start(t, p.focal, newTopic("members", "first"))
	_, err := p.mailing.Digest(t.Context(), p.other.Seat, p.hours()) // comes before who follows the log
	p.must(err)
	p.done()
	p.wantTold("each once", "Oto digest 1", "Sam instant 1", "Eve instant 1", "Ida instant 1")
}
