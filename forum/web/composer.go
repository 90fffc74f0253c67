package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"cmc/forum"
	"cmc/forum/attach"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// filesField is the name of the file field, and of the faults about it.
const filesField = "files"

// aside does what a form asks for besides being posted: the files that came
// with it are kept, one is taken away, or the text is to be looked at first. It
// tells whether the form is shown again.
func (f *Web) aside(r *http.Request, at forum.DraftPlace, sent form) (bool, error) {
	if text := sent.get("detach[]"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return true, errs.New(errs.NotFound, "error_not_found")
		}
		return true, f.Store.Detach(r.Context(), f.member(r), id)
	}
	return sent.get("attach") != "" || sent.get("preview") != "", f.keepFiles(r, at)
}

// keepFiles keeps the files that came with a form, all that can be kept, and
// says what is wrong with the others.
func (f *Web) keepFiles(r *http.Request, at forum.DraftPlace) error {
	if r.MultipartForm == nil {
		return nil
	}
	var faults errs.Fields
	for i, file := range r.MultipartForm.File[filesField] {
		if i > attach.MaxFiles {
			break // the store has said already that there are too many
		}
		err := f.keepFile(r, at, file)
		var fault *errs.Error
		switch {
		case err == nil:
		case errors.As(err, &fault) && fault.Field == filesField:
			faults = append(faults, fault)
		default:
			return err
		}
	}
	return faults.OrNil()
}

func (f *Web) keepFile(r *http.Request, at forum.DraftPlace, file *multipart.FileHeader) error {
	if file.Size > attach.MaxSize {
		return attach.TooLarge(file.Filename)
	}
	from, err := file.Open()
	if err != nil {
		return fmt.Errorf("open a file that was sent: %w", err)
	}
	defer from.Close()
	data, err := io.ReadAll(io.LimitReader(from, attach.MaxSize+1))
	if err != nil {
		return fmt.Errorf("read a file that was sent: %w", err)
	}
	return f.Store.Attach(r.Context(), f.member(r), at, file.Filename, data)
}

// complete adds to a composer what it has besides its text: the files that wait
// with it, and how the text will look where that was asked for.
func (f *Web) complete(r *http.Request, m forum.Member, c *Composer, at forum.DraftPlace, room forum.Room) error {
	if r.Method == http.MethodPost {
		c.Fresh = false
	}
	all, err := f.Store.FilesAt(r.Context(), m, at)
	if err != nil {
		return err
	}
	for _, file := range all {
		c.Files = append(c.Files, fileOf(c.Base, file))
	}
	c.Endings = strings.Join(attach.Endings(), ",")
	c.FilesHint = c.T("forum_files_hint", "Count", attach.MaxFiles, "Limit", attach.MaxSize>>20)
	if room.Policy != forum.Attributed {
		c.FilesHint += " " + c.T("forum_files_hint_names")
	}
	if sent := formOf(r); sent.get("preview") != "" && c.Body != "" && !sent.restored {
		text, err := f.Store.Preview(r.Context(), room, c.Body)
		if err != nil {
			return err
		}
		c.Preview = localized(c.Base, text)
	}
	return nil
}

// quote is the Markdown with which an answer begins that quotes a post. Who
// spoke is named only as far as it may be told outside the room, since a text
// travels; and nothing is taken to where more people read.
func (f *Web) quote(r *http.Request, b page.Base, m forum.Member, to forum.Room, post int64) (string, error) {
	if post == 0 {
		return "", nil
	}
	v, err := f.Store.Post(r.Context(), m, post)
	if err != nil || v.Post.Withheld() || v.Room.Visibility.Widens(to.Visibility) {
		return "", err
	}
	label := b.T("forum_quote_anonymous", "Number", v.Post.Number)
	if by := forum.Attribute(v.Room.Policy, forum.Elsewhere, v.Post.Author); by.Delegation.Code != "" {
		label = b.T("forum_quote_by", "Number", v.Post.Number, "By", byline(b, by))
	}
	return forum.Quote(label, post, v.Post.Body), nil
}
