package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

const (
	mailedPosts = 20
	mailKills   = 2
)

// TestLettersSurviveKills kills the program, as a power cut would, at moments
// when the mail server has a letter and has not said so. Started again, it
// sends every reader every post: once under each Message-ID, but for those that
// were cut off, which come twice under the same one.
func TestLettersSurviveKills(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills servers")
	}
	t.Run("sqlite", func(t *testing.T) {
		state := t.TempDir()
		lettersSurvive(t, state, filepath.Join(state, "forum.sqlite"), 1)
	})
	t.Run("postgres, two nodes", func(t *testing.T) {
		where := testkit.Postgres(t)
		t.Setenv("CMC_DB", where)
		lettersSurvive(t, t.TempDir(), where, 2)
	})
}

func lettersSurvive(t *testing.T, state, where string, count int) {
	t.Helper()
	var taken, kills atomic.Int64
	kill := make(chan struct{}, mailKills)
	office := testkit.NewPostOffice(t, testkit.PostOfficeOptions{Answer: func(verb, _ string) string {
		if verb == "." && taken.Add(1)%15 == 0 && kills.Add(1) <= mailKills {
			kill <- struct{}{}
			return testkit.Hang // until the program is gone
		}
		return ""
	}})
	site := smallSite(t)
	sendTo(t, site, office)
	db := testkit.OpenDatabase(t, where)
	const readers = 4
	fillLog(t, db, site, readers)
	var nodes []*process
	for i := range count {
		p := newProcess(t, site, state)
		if i > 0 {
			p = newProcess(t, site, t.TempDir())
		}
		p.start()
		p.explains(t)
		t.Cleanup(p.kill)
		nodes = append(nodes, p)
	}
	for range mailKills {
		<-kill
		for _, p := range nodes {
			p.kill()
		}
		expireLeases(t, db)
		for _, p := range nodes {
			p.start()
		}
	}
	got := map[string]map[string]int{} // of a reader, how often each letter came
	want := mailedPosts * readers
	for distinct := 0; distinct < want; {
		m := office.Next(t)
		l, err := mail.ReadMessage(strings.NewReader(m.Data))
		if err != nil {
			t.Fatal(err)
		}
		if got[m.To] == nil {
			got[m.To] = map[string]int{}
		}
		if got[m.To][l.Header.Get("Message-Id")]++; got[m.To][l.Header.Get("Message-Id")] == 1 {
			distinct++
		}
	}
	twice := 0
	for _, letters := range got {
		for _, n := range letters {
			twice += n - 1
		}
	}
	if twice > mailKills {
		t.Errorf("%d letters came again after %d kills", twice, mailKills)
	}
	t.Logf("%d letters to %d readers, %d kills, %d came again under the same Message-ID", want, len(got), mailKills, twice)
}

// sendTo makes a site send its mail to an office, at once.
func sendTo(t *testing.T, site string, office *testkit.PostOffice) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(site, "config.toml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(f, "\n[mail]\nhost = %q\nport = %d\ncadence = \"instant\"\n", office.Host, office.Port)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// fillLog lets one member write posts that some others are to be told of.
func fillLog(t *testing.T, db *database.DB, site string, readers int) {
	t.Helper()
	o, err := (&place{root: site}).open(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := store.New(db, nil)
	if err := s.SeedRooms(t.Context(), o.rooms()); err != nil {
		t.Fatal(err)
	}
	author := testkit.Seat(t, db, "author", forum.RoleExpert, "XLA")
	for i := range readers {
		testkit.Seat(t, db, fmt.Sprint("reader", i), forum.RoleExpert, "XLA")
	}
	// No digest comes in between: it would tell the same in other letters.
	change(t, db, `INSERT INTO mail_seats (seat, daily_at, weekly_at) SELECT id, 9000000000000, 9000000000000 FROM seats WHERE id > $1`, 0)
	topic, err := s.Start(t.Context(), author, forum.NewTopic{Room: "pier", Title: "Boats", Lang: "en", NewPost: forum.NewPost{Body: "One"}})
	if err != nil {
		t.Fatal(err)
	}
	for n := range mailedPosts - 1 {
		if _, err := s.Reply(t.Context(), author, topic.ID, forum.NewPost{Body: fmt.Sprint("More ", n), BodyLang: "en"}); err != nil {
			t.Fatal(err)
		}
	}
}

// expireLeases lets the time pass after which another may send what a killed
// program had begun.
func expireLeases(t *testing.T, db *database.DB) {
	t.Helper()
	change(t, db, `UPDATE letters SET due_at = $1 WHERE sent_at IS NULL`, 1)
}

func change(t *testing.T, db *database.DB, query string, args ...any) {
	t.Helper()
	if err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
