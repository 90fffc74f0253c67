package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"cmc/forum"
	forummail "cmc/forum/mail"
	mailweb "cmc/forum/mail/web"
	"cmc/internal/account/web"
	"cmc/internal/mail"
	"cmc/internal/page"
)

// letters are what the forum tells its members by mail, with the pages about
// it.
type letters struct {
	*forummail.Mailer
	pages *mailweb.Web
}

func openLetters(o *opened, p *forumParts, pages *page.Set, stdout io.Writer) (*letters, error) {
	m := o.config.Mail
	place, err := time.LoadLocation(m.Timezone)
	if err != nil {
		return nil, fmt.Errorf("mail.timezone in config.toml: %w", err)
	}
	l := &letters{Mailer: forummail.New(forummail.Options{
		Options:  o.post(stdout),
		DB:       p.db,
		Store:    p.store,
		Texts:    o.texts,
		Site:     o.config.TitleIn,
		Groups:   o.config.Forum.Groups,
		Cadence:  forum.Cadence(m.Cadence),
		Hour:     m.Hour,
		Location: place,
		Bounces:  m.Bounces,
		Link:     o.links(p.base),
	})}
	l.pages = mailweb.New(mailweb.Options{Mailer: l.Mailer, Pages: pages, Member: web.Member})
	return l, nil
}

// post is the way that mail takes, as config.toml says; without a server,
// letters become files and their links are printed.
func (o *opened) post(stdout io.Writer) mail.Options {
	m := o.config.Mail
	return mail.Options{
		SMTP: mail.SMTP{Host: m.Host, Port: m.Port, Username: m.Username, Password: os.Getenv("CMC_MAIL_PASSWORD")},
		From: m.From,
		Dir:  o.path("mail"),
		Log:  o.log,
		Filed: func(l mail.Letter, file string) {
			fmt.Fprintf(stdout, "No mail server is set up; a letter was written to %s\n", file)
			if l.Link != "" {
				fmt.Fprintf(stdout, "  its link: %s\n", l.Link)
			}
		},
	}
}

// outbox sends what carries a secret.
func (o *opened) outbox(stdout io.Writer) *mail.Outbox { return mail.NewOutbox(o.post(stdout)) }

// links makes absolute addresses of paths, in a language.
func (o *opened) links(base string) func(lang, path string) string {
	return func(lang, path string) string {
		if lang == o.config.DefaultLanguage {
			return base + path
		}
		return base + "/" + lang + path
	}
}
