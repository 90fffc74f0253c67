package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// What a cell of the matrix is about: something that stands in a room.
const (
	secretTitle      = "title of a topic"
	secretHeldTitle  = "title of a held topic"
	secretBody       = "text of a post"
	secretRemoved    = "text of a removed post"
	secretHidden     = "text of a hidden post"
	secretHeld       = "text of a held post"
	secretName       = "name of an author"
	secretDelegation = "name of a delegation"
	secretFile       = "name of a file"
	secretFileText   = "text of a file"
)

func secretKinds() []string {
	return []string{
		secretTitle, secretHeldTitle, secretBody, secretRemoved, secretHidden, secretHeld,
		secretName, secretDelegation, secretFile, secretFileText,
	}
}

// cellRoom is a room with one of everything in it. Each secret is a word that
// stands nowhere else.
type cellRoom struct {
	forum.Room
	author        forum.Member
	topic, held   int64
	post          int64 // that everybody may read who may read the room
	withheldPosts []int64
	file          int64
	secret        map[string]string
}

// cellReader is somebody with what the matrix expects of them, said without the
// rules that are to be tested.
type cellReader struct {
	name        string
	member      forum.Member
	cookie      string
	key         string // of their feeds
	inside      bool   // a member with rights
	keyed       bool   // whose key has them, though they have not
	grouped     bool   // of the group
	secretariat bool
	author      string // slug of the room that they wrote in
}

type matrixWorld struct {
	t       *testing.T
	house   *runningHouse
	server  *httptest.Server
	rooms   []*cellRoom
	readers []*cellReader
	state   string
	client  http.Client
	read    map[string]string // what was read, by reader and address
}

// newMatrixWorld builds a whole house: a site, its search and a forum with a
// room of each visibility and policy.
func newMatrixWorld(t *testing.T) *matrixWorld {
	t.Helper()
	w := &matrixWorld{t: t, state: t.TempDir(), client: http.Client{Timeout: patience}, read: map[string]string{}}
	dir := smallSite(t)
	w.makeRooms(dir)
	o, err := place{root: dir, state: w.state}.open(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.makeState(); err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewUnstartedServer(nil)
	t.Cleanup(w.server.Close)
	w.server.Start()
	flags := serveFlags{only: []string{partSite, partSearch, partForum}}
	if w.house, err = newHouse(t.Context(), o, flags, w.server.URL, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.house.close)
	if err := w.house.published.first(t.Context(), flags); err != nil {
		t.Fatal(err)
	}
	w.server.Config.Handler = w.house.handler
	w.makeReaders()
	for _, r := range w.rooms {
		w.fill(r)
	}
	w.endRights()
	ctx, cancel := context.WithCancel(context.Background())
	tasks, ctx := errgroup.WithContext(ctx)
	w.house.forum.run(ctx, tasks, w.house.search)
	t.Cleanup(func() {
		cancel()
		if err := tasks.Wait(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// makeRooms writes a configuration with every kind of room, and a delegation
// for the author in each.
func (w *matrixWorld) makeRooms(dir string) {
	var config, delegations strings.Builder
	var grouped []string
	random := rand.New(rand.NewPCG(11, 7))
	word := func() string { // pronounceable, and not like any other
		var text strings.Builder
		for range 6 {
			text.WriteByte("bdfgklmnprstvz"[random.IntN(14)])
			text.WriteByte("aeiou"[random.IntN(5)])
		}
		return text.String() + "x"
	}
	for _, v := range []forum.Visibility{forum.Public, forum.Members, "group:alpha"} {
		for _, p := range []forum.Policy{forum.Attributed, forum.DelegationOnly, forum.Chatham} {
			r := &cellRoom{Room: forum.Room{Slug: fmt.Sprintf("room-%d", len(w.rooms)), Visibility: v, Policy: p}, secret: map[string]string{}}
			for _, kind := range secretKinds() {
				r.secret[kind] = word()
			}
			code := fmt.Sprintf("ZZ%c", 'A'+len(w.rooms))
			r.author = forum.Member{Delegation: forum.Delegation{Code: code}}
			if grouped = append(grouped, fmt.Sprintf("%q", code)); v != "group:alpha" {
				grouped = grouped[:len(grouped)-1]
			}
			fmt.Fprintf(&delegations, "- {code: %s, kind: member, name: {en: %q, es: %[2]q}}\n", code, r.secret[secretDelegation])
			fmt.Fprintf(&config, "[[forum.rooms]]\nslug = %q\nvisibility = %q\npolicy = %q\nmail = \"full\"\n[forum.rooms.title]\nen = %[1]q\n[forum.rooms.summary]\nen = \"-\"\n", r.Slug, v, p)
			w.rooms = append(w.rooms, r)
		}
	}
	fmt.Fprintf(&config, "[forum.groups]\nalpha = [%s, \"XLA\"]\n", strings.Join(grouped, ", "))
	file := filepath.Join(dir, "config.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), "[[forum.rooms]]")
	_, after, _ := strings.Cut(rest, "[outputFormats.frame]")
	w.write(file, before+config.String()+"[outputFormats.frame]"+after)
	file = filepath.Join(dir, "data", "delegations.yaml")
	if text, err = os.ReadFile(file); err != nil {
		w.t.Fatal(err)
	}
	w.write(file, string(text)+delegations.String()+"- {code: ZAG, kind: agency, name: {en: Agency, es: Agencia}}\n- {code: ZOB, kind: observer, name: {en: Observer, es: Observador}}\n")
}

func (w *matrixWorld) write(file, text string) {
	w.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// makeReaders seats somebody of every kind and signs them in.
func (w *matrixWorld) makeReaders() {
	seat := func(name string, role forum.Role, code string) *cellReader {
		r := &cellReader{name: name, member: testkit.Seat(w.t, w.house.forum.db, strings.ReplaceAll(name, " ", ""), role, code), inside: true, grouped: code == "XLA"}
		w.signIn(r)
		w.readers = append(w.readers, r)
		return r
	}
	w.readers = []*cellReader{{name: "a visitor"}}
	for _, role := range []forum.Role{forum.RoleFocalPoint, forum.RoleAlternate, forum.RoleExpert, forum.RoleObserver} {
		seat(string(role)+" of the group", role, "XLA")
		seat(string(role)+" of another delegation", role, "XLB")
	}
	seat("an expert of an agency", forum.RoleExpert, "ZAG")
	seat("an observer", forum.RoleObserver, "ZOB")
	seat("the secretariat", forum.RoleSecretariat, "SEC").secretariat = true
	weak := seat("the secretariat without its second step", forum.RoleSecretariat, "SEC")
	weak.inside, weak.key = false, "" // nobody makes a key before the second step
	w.exec(`UPDATE sessions SET strong_at = NULL WHERE person = $1`, weak.member.ID)
	for _, name := range []string{"somebody suspended", "somebody whose seat was given away", "somebody signed out"} {
		seat(name, forum.RoleExpert, "XLA").inside = false
	}
	w.reader("somebody signed out").keyed = true // a key is for programs that never sign in
	for _, room := range w.rooms {
		a := seat(room.secret[secretName], forum.RoleExpert, room.author.Delegation.Code)
		a.author, a.grouped = room.Slug, room.Visibility == "group:alpha"
		room.author = a.member
		if a.grouped {
			room.author.Groups = []string{"alpha"}
		}
	}
}

// endRights takes the rights of those who shall have none, after a time in
// which they had them.
func (w *matrixWorld) endRights() {
	now := database.Millis(time.Now())
	for _, r := range w.readers {
		switch r.name {
		case "somebody suspended":
			w.exec(`UPDATE persons SET suspended_at = $2 WHERE id = $1`, r.member.ID, now)
		case "somebody whose seat was given away":
			w.exec(`UPDATE occupancies SET until = $2 WHERE person = $1`, r.member.ID, now)
		case "somebody signed out":
			w.exec(`UPDATE sessions SET revoked_at = $2 WHERE person = $1`, r.member.ID, now)
		}
	}
}

// signIn opens a session as the door does.
func (w *matrixWorld) signIn(r *cellReader) {
	r.cookie = fmt.Sprintf("session-of-%d", r.member.ID)
	sum := sha256.Sum256([]byte(r.cookie))
	now := time.Now()
	var err error
	if r.key, err = w.house.forum.store.NewFeedKey(w.t.Context(), r.member, "reader"); err != nil {
		w.t.Fatal(err)
	}
	w.exec(`INSERT INTO sessions (token_hash, person, agent, created_at, seen_at, expires_at, strong_at) VALUES ($1, $2, '', $3, $3, $4, $3)`,
		hex.EncodeToString(sum[:]), r.member.ID, database.Millis(now), database.Millis(now.Add(time.Hour)))
}

func (w *matrixWorld) exec(query string, args ...any) {
	w.t.Helper()
	err := w.house.forum.db.Tx(w.t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}

func (w *matrixWorld) reader(name string) *cellReader {
	i := slices.IndexFunc(w.readers, func(r *cellReader) bool { return r.name == name })
	return w.readers[i]
}
