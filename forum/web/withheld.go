package web

import (
	"fmt"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/page"
)

// deedLink leads to where a deed is asked about.
type deedLink struct{ URL, Text string }

// deedsFor are the deeds that a member may do to a post.
func deedsFor(b page.Base, m forum.Member, v store.PostView, now time.Time) []deedLink {
	var all []deedLink
	for _, d := range deeds() {
		if d.fits(v.Post) && d.may(m, v, now) {
			all = append(all, deedLink{
				b.URL(fmt.Sprintf("/forum/posts/%d/%s", v.Post.ID, d.name)),
				b.T("forum_"+d.name, "Number", v.Post.Number),
			})
		}
	}
	return all
}

// withhold says what is told of a post that waits or is hidden: to most in its
// place, to those who may read it beside its words.
func (v *postView) withhold(b page.Base, m forum.Member, room forum.Room, p forum.Post) {
	text := b.T("forum_held_text")
	if p.Hidden != nil {
		text = b.T("forum_hidden_text", "Date", b.Lang.DateTime(p.Hidden.At))
		v.Reason = p.Hidden.Reason
	}
	if forum.CanReadPost(m, room, p) {
		v.Notice = text
		return
	}
	v.Removed = text
	if p.Held {
		v.Heading = b.T("forum_held_heading", "Number", p.Number)
	}
}
