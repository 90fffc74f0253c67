package mail_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/mail"
	"cmc/internal/testkit"
)

// sorting is a queue with a clock that the test turns, and one person.
type sorting struct {
	t     *testing.T
	db    *database.DB
	ana   forum.Member
	mu    sync.Mutex
	now   time.Time
	write func(mail.Waiting) (mail.Letter, int64, error)
}

func newSorting(t *testing.T, db *database.DB) *sorting {
	t.Helper()
	s := &sorting{t: t, db: db, now: time.UnixMilli(1_800_000_000_000)}
	s.ana = testkit.Seat(t, db, "ana", forum.RoleFocalPoint, "LCA")
	s.write = func(w mail.Waiting) (mail.Letter, int64, error) {
		return mail.Letter{To: "ana@example.org", Subject: "About " + string(w.About), Text: "Text"}, w.Person, nil
	}
	return s
}

func (s *sorting) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *sorting) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *sorting) queue(office *testkit.PostOffice, change ...func(*mail.QueueOptions)) *mail.Queue {
	opt := mail.QueueOptions{
		Options: mail.Options{SMTP: smtp(office), TLS: office.Roots, From: "forum@example.org", Log: slog.New(slog.DiscardHandler)},
		DB:      s.db, Now: s.clock, Bounces: "bounces@example.org",
		Write: func(_ context.Context, w mail.Waiting) (mail.Letter, int64, error) { return s.write(w) },
	}
	for _, c := range change {
		c(&opt)
	}
	return mail.NewQueue(opt)
}

func (s *sorting) put(q *mail.Queue, messages ...string) {
	s.t.Helper()
	err := s.db.Tx(s.t.Context(), func(ctx context.Context, tx *database.Tx) error {
		for _, m := range messages {
			if err := q.Put(ctx, tx, mail.Waiting{
				Message: m, Seat: s.ana.Seat, Person: s.ana.ID, Kind: "instant", About: []byte(`"` + m + `"`), CreatedAt: s.clock(),
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *sorting) send(q *mail.Queue) {
	s.t.Helper()
	if err := q.SendDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// states tells of each letter how it stands.
func (s *sorting) states() string {
	s.t.Helper()
	record, err := mail.NewRecords(s.db, s.clock).Letters(s.t.Context(), s.ana.Seat, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Reverse(record)
	var all []string
	for _, r := range record {
		all = append(all, string(r.State)+" "+r.Said)
	}
	return strings.Join(all, "; ")
}

func TestALetterIsSentOnceAndSaysWhoItIs(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		s, office := newSorting(t, db), testkit.NewPostOffice(t, testkit.PostOfficeOptions{TLS: true, User: "forum", Password: "secret"})
		q := s.queue(office, func(o *mail.QueueOptions) { o.Username, o.Password = "forum", "secret" })
		s.put(q, "post-1@example.org", "post-2@example.org")
		s.put(q, "post-1@example.org") // is kept already
		s.send(q)
		s.send(q)
		got := office.Taken()
		if len(got) != 2 || !got[0].Encrypted || got[0].To != "ana@example.org" ||
			!strings.HasPrefix(got[0].From, "bounces+") || got[0].From == got[1].From ||
			!strings.Contains(got[0].Data, "Message-ID: <post-1@example.org>") {
			t.Fatalf("taken = %+v, want two letters over TLS, each with a return path of its own", got)
		}
		if want := "sent ; sent "; s.states() != want {
			t.Errorf("letters = %s, want %s", s.states(), want)
		}
	})
}

func TestALetterIsRepeatedUntilTheServerSaysThatItHasIt(t *testing.T) {
	for _, test := range []struct {
		name   string
		verb   string
		reply  string
		copies int // that the server has in the end
		server bool
	}{
		{"the recipient's box is full", "RCPT", "452 4.2.2 full, ana@example.org", 1, false},
		{"the recipient is told to come again", "RCPT", "450 4.7.1 greylisted", 1, false},
		{"the sender is refused, though for ever", "MAIL", "550 5.7.1 not you", 1, true},
		{"the text is not taken now", ".", "451 4.3.0 later", 1, false},
		{"the connection ends before the text", "DATA", testkit.Die, 1, true},
		{"the server dies when it has the letter and has not said so", ".", testkit.Die, 2, true},
		{"the server has the letter and never says so", ".", testkit.Hang, 2, true},
		{"the server falls silent", "MAIL", testkit.Hang, 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSorting(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
			office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: refusing(1, test.verb, test.reply)})
			q := s.queue(office, func(o *mail.QueueOptions) { o.Timeout = 200 * time.Millisecond })
			s.put(q, "post-1@example.org")
			if err := q.SendDue(t.Context()); (err != nil) != test.server {
				t.Errorf("SendDue = %v; want an error of the server = %t", err, test.server)
			}
			if got := s.states(); !strings.HasPrefix(got, "waiting ") || strings.Contains(got, "ana@") {
				t.Errorf("letters = %q, want one that waits, and no address", got)
			}
			s.later(time.Minute)
			s.send(q)
			got := office.Taken()
			if len(got) != test.copies || s.states() != "sent " {
				t.Fatalf("%d letters were taken and they are %s, want %d and sent", len(got), s.states(), test.copies)
			}
			if got[0].Data != got[len(got)-1].Data && !sameMessage(got) {
				t.Errorf("the repeated letter has another Message-ID: %+v", got)
			}
		})
	}
}

func sameMessage(letters []testkit.Mailed) bool {
	for _, l := range letters {
		if !strings.Contains(l.Data, "Message-ID: <post-1@example.org>") {
			return false
		}
	}
	return true
}

func TestALetterThatIsNeverTakenIsGivenUpAndShown(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		s := newSorting(t, db)
		office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: refusing(1_000, "RCPT", "450 4.2.1 later")})
		q := s.queue(office)
		s.put(q, "post-1@example.org")
		tries := 0
		for began := s.clock(); s.clock().Sub(began) < mail.KeepTrying+time.Hour; s.later(10 * time.Minute) {
			before := s.states()
			s.send(q)
			if before != s.states() {
				tries++
			}
		}
		if got := s.states(); !strings.HasPrefix(got, "failed ") || !strings.Contains(got, "later") {
			t.Errorf("after three days the letter is %q, want it failed with the last answer", got)
		}
	})
}

func TestARefusalIsKeptForTheSecretariatAndMailGoesOnAfterAPause(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		s := newSorting(t, db)
		office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: refusing(2, "RCPT", "550 5.1.1 <ana@example.org> unknown here")})
		q, records := s.queue(office), mail.NewRecords(db, s.clock)
		s.put(q, "post-1@example.org", "post-2@example.org")
		s.send(q)
		bounces, err := records.Bounces(t.Context(), 10)
		if err != nil || len(bounces) != 1 || bounces[0].Code != "550" || bounces[0].Name != "ana" ||
			strings.Contains(bounces[0].Text, "@") || !strings.Contains(bounces[0].Text, "unknown here") {
			t.Fatalf("bounces = %+v (%v), want one of 550 without the address", bounces, err)
		}
		if want := "failed"; !strings.HasPrefix(s.states(), want) || !strings.Contains(s.states(), "; waiting") {
			t.Errorf("letters = %s, want the second put off", s.states())
		}
		s.later(time.Hour) // and is refused as well: now it takes four
		s.send(q)
		s.put(q, "post-3@example.org")
		s.later(2 * time.Hour)
		s.send(q)
		if n, err := records.Bouncing(t.Context(), s.ana.ID); n != 2 || err != nil {
			t.Errorf("Bouncing = %d (%v), want 2", n, err)
		}
		s.later(2 * time.Hour)
		s.send(q)
		if n, err := records.Bouncing(t.Context(), s.ana.ID); n != 0 || err != nil || len(office.Taken()) != 1 {
			t.Errorf("after a letter was taken %d bounces are open (%v), want none", n, err)
		}
	})
}

func TestMailGoesOnAtOnceWhenTheSecretariatSaysSo(t *testing.T) {
	s := newSorting(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: refusing(1, "RCPT", "550 5.1.1 unknown")})
	q := s.queue(office)
	s.put(q, "post-1@example.org", "post-2@example.org")
	s.send(q)
	if got := s.states(); !strings.HasSuffix(got, "; waiting ") {
		t.Fatalf("letters = %s, want the second put off", got)
	}
	if err := mail.NewRecords(s.db, s.clock).Clear(t.Context(), s.ana.ID); err != nil {
		t.Fatal(err)
	}
	s.send(q)
	if got := s.states(); !strings.HasSuffix(got, "; sent ") {
		t.Errorf("letters = %s, want the second sent", got)
	}
}

func TestWhatIsTakenBackIsNotSent(t *testing.T) {
	s := newSorting(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{})
	s.write = func(mail.Waiting) (mail.Letter, int64, error) { return mail.Letter{}, 0, mail.ErrNothing }
	q := s.queue(office)
	s.put(q, "post-1@example.org")
	s.send(q)
	if got := s.states(); got != "dropped " || len(office.Taken()) != 0 {
		t.Errorf("letters = %s, want the one dropped", got)
	}
}

func TestTwoNodesSendEachLetterOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, where string) {
		office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{})
		s := newSorting(t, testkit.OpenDatabase(t, where))
		nodes := []*mail.Queue{s.queue(office), s.queue(office, func(o *mail.QueueOptions) { o.DB = testkit.OpenDatabase(t, where) })}
		var messages []string
		for n := range 60 {
			messages = append(messages, fmt.Sprintf("post-%d@example.org", n))
		}
		s.put(nodes[0], messages...)
		var working sync.WaitGroup
		for _, q := range nodes {
			working.Go(func() {
				if err := q.SendDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		working.Wait()
		var got []string
		for _, m := range office.Taken() {
			_, after, _ := strings.Cut(m.Data, "Message-ID: <")
			id, _, _ := strings.Cut(after, ">")
			got = append(got, id)
		}
		slices.Sort(got)
		slices.Sort(messages)
		if diff := cmp.Diff(messages, got); diff != "" {
			t.Errorf("letters that were sent (-want +got):\n%s", diff)
		}
	})
}

func TestALetterOfANodeThatDiedIsSentByAnother(t *testing.T) {
	s := newSorting(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{})
	dead, q := s.queue(office), s.queue(office)
	s.write = func(w mail.Waiting) (mail.Letter, int64, error) { panic("the power fails") }
	s.put(dead, "post-1@example.org")
	func() {
		defer func() { _ = recover() }()
		_ = dead.SendDue(t.Context())
	}()
	s.write = func(w mail.Waiting) (mail.Letter, int64, error) {
		return mail.Letter{To: "ana@example.org"}, w.Person, nil
	}
	s.send(q)
	if got := s.states(); !strings.HasPrefix(got, "waiting") {
		t.Errorf("letters = %s, want it claimed still", got)
	}
	s.later(5 * time.Minute)
	s.send(q)
	if got := s.states(); got != "sent " || len(office.Taken()) != 1 {
		t.Errorf("letters = %s, want it sent by the other node", got)
	}
}

func TestWhatASlowNodeHasSentIsNotSentAgain(t *testing.T) {
	s := newSorting(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: refusing(1, "RCPT", "450 4.2.1 later")})
	slow, quick := s.queue(office), s.queue(office)
	write := s.write
	s.write = func(w mail.Waiting) (mail.Letter, int64, error) {
		s.write = write
		s.later(5 * time.Minute) // longer than the letter was its own
		s.send(quick)            // which is told to come again
		return write(w)
	}
	s.put(slow, "post-1@example.org")
	s.send(slow)
	s.later(time.Hour)
	s.send(quick)
	if got := s.states(); got != "sent " || len(office.Taken()) != 1 {
		t.Errorf("letters = %s, want it sent once", got)
	}
}

func TestRunIsWokenAndEnds(t *testing.T) {
	s := newSorting(t, testkit.OpenDatabase(t, testkit.SQLite(t)))
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{})
	q := s.queue(office)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { q.Run(ctx) })
	s.put(q, "post-1@example.org")
	q.Wake()
	office.Next(t)
	cancel()
	running.Wait()
	if got := s.states(); got != "sent " {
		t.Errorf("letters = %s, want the letter under way ended before Run did", got)
	}
}
