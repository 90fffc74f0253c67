package web

import (
	"net/http"
	"strconv"

	"cmc/forum"
	"cmc/internal/errs"
	"cmc/internal/page"
)

// bouncesShown is how many letters that came back one page shows.
const bouncesShown = 200

type bouncesPage struct {
	page.Base
	People []bouncing
}

// bouncing is a person whose letters came back.
type bouncing struct {
	Person           int64
	Name, Delegation string
	Said             []said
}

type said struct{ At, ISO, Code, Text string }

// bounces shows the secretariat whose letters came back, and why.
func (f *Web) bounces(w http.ResponseWriter, r *http.Request, m forum.Member) error {
	if err := onlySecretariat(m); err != nil {
		return err
	}
	all, err := f.Mailer.Records().Bounces(r.Context(), bouncesShown)
	if err != nil {
		return err
	}
	p := bouncesPage{Base: f.base(r, "forum_bounces_title")}
	at := map[int64]int{}
	for _, b := range all {
		i, known := at[b.Person]
		if !known {
			i = len(p.People)
			at[b.Person] = i
			p.People = append(p.People, bouncing{Person: b.Person, Name: b.Name, Delegation: b.Delegation})
		}
		p.People[i].Said = append(p.People[i].Said, said{
			p.Lang.DateTime(b.At), b.At.UTC().Format("2006-01-02T15:04:05Z"), b.Code, b.Text,
		})
	}
	return f.Pages.Render(w, r, http.StatusOK, "mail/bounces", p)
}

func onlySecretariat(m forum.Member) error {
	if !m.Secretariat() {
		return errs.New(errs.Denied, "forum_bounces_denied")
	}
	return nil
}

// clear takes note that a person's address was put right.
func (f *Web) clear(w http.ResponseWriter, r *http.Request, m forum.Member) error {
	if err := onlySecretariat(m); err != nil {
		return err
	}
	person, err := strconv.ParseInt(r.PostForm.Get("person"), 10, 64)
	if err != nil {
		return errs.New(errs.NotFound, "error_not_found")
	}
	if err := f.Mailer.Records().Clear(r.Context(), person); err != nil {
		return err
	}
	f.Mailer.Wake()
	return f.to(w, r, "/forum/bounces/")
}
