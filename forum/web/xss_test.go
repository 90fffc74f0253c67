package web

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/i18n"
	"cmc/internal/page"
	"cmc/internal/testkit"
)

// guarded is a frame without a content security policy, so that whatever can
// run does, and is counted.
const guarded = `<!doctype html><html lang="en"><head><title>[[ .Title ]]</title>
<script>var ran = 0; alert = confirm = prompt = print = () => { ran++ }</script>
<script type="module" src="/assets/js/forum.js"></script></head><body><main>[[ template "main" . ]]</main></body></html>`

// visitFrames opens addresses in a frame, one after the other, waits until
// what a payload would start has had its turn, and counts.
const visitFrames = `
turn = () => new Promise((done) => setTimeout(done, 5));
inFrame = async (addresses) => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  let count = 0;
  for (const address of addresses) {
    await new Promise((done) => { frame.onload = done; frame.src = address; });
    await turn();
    try { count += frame.contentWindow.ran ?? 0; } catch { /* the payload led elsewhere */ }
  }
  frame.remove();
  return count;
}`

// TestNothingThatAMemberWritesRuns opens every payload in a browser as the
// text of a post, as its title, as the reason of a removal, as the name of a
// person, of a delegation and of a file, with the rules that keep control
// characters out of names left aside.
func TestNothingThatAMemberWritesRuns(t *testing.T) {
	testkit.Require(t, "chromium")
	all, own := testkit.Payloads(t)
	s := newXSSServer(t, all)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	b.Open(s.URL + "/control?q=0")
	b.Eval(visitFrames+"; 0", nil)
	count := func(addresses []string) (n int) {
		t.Helper()
		list, err := json.Marshal(addresses)
		if err != nil {
			t.Fatal(err)
		}
		b.EvalAsync(fmt.Sprintf(`inFrame(%s)`, list), &n)
		return n
	}
	var control []string
	for i, p := range all[:own] { // of the control only what asks nobody else for anything
		if !strings.Contains(p, "javascript:") {
			control = append(control, fmt.Sprintf("/control?q=%d", i))
		}
	}
	ran := count(control)
	if ran < 10 {
		t.Errorf("%d scripts ran on a page that escapes nothing: the test could not fail", ran)
	}
	for what, addresses := range s.addresses {
		if n := count(addresses); n != 0 {
			t.Errorf("%s: %d scripts ran", what, n)
		}
	}
	t.Logf("%d payloads: %d scripts ran on the page that escapes nothing, none on ours", len(all), ran)
}

// xssServer is a forum full of payloads, read by the secretariat, which sees
// most.
type xssServer struct {
	*httptest.Server
	addresses map[string][]string
}

func newXSSServer(t *testing.T, all []string) *xssServer {
	t.Helper()
	db := testkit.OpenDatabase(t, testkit.SQLite(t))
	forums := store.New(db, nil)
	room := forum.Room{Slug: "room", Titles: map[string]string{"en": "Room"}, Visibility: forum.Members, Policy: forum.Attributed}
	if err := forums.SeedRooms(t.Context(), []forum.Room{room}); err != nil {
		t.Fatal(err)
	}
	reader := testkit.Seat(t, db, "Sam", forum.RoleSecretariat, "SEC")
	s := &xssServer{addresses: map[string][]string{}}
	fillWithPayloads(t, db, forums, all, s.addresses)
	cat, err := i18n.Load(os.DirFS("../.."), "en")
	if err != nil {
		t.Fatal(err)
	}
	pages := page.NewSet(cat, slog.New(slog.DiscardHandler))
	mux := http.NewServeMux()
	New(Options{Store: forums, Pages: pages, Member: func(context.Context) forum.Member { return reader }}).Routes(mux)
	if err := pages.SetFrames(map[string][]byte{"en": []byte(guarded)}); err != nil {
		t.Fatal(err)
	}
	mux.Handle("GET /assets/js/", http.StripPrefix("/assets/js/", http.FileServerFS(os.DirFS("../../assets/js"))))
	mux.HandleFunc("GET /control", func(w http.ResponseWriter, r *http.Request) {
		q := all[number(r, "q")]
		fmt.Fprintf(w, `<title>%s</title><script>var ran = 0; alert = confirm = prompt = print = () => { ran++ }</script><input value="%s">%s`, html.EscapeString(q), q, q)
	})
	s.Server = httptest.NewServer(page.Localize(cat, []string{"forum"}, mux))
	t.Cleanup(s.Close)
	return s
}

// fillWithPayloads makes topics of twenty posts, each with a payload of its
// own wherever a text can stand, and lists the pages that show them.
func fillWithPayloads(t *testing.T, db *database.DB, forums *store.Store, all []string, addresses map[string][]string) {
	t.Helper()
	author := testkit.Seat(t, db, "Eve", forum.RoleExpert, "AAA")
	var topic int64
	for i, p := range all {
		if i%forum.PostsPerPage == 0 {
			opened, err := forums.Start(t.Context(), author, forum.NewTopic{
				Room: "room", Title: fmt.Sprint("Topic ", i), Lang: "en", NewPost: forum.NewPost{Body: "First"},
			})
			if err != nil {
				t.Fatal(err)
			}
			topic = opened.ID
			addresses["topics"] = append(addresses["topics"], fmt.Sprintf("/forum/topics/%d/", topic), fmt.Sprintf("/forum/topics/%d/?page=2", topic))
			addresses["fragments"] = append(addresses["fragments"], fmt.Sprintf("/forum/topics/%d/fragment?after=0", topic))
			plant(t, db, `UPDATE topics SET title = $2, questions = $2 WHERE id = $1`, topic, p)
		}
		body := p
		if strings.TrimSpace(strings.ToValidUTF8(body, "")) == "" {
			body = "empty"
		}
		post, err := forums.Reply(t.Context(), author, topic, forum.NewPost{Body: strings.ToValidUTF8(strings.Map(printable, body), "?"), BodyLang: "en"})
		if err != nil {
			continue // nothing that anybody would see
		}
		plant(t, db, `INSERT INTO attachments (post, seat, place, name, type, size, sha256, width, height, text, created_at)
VALUES ($1, $3, '', $2, $2, 1, '', 1, 1, $2, 1)`, post.ID, p, author.Seat)
		switch i % 5 {
		case 0:
			plant(t, db, `UPDATE posts SET removed_at = 1, removed_by = author, removed_why = $2 WHERE id = $1`, post.ID, p)
		case 1:
			plant(t, db, `UPDATE posts SET hidden_at = 1, hidden_why = $2 WHERE id = $1`, post.ID, p)
		case 2:
			plant(t, db, `UPDATE posts SET held_at = 1 WHERE id = $1`, post.ID, p)
		case 3:
			plant(t, db, `INSERT INTO reports (post, person, seat, why, at) VALUES ($1, $3, $4, $2, 1)`, post.ID, p, author.ID, author.Seat)
		}
		addresses["posts"] = append(addresses["posts"],
			fmt.Sprintf("/forum/posts/%d/history", post.ID), fmt.Sprintf("/forum/posts/%d/hide", post.ID))
	}
	addresses["lists"] = []string{"/forum/", "/forum/rooms/room/", "/forum/rooms/room/?page=2", "/forum/moderation/", "/forum/log/", "/forum/new/", "/forum/delegations/", "/forum/delegations/AAA/"}
	for i, p := range all {
		person := testkit.Seat(t, db, fmt.Sprint("P", i), forum.RoleExpert, fmt.Sprintf("D%d", i/10))
		if i%10 == 0 {
			names, err := json.Marshal(map[string]string{"en": p})
			if err != nil {
				t.Fatal(err)
			}
			plant(t, db, `UPDATE delegations SET names = $2 WHERE code = $1`, person.Delegation.Code, string(names))
		}
		plant(t, db, `UPDATE persons SET name = $2 WHERE id = $1`, person.ID, p)
		plant(t, db, `UPDATE posts SET author = $2, seat = $3 WHERE id = $1`, i+1, person.ID, person.Seat)
	}
}

func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' {
		return ' '
	}
	return r
}

func plant(t *testing.T, db *database.DB, query string, args ...any) {
	t.Helper()
	// A payload may be cut in the middle of a character; no form lets that in.
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "?")
		}
	}
	err := db.Tx(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}
