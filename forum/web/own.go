package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"

	"cmc/forum"
	"cmc/internal/page"
)

type ownPage struct {
	page.Base
	Posts, Topics int
	JSON, Mbox    string
	Erase         string
}

// own shows a member what the forum keeps of them, to be carried away.
func (f *Web) own(w http.ResponseWriter, r *http.Request) error {
	o, err := f.Store.Own(r.Context(), f.member(r))
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "forum_own_title")
	b.NoIndex = true
	return f.Pages.Render(w, r, http.StatusOK, "forum/own", ownPage{
		Base: b, Posts: len(o.Posts), Topics: len(o.Topics),
		JSON: b.URL("/forum/own/data.json"), Mbox: b.URL("/forum/own/posts.mbox"), Erase: b.URL("/account/erase"),
	})
}

func (f *Web) ownJSON(w http.ResponseWriter, r *http.Request) error {
	o, err := f.Store.Own(r.Context(), f.member(r))
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return fmt.Errorf("write a member's data: %w", err)
	}
	return download(w, "application/json", "data.json", text)
}

func (f *Web) ownMbox(w http.ResponseWriter, r *http.Request) error {
	o, err := f.Store.Own(r.Context(), f.member(r))
	if err != nil {
		return err
	}
	var box bytes.Buffer
	if err := forum.WriteMbox(&box, o, hostOf(r)); err != nil {
		return err
	}
	return download(w, "application/mbox", "posts.mbox", box.Bytes())
}

// hostOf names the site in messages: the host that was asked, without a port.
func hostOf(r *http.Request) string {
	u := url.URL{Host: r.Host}
	return u.Hostname()
}

// download sends a file for one person, which nothing on the way may keep.
func download(w http.ResponseWriter, kind, name string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	_, err := w.Write(body)
	return err
}
