package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"cmc/forum"
	"cmc/internal/page"
)

// fileView is a file of a post, or one that waits with a form.
type fileView struct {
	ID            int64
	Name, URL     string
	Kind, Size    string
	Show          string // the words that ask for a picture; empty: none
	Width, Height int
}

func fileOf(b page.Base, a forum.Attachment) fileView {
	v := fileView{
		ID:   a.ID,
		Name: a.Name,
		URL:  fmt.Sprintf("/forum/files/%d", a.ID),
		Kind: strings.ToUpper(strings.TrimPrefix(path.Ext(a.Name), ".")),
		Size: sizeOf(b, a.Size),
	}
	if a.Picture() && !b.TextOnly {
		v.Width, v.Height = a.Width, a.Height
		v.Show = b.T("forum_file_show", "Name", a.Name, "Width", b.Lang.Number(a.Width), "Height", b.Lang.Number(a.Height), "Size", v.Size)
	}
	return v
}

// sizeOf tells a number of bytes as people read it.
func sizeOf(b page.Base, bytes int64) string {
	switch {
	case bytes < 1000:
		return b.T("forum_file_bytes", "Size", b.Lang.Number(int(bytes)))
	case bytes < 1_000_000:
		return b.T("forum_file_kb", "Size", b.Lang.Number(int((bytes+500)/1000)))
	}
	return b.T("forum_file_mb", "Size", b.Lang.Number(int((bytes+500_000)/1_000_000)))
}

// file sends a file, to be saved and not opened in the site's place. Who may
// have it is asked with every request, and a download that broke off is
// continued where it was.
func (f *Web) file(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	v, err := f.Store.File(r.Context(), f.member(r), id)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", v.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": v.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+v.SHA256+`"`)
	if !strings.HasPrefix(v.Type, "text/") {
		h.Set("No-Gzip-Compression", "yes") // it is compressed already; taken off on the way
	}
	// On a weak link a file takes longer than a page may.
	ctx := context.WithoutCancel(r.Context())
	http.ServeContent(w, r, "", time.Time{}, f.Store.Content(ctx, v))
	return nil
}
