package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// day is a forum before a member comes in: a query, a circular and a topic
// with what they have not read.
type day struct {
	t       *testing.T
	server  *process
	db      *database.DB
	query   forum.Topic
	notice  forum.Topic
	talk    forum.Topic
	started time.Time
}

func newDay(t *testing.T) *day {
	t.Helper()
	d := &day{t: t, server: launch(t, smallSite(t)), started: time.Now()}
	d.db = testkit.OpenDatabase(t, filepath.Join(d.server.state, "forum.sqlite"))
	forums := store.New(d.db, nil)
	secretary := testkit.Seat(t, d.db, "Sam", forum.RoleSecretariat, "SEC")
	other := testkit.Seat(t, d.db, "Oto", forum.RoleExpert, "XLB")
	start := func(m forum.Member, n forum.NewTopic) forum.Topic {
		t.Helper()
		n.Room, n.Lang = "cabin", "en"
		topic, err := forums.Start(t.Context(), m, n)
		if err != nil {
			t.Fatal(err)
		}
		return topic
	}
	d.query = start(secretary, forum.NewTopic{
		Kind: forum.Query, Title: "Who issues boat permits?", Questions: "Which office?", ClosesAt: time.Now().Add(240 * time.Hour),
		NewPost: forum.NewPost{Body: "Please answer."},
	})
	d.notice = start(secretary, forum.NewTopic{Kind: forum.Circular, Title: "The next meeting", NewPost: forum.NewPost{Body: "It is in May."}})
	d.talk = start(other, forum.NewTopic{Title: "Winter", NewPost: forum.NewPost{Body: "It was long."}})
	return d
}

// TestAMembersDay walks through everything that a member does in a day: sign
// in, read what is new, begin an answer, lose the session, come back, attach,
// post, acknowledge and carry the own words away.
func TestAMembersDay(t *testing.T) {
	testkit.Require(t, "chromium")
	d := newDay(t)
	for _, way := range []struct {
		name, address, delegation string
		noScript                  bool
	}{
		{"with scripts", "ana@xla.example", "XLA", false},
		{"without scripts", "ben@xlb.example", "XLB", true},
	} {
		t.Run(way.name, func(t *testing.T) {
			d.t = t
			b := testkit.NewBrowser(t, testkit.BrowserOptions{Width: 360, Height: 740, NoScript: way.noScript})
			w := walker{t, d.server, !way.noScript}
			w.signInAs(b, "Member", way.address, way.delegation, forum.RoleFocalPoint)
			d.reads(w, b)
			d.answers(w, b, way.address)
			d.acknowledges(w, b)
			d.leaves(b)
		})
	}
}

func (d *day) at(path string) string { return d.server.address() + path }

// reads goes from what is new to the first unread post.
func (d *day) reads(w walker, b *testkit.Browser) {
	b.Open(d.at("/forum/new/"))
	w.axe(b)
	b.Page().Has("main", "Winter", "Who issues boat permits?", "The next meeting")
	b.Follow(fmt.Sprintf(`main a[href*="/forum/topics/%d/"]`, d.talk.ID))
	w.axe(b)
	b.Page().Has("h3", "unread")
	b.Open(d.at("/forum/new/"))
	b.Page().Lacks("main", "Winter")
}

// answers writes to the query; the session ends before it is sent.
func (d *day) answers(w walker, b *testkit.Browser, address string) {
	text := "The harbour office does. " + d.t.Name()
	b.Open(d.at(fmt.Sprintf("/forum/topics/%d/", d.query.ID)))
	b.Fill("#body", text)
	b.Follow(`.composer button[formaction$="/drafts/save"]`)
	b.Open(d.at("/forum/drafts/"))
	w.axe(b)
	b.Page().Has("main", "Who issues boat permits?")
	b.Open(d.at(fmt.Sprintf("/forum/topics/%d/", d.query.ID)))
	b.Page().Has("#body", text)

	file := filepath.Join(d.t.TempDir(), "permit.txt")
	if err := os.WriteFile(file, []byte("Form of a permit."), 0o600); err != nil {
		d.t.Fatal(err)
	}
	b.Upload("#files", file)
	b.Follow(`.composer button[name=attach]`)
	b.Page().Has(".file-list", "permit.txt").Has("#body", text)

	d.exec(`UPDATE sessions SET revoked_at = $1 WHERE revoked_at IS NULL`, database.Millis(time.Now()))
	b.Follow(`.composer button[type=submit]:not([formaction]):not([name])`)
	w.axe(b)
	b.Page().Has("main", text)
	b.Fill("main input[name=address]", address)
	b.Follow("main form button[type=submit]")
	b.Fill("main input[name=code]", d.server.code(address))
	b.Follow("main button[type=submit]")
	b.Page().Has("#body", text).Has(".file-list", "permit.txt")
	b.Follow(`.composer button[type=submit]:not([formaction]):not([name])`)
	b.WaitText(".post-body", text)
	b.Page().Has(".posts", "permit.txt")
	w.axe(b)
	if n := d.count(`SELECT count(*) FROM posts WHERE body = $1`, text); n != 1 {
		d.t.Errorf("the answer is there %d times, want once", n)
	}
	b.Open(d.at("/forum/drafts/"))
	b.Page().Lacks("main", "Who issues boat permits?")
}

func (d *day) acknowledges(w walker, b *testkit.Browser) {
	b.Open(d.at(fmt.Sprintf("/forum/topics/%d/", d.notice.ID)))
	w.axe(b)
	b.Follow(`form[action$="/acknowledge"] button`)
	b.Page().Lacks(`form[action$="/acknowledge"]`)
	w.axe(b)
}

// leaves carries the own words away.
func (d *day) leaves(b *testkit.Browser) {
	b.Open(d.at("/forum/own/"))
	b.Page().Has(`a[href$="/forum/own/posts.mbox"]`).Has("main", "1 post")
}

func (d *day) exec(query string, args ...any) {
	d.t.Helper()
	err := d.db.Tx(d.t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *day) count(query string, args ...any) (n int) {
	d.t.Helper()
	if err := d.db.Reader().QueryRowContext(d.t.Context(), query, args...).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// TestAPostOverAnIslandsLine writes over 50 kbit/s, 600 ms and 5 % loss. The
// line is cut while the post is on its way, and mended: it arrives once.
func TestAPostOverAnIslandsLine(t *testing.T) {
	testkit.Require(t, "chromium")
	d := newDay(t)
	line, address := testkit.Island().Through(t, strings.TrimPrefix(d.server.address(), "http://"))
	member := testkit.Seat(t, d.db, "Eve", forum.RoleExpert, "XLA")
	b := testkit.NewBrowser(t, testkit.BrowserOptions{Width: 360, Height: 740})
	b.SetCookie(address, "session", d.session(member))
	topic := fmt.Sprintf("%s/forum/topics/%d/", address, d.talk.ID)
	b.Open(topic)
	all, script := b.Received()
	t.Logf("a topic over an island's line: first text after %v, %d bytes, %d of them scripts", b.FirstText().Round(10*time.Millisecond), all, script)

	const text = "Sent into a storm."
	b.Fill("#body", text)
	b.Eval(`document.querySelector(".composer").requestSubmit(); 0`, nil)
	line.Cut()
	line.Mend()
	b.OpenAgain(topic)
	if d.count(`SELECT count(*) FROM posts WHERE body = $1`, text) == 0 {
		d.waitBody(b, text) // from the draft that the browser keeps
		b.Follow(`.composer button[type=submit]:not([formaction]):not([name])`)
	}
	b.WaitText(".post-body", text)
	if n := d.count(`SELECT count(*) FROM posts WHERE body = $1`, text); n != 1 {
		t.Errorf("the post is there %d times, want once", n)
	}
}

// waitBody waits until the composer holds a text, whoever put it there.
func (d *day) waitBody(b *testkit.Browser, text string) {
	d.t.Helper()
	b.EvalAsync(fmt.Sprintf(`new Promise((done) => {
  const look = () => document.querySelector("#body").value === %q ? done(0) : setTimeout(look, 20);
  look();
})`, text), nil)
}

// session signs a member in as the door does.
func (d *day) session(m forum.Member) string {
	d.t.Helper()
	token := fmt.Sprintf("session-of-%d", m.ID)
	sum := sha256.Sum256([]byte(token))
	now := time.Now()
	d.exec(`INSERT INTO sessions (token_hash, person, agent, created_at, seen_at, expires_at) VALUES ($1, $2, '', $3, $3, $4)`,
		hex.EncodeToString(sum[:]), m.ID, database.Millis(now), database.Millis(now.Add(time.Hour)))
	return token
}
