package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/forum/attach"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// sentFile is what somebody chose in a file field.
type sentFile struct{ name, data string }

// upload sends a form of name, value pairs with files.
func (r *reader) upload(path string, files []sentFile, pairs ...string) answer {
	r.h.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			r.h.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile("files", f.name)
		if err == nil {
			_, err = io.WriteString(part, f.data)
		}
		if err != nil {
			r.h.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		r.h.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.h.t.Context(), http.MethodPost, r.h.address+path, &form)
	if err != nil {
		r.h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Origin", r.h.address)
	return r.do(req)
}

// fetch asks for a file and returns it with its headers.
func (r *reader) fetch(path, bytes string) (int, http.Header, string) {
	r.h.t.Helper()
	req, err := http.NewRequestWithContext(r.h.t.Context(), http.MethodGet, r.h.address+path, nil)
	if err != nil {
		r.h.t.Fatal(err)
	}
	if bytes != "" {
		req.Header.Set("Range", bytes)
	}
	res, err := r.client.Do(req)
	if err != nil {
		r.h.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		r.h.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

func webp(t *testing.T) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFilesGoWithTheirPost(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db)
		ana, bo := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint), h.member("Bo Rolle", "BHS", forum.RoleExpert)
		topic := ana.start("closed", "Visas", "one")
		action := topic.path + "posts"
		report := "Paragraph 1\n" + strings.Repeat("more ", 120_000) // more than two pieces

		again := ana.upload(action, []sentFile{{"annex.txt", report}, {"virus.exe", "MZ\x90\x00"}},
			append(topic.form(action), "lang", "en", "body", "kept word", "attach", "yes")...).is(t, http.StatusUnprocessableEntity)
		again.Has(".files-field .field-error", "virus.exe").Has(".file-list a", "annex.txt").Has("textarea", "kept word").
			Has(`.error-summary a[href="#files"]`)
		waiting := again.Attr(".file-list a", "href")
		if status, _, _ := bo.fetch(waiting, ""); status != http.StatusNotFound {
			t.Errorf("somebody else gets a file that waits: %d", status)
		}

		again = ana.upload(action, []sentFile{{"map.webp", webp(t)}}, append(again.form(action), "lang", "en", "body", "kept word", "preview", "yes")...).is(t, 200)
		again.Has("#preview .post-body", "kept word").Count(".composer .file-list li", 2)
		posted := ana.upload(action, nil, append(again.form(action), "lang", "en", "body", "with files")...).is(t, 200)
		posted.Has("#post-2 .file-list a", "annex.txt").Has("#post-2 .file-list .meta", "TXT, 600 KB").
			Has("#post-2 details summary", "Show map.webp (1 × 1").Lacks(".composer .file-list")
		if got := posted.Attr("#post-2 details img", "loading"); got != "lazy" {
			t.Errorf("the picture is loaded %q, want lazy", got)
		}

		file := posted.Attr("#post-2 .file-list a", "href")
		status, header, body := bo.fetch(file, "")
		if status != 200 || body != report {
			t.Errorf("the file is answered with %d and %d bytes, want %d", status, len(body), len(report))
		}
		for name, want := range map[string]string{
			"Content-Disposition": "attachment; filename=annex.txt", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'", "Cache-Control": "private, no-store",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if status, _, body := bo.fetch(file, "bytes=300000-300009"); status != http.StatusPartialContent || body != report[300000:300010] {
			t.Errorf("a part of the file is answered with %d %q", status, body)
		}
		if status, _, _ := h.visitor().fetch(file, ""); status == 200 {
			t.Error("a visitor gets a member's file")
		}

		post := posted.Attr("#post-2", "data-post")
		form := ana.get("/forum/posts/"+post+"/edit").is(t, 200).Count(".file-list li", 2)
		edit := "/forum/posts/" + post + "/edit"
		left := ana.post(edit, append(form.form(edit), "lang", "en", "body", "with files", "detach[]", form.Attr(".file-list button", "value"))...)
		left.is(t, 200).Count(".file-list li", 1)
		if status, _, _ := bo.fetch(file, ""); status != http.StatusNotFound {
			t.Errorf("a file that was taken away is still there: %d", status)
		}
		picture := left.Attr(".file-list a", "href")
		ana.post("/forum/posts/"+post+"/remove", "reason", "").Lacks("#post-2 .file-list")
		if status, _, _ := bo.fetch(picture, ""); status != http.StatusNotFound {
			t.Errorf("a file of a removed post is still there: %d", status)
		}
		var pieces int
		if err := db.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM uploads`).Scan(&pieces); err != nil || pieces != 0 {
			t.Errorf("%d pieces of files are left, %v; want none", pieces, err)
		}
	})
}

func TestFilesGoWithTheTopicOfARecord(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	const path = "/forum/discuss?record=practice-rrtm"
	form := ana.get(path).is(t, 200)
	kept := ana.upload(path, []sentFile{{"a.txt", "text"}}, append(form.form(path), "title", "T", "lang", "en", "body", "*b*", "preview", "yes")...)
	kept.is(t, 200).Has("#preview em", "b").Has(".file-list a", "a.txt")
	ana.upload(path, nil, append(kept.form(path), "room", "closed", "title", "T", "lang", "en", "body", "*b*")...).is(t, 200).
		Has("#post-1 .file-list a", "a.txt")
}

func TestASixthFileIsOneTooMany(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	var files []sentFile
	for _, name := range []string{"1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt"} {
		files = append(files, sentFile{name, "text of " + name})
	}
	const path = "/forum/rooms/closed/new"
	form := ana.get(path)
	got := ana.upload(path, files, append(form.form(path), "title", "Six", "lang", "en", "body", "b")...)
	got.is(t, http.StatusUnprocessableEntity).Has(".field-error", "at most 5 files").Count(".file-list li", attach.MaxFiles)
	ana.upload(path, nil, append(got.form(path), "title", "Six", "lang", "en", "body", "b")...).Count("#post-1 .file-list li", 5)
}

func TestFilesWaitThroughAnEndedSession(t *testing.T) {
	h := sqliteHouse(t)
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.start("closed", "Visas", "one")
	action := topic.path + "posts"
	form := ana.upload(action, []sentFile{{"a.txt", "text"}}, append(topic.form(action), "lang", "en", "body", "w", "attach", "yes")...).is(t, 200)
	ana.post("/account/sign-out")
	ended := ana.upload(action, []sentFile{{"b.txt", "lost"}}, append(form.form(action), "lang", "en", "body", "every word")...)
	ended.is(t, http.StatusUnauthorized).Has("pre", "every word").Has(".notice", "choose them again")
	const address = "ana.joseph@example.org"
	code := ana.post("/account/sign-in", append(ended.form("/account/sign-in"), "address", address)...)
	back := ana.post("/account/code", append(code.form("/account/code"), "code", h.code(address))...)
	sent := ana.post(back.Attr("main form", "action"), back.form(back.Attr("main form", "action"))...)
	if !strings.Contains(sent.body, "every word") {
		sent = back
	}
	sent.Has("textarea", "every word").Has(".composer .file-list a", "a.txt")
}
