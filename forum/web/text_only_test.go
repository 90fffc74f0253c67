package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cmc/forum"
)

func TestTextOnlyHoldsAndWeighsLittle(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("closed", "Visas", words(0))
	for i := range 19 {
		ana.post(topic.path+"posts", "lang", "en", "reply_to", "1", "body", words(i+1)).is(t, 200)
	}
	rooms := ana.get("/forum/").is(t, 200).Has("button", "Read as text only")
	plain := ana.post("/forum/text-only", append(rooms.form("/forum/text-only"), "on", "true")...).is(t, 200)
	plain.Has("footer button", "Back to the full page").Has(`link[rel=stylesheet][href="/forum/plain.css"]`)
	if plain.path != "/forum/" {
		t.Errorf("after the switch the reader is at %s, want /forum/", plain.path)
	}
	page := ana.get(topic.path).is(t, 200).Count("article", 20).Has("#composer textarea").Count("script", 0).Count("img", 0).Count("link[rel=stylesheet]", 1)
	style := ana.get("/forum/plain.css").is(t, 200)
	if size := packed(t, page.body) + packed(t, style.body); size > 15<<10 {
		t.Errorf("a text-only page of 20 posts weighs %d bytes, want 15 KB at most", size)
	} else {
		t.Logf("a text-only page of 20 posts weighs %d bytes", size)
	}
	ana.post(topic.path+"posts", append(page.form(topic.path+"posts"), "lang", "en", "body", "works as ever")...).is(t, 200).Has("#post-21", "works as ever")
	ana.get("/es/forum/").is(t, 200).Has("footer button", "Volver a la página completa")
	back := ana.get(topic.path + "?page=2")
	full := ana.post("/forum/text-only", append(back.form("/forum/text-only"), "on", "false")...).is(t, 200).Lacks("footer", "Back")
	if !strings.HasPrefix(full.path, topic.path) {
		t.Errorf("after switching back the reader is at %s, want the topic", full.path)
	}
	for _, elsewhere := range []string{"https://example.org/", "//example.org/", `/\example.org`, "javascript:alert(1)", ""} {
		if got := ana.post("/forum/text-only", "on", "false", "back", elsewhere); got.path != "/forum/" {
			t.Errorf("back to %q leads to %s, want /forum/", elsewhere, got.path)
		}
	}
}

func TestTextOnlyOffersAPictureAsAFile(t *testing.T) {
	h := sqliteHouse(t)
	r := httptest.NewRequest(http.MethodGet, "/forum/", nil)
	picture := forum.Attachment{ID: 7, Name: "map.png", Type: "image/png", Size: 120_000, Width: 800, Height: 600}
	if full := fileOf(h.pages.NewBase(r, "forum_title"), picture); !strings.Contains(full.Show, "120 KB") {
		t.Errorf("a full page offers the picture with %q, want its size", full.Show)
	}
	r.AddCookie(&http.Cookie{Name: "text_only", Value: "1"})
	if plain := fileOf(h.pages.NewBase(r, "forum_title"), picture); plain.Show != "" || plain.URL == "" || !strings.Contains(plain.Size, "120") {
		t.Errorf("text only shows %+v, want a file with its size and no picture", plain)
	}
}

// words are a post of some length in which no two are alike.
func words(seed int) string {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "word%d-%d ", seed, i*7919%997)
	}
	return b.String()
}

func packed(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
