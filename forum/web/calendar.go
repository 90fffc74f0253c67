package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"cmc/forum/store"
	"cmc/internal/page"
)

type calendarPage struct {
	page.Base
	Months []calendarMonth
	File   string // for a calendar program; empty for who has to make a key first
	Keys   string
}

type calendarMonth struct {
	Name  string
	Dates []newsAwaited
}

// past is how long a calendar keeps a date that has passed.
const past = 31 * 24 * time.Hour

// calendar lists what closes when.
func (f *Web) calendar(w http.ResponseWriter, r *http.Request) error {
	m := f.member(r)
	dates, err := f.Store.Dates(r.Context(), m, f.Now())
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "calendar_title")
	b.NoIndex = true
	p := calendarPage{Base: b}
	if m.SignedIn() {
		p.Keys = b.URL(feedsPath)
	} else {
		p.File = b.URL(calendarFile)
	}
	for _, d := range dates {
		_, name, _ := strings.Cut(b.Lang.Date(d.Topic.ClosesAt), " ") // without the day
		if last := len(p.Months) - 1; last < 0 || p.Months[last].Name != name {
			p.Months = append(p.Months, calendarMonth{Name: name})
		}
		month := &p.Months[len(p.Months)-1]
		month.Dates = append(month.Dates, f.awaited(b, []store.Awaited{d}, "forum_kind_"+string(d.Topic.Kind))...)
	}
	return f.Pages.Render(w, r, http.StatusOK, "forum/calendar", p)
}

const calendarFile = "/forum/feed/calendar.ics"

// calendarICS answers a calendar program with the same dates.
func (f *Web) calendarICS(w http.ResponseWriter, r *http.Request) error {
	m, public, err := f.feedReader(r)
	if err != nil {
		return err
	}
	dates, err := f.Store.Dates(r.Context(), m, f.Now().Add(-past))
	if err != nil {
		return err
	}
	changed, err := f.Store.Changed(r.Context(), m, store.Scope{})
	if err != nil {
		return err
	}
	b := f.Pages.NewBase(r, "calendar_title")
	host := "forum.invalid"
	if u, err := url.Parse(f.absolute("/")); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	var c icalendar
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//"+host+"//forum//"+strings.ToUpper(b.Lang.Code()))
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", b.T("feed_title_of", "Name", b.Title, "Site", f.Site(b.Lang.Code())))
	for _, d := range dates {
		address := f.absolute(b.URL(topicPath(d.Topic.ID)))
		c.line("BEGIN", "VEVENT")
		c.line("UID", fmt.Sprintf("topic-%d@%s", d.Topic.ID, host))
		c.line("DTSTAMP", icalTime(d.Topic.CreatedAt))
		c.line("DTSTART", icalTime(d.Topic.ClosesAt)) // without an end: a moment
		c.text("SUMMARY", b.T("calendar_closes", "Title", d.Topic.Title))
		c.text("DESCRIPTION", b.T("forum_kind_"+string(d.Topic.Kind))+"\n"+d.Room.Title(b.Lang.Code())+"\n"+address)
		c.line("URL", address)
		c.line("TRANSP", "TRANSPARENT")
		c.line("END", "VEVENT")
	}
	c.line("END", "VCALENDAR")
	return f.sendFile(w, r, "text/calendar", []byte(c.String()), changed, public)
}

// icalendar is a file in the format of RFC 5545.
type icalendar struct{ strings.Builder }

func icalTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// text adds a property whose value is text for people.
func (c *icalendar) text(name, value string) {
	c.line(name, strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(value))
}

// foldAt is how many octets a line may have before its end.
const foldAt = 75

// line adds a property, folded between characters.
func (c *icalendar) line(name, value string) {
	width := 0
	for _, r := range name + ":" + value {
		if r < ' ' && r != '\t' {
			continue
		}
		if size := utf8.RuneLen(r); width+size > foldAt {
			c.WriteString("\r\n ")
			width = 1 // the space that says that the line goes on
		}
		c.WriteRune(r)
		width += utf8.RuneLen(r)
	}
	c.WriteString("\r\n")
}
