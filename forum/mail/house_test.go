package mail

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/i18n"
	"cmc/internal/mail"
	"cmc/internal/testkit"
)

// house is a forum whose letters go to a real SMTP server.
type house struct {
	*store.Store
	t      testing.TB
	db     *database.DB
	office *testkit.PostOffice
	mailer *Mailer
	clock  atomic.Int64                             // ms
	says   atomic.Pointer[func(verb string) string] // what the server answers its own way

	secretary, ana, bea, tom forum.Member
}

func newHouse(t testing.TB, where string) *house {
	t.Helper()
	h := &house{t: t, db: testkit.OpenDatabase(t, where)}
	h.office = testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: func(verb, _ string) string {
		if says := h.says.Load(); says != nil {
			return (*says)(verb)
		}
		return ""
	}})
	h.clock.Store(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).UnixMilli()) // a Tuesday
	h.Store = store.New(h.db, h.now)
	h.secretary = h.seat("Sam", forum.RoleSecretariat, "SEC", "en", "Secretariat")
	h.ana = h.seat("Ana", forum.RoleFocalPoint, "LCA", "en", "Saint Lucia")
	h.bea = h.seat("Béa", forum.RoleExpert, "HTI", "fr", "Haïti")
	h.tom = h.seat("Tom", forum.RoleExpert, "SUR", "nl", "Suriname")
	rooms := []forum.Room{
		{Slug: "open", Mail: forum.MailFull, Policy: forum.Attributed},
		{Slug: "closed", Mail: forum.MailExcerpt, Policy: forum.Attributed},
		{Slug: "quiet", Mail: forum.MailTitle, Policy: forum.DelegationOnly},
		{Slug: "chatham", Mail: forum.MailFull, Policy: forum.Chatham},
	}
	for i := range rooms {
		rooms[i].Visibility = forum.Members
		rooms[i].Titles = map[string]string{"en": "Room " + rooms[i].Slug, "fr": "Salle « " + rooms[i].Slug + " »"}
	}
	h.must(h.SeedRooms(t.Context(), rooms))
	h.mailer = h.node(h.db)
	return h
}

func (h *house) seat(name string, role forum.Role, code, lang, delegation string) forum.Member {
	m := testkit.Seat(h.t, h.db, name, role, code)
	h.exec(`UPDATE persons SET lang = $1, address = $2 WHERE id = $3`, lang, strings.ToLower(code)+"@example.org", m.ID)
	h.exec(`UPDATE delegations SET names = $1 WHERE code = $2`, fmt.Sprintf(`{"en": %q}`, delegation), code)
	return m
}

func (h *house) now() time.Time { return time.UnixMilli(h.clock.Load()).UTC() }

func (h *house) later(d time.Duration) { h.clock.Add(d.Milliseconds()) }

// node is one program of several over the same database.
func (h *house) node(db *database.DB) *Mailer {
	h.t.Helper()
	cat, err := i18n.Load(os.DirFS(testkit.Root(h.t)), "en", "es", "fr", "nl")
	h.must(err)
	return New(Options{
		Options: mail.Options{
			SMTP: mail.SMTP{Host: h.office.Host, Port: h.office.Port}, From: "Forum <forum@example.org>",
			Log: slog.New(slog.DiscardHandler),
		},
		DB: db, Store: store.New(db, h.now), Texts: cat, Site: func(string) string { return "CMC" }, Cadence: forum.Instant, Hour: 7,
		Groups: map[string][]string{"drafting": {"GRP", "DRA"}}, Location: time.UTC,
		Bounces: "bounces@example.org", Now: h.now,
		Link: func(lang, path string) string {
			if lang == "en" {
				return "https://forum.example.org" + path
			}
			return "https://forum.example.org/" + lang + path
		},
	})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	h.must(h.db.Tx(h.t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

func (h *house) topic(m forum.Member, room, title, body string) forum.Topic {
	h.t.Helper()
	t, err := h.Start(h.t.Context(), m, forum.NewTopic{Room: room, Title: title, Lang: "en", NewPost: forum.NewPost{Body: body, Capacity: forum.Position}})
	h.must(err)
	return t
}

func (h *house) answer(m forum.Member, t forum.Topic, to int, body string) forum.Post {
	h.t.Helper()
	p, err := h.Reply(h.t.Context(), m, t.ID, forum.NewPost{Body: body, BodyLang: "en", ReplyTo: to})
	h.must(err)
	return p
}

// send writes and sends what there is, and returns it by address.
func (h *house) send() map[string][]letter {
	h.t.Helper()
	h.must(h.mailer.Work(h.t.Context()))
	h.must(h.mailer.queue.SendDue(h.t.Context()))
	all := map[string][]letter{}
	for _, m := range h.office.Taken() {
		all[m.To] = append(all[m.To], read(h.t, m.Data))
	}
	return all
}

// letter is a mail as its reader's program understands it.
type letter struct {
	netmail.Header
	subject, text, raw string // text with its lines joined again
}

func read(t testing.TB, raw string) letter {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("a letter that cannot be read: %v\n%s", err, raw)
	}
	form, values, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || form != "text/plain" || values["format"] != "flowed" || !strings.EqualFold(values["charset"], "utf-8") ||
		m.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
		t.Errorf("Content-Type = %q (%v) in %q, want flowed text in UTF-8", m.Header.Get("Content-Type"), err, m.Header.Get("Content-Transfer-Encoding"))
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(raw) {
		if len(strings.TrimRight(line, "\r\n")) > 78 && !strings.Contains(line, "https://") {
			t.Errorf("a line of %d bytes travels: %q", len(line), line)
		}
	}
	joined := strings.NewReplacer(" \r\n", " ", "\r\n", "\n").Replace(string(text))
	return letter{m.Header, subject, joined, raw}
}
