package web

import (
	"net/http"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

func TestAQueryIsAskedClosedAndAnswered(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db)
		ana, bo := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint), h.member("Bo Rolle", "BHS", forum.RoleExpert)
		const path = "/forum/rooms/closed/new"
		day := h.clock().UTC().AddDate(0, 0, 2)
		form := ana.get(path).Has(".only-query label", "Guiding questions").form(path)
		form = append(form, "title", "Transit visas", "lang", "en", "body", "Please answer.", "questions", "1. Who asks for one?")

		ana.post(path, append(form, "kind", "discussion")...).is(t, 422).Has("#questions-error").Has("#questions", "Who asks")
		ana.post(path, append(form, "kind", "query", "closes", "soon")...).is(t, 422).Has("#closes-error", "not a date")
		ana.post(path, append(form, "kind", "query", "closes", "2020-01-31")...).is(t, 422).Has("#closes-error", "in the past")
		topic := ana.post(path, append(form, "kind", "query", "closes", day.Format(time.DateOnly))...).is(t, 200)
		topic.Has(".questions li", "Who asks for one?").Has(".badge", "Closing soon").Has("h1 + .meta time", "23:59 UTC")
		ana.get("/forum/rooms/closed/").Has(".topic-list .badge", "Question to all delegations").Has(".topic-list .meta", "closes")

		posts := topic.path + "posts"
		answered := bo.post(posts, "lang", "en", "body", "Nobody does.").is(t, 200)
		answered.Lacks("button", "consolidated").Lacks("button", "Close the topic")
		h.later(72 * time.Hour)
		bo.get(topic.path).Has(".badge", "Closed").Has("#composer", "is closed").Lacks("#composer form").Lacks("a", "Edit post 2")
		late := bo.post(posts, "lang", "en", "body", "one more word").is(t, http.StatusForbidden)
		late.Has("pre", "one more word").Has("main", "was closed")

		bo.post(topic.path+"closes", "closes", "2099-01-31").is(t, http.StatusForbidden)
		ana.post(topic.path+"closes", "closes", "2020-01-31").is(t, 422).Has(`.error-summary a[href="#closes"]`, "in the past")
		longer := ana.post(topic.path+"closes", "closes", "2099-01-31").is(t, 200).Has("h1 + .meta time", "31 January 2099")
		if got := longer.Attr("#closes", "value"); got != "2099-01-31" {
			t.Errorf("the form shows %q", got)
		}
		bo.get(topic.path).Has("#composer form")
		closed := ana.get(topic.path).Has("#consolidates").Has("button", "Make post 2 the consolidated reply")
		done := ana.post(posts, append(closed.form(posts), "lang", "en", "body", "In **sum**: nobody.", "consolidates", "true")...).is(t, 200)
		done.Has("#post-3 .badge", "Consolidated reply")
		first := bo.get(topic.path).Has(".badge", "Answered").Has(".consolidated strong", "sum").Has(".consolidated a", "post 3")
		first.Lacks("#composer form")
		id := done.Attr("#post-3", "data-post")
		bo.post("/forum/posts/"+id+"/consolidate", "on", "false").is(t, http.StatusForbidden)
		ana.post("/forum/posts/"+id+"/remove", "reason", "")
		bo.get(topic.path).Lacks(".consolidated").Has(".badge", "Closed")
		ana.post(topic.path+"close", "on", "false").is(t, 200).Lacks(".badge", "Closed")
		bo.get(topic.path).Has("#composer form")
		log := bo.get("/forum/log/").is(t, 200)
		for _, deed := range []string{"Closing date changed", "Consolidated reply chosen", "Consolidated reply withdrawn", "Topic opened again"} {
			log.Has("main", deed)
		}
	})
}

func TestACircularIsAcknowledgedOncePerDelegation(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *database.DB) {
		t.Helper()
		h := newHouse(t, db)
		sam := h.member("Sam Roe", "SEC", forum.RoleSecretariat)
		ana, bo := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint), h.member("Bo Rolle", "BHS", forum.RoleExpert)
		ida := h.member("Ida Berg", "NOR", forum.RoleObserver)
		topic := sam.post("/forum/rooms/closed/new", "title", "New address", "kind", "circular", "lang", "en", "body", "Note it.").is(t, 200)
		topic.Has(".circular", "Acknowledged by 0 of 2 delegations").Has(".circular li", "Saint Lucia").Has(".circular li", "Bahamas").
			Lacks(".circular button")

		bo.get(topic.path).Has(".circular", "0 of 2").Lacks(".circular button").Lacks(".circular li")
		bo.post(topic.path+"acknowledge").is(t, http.StatusForbidden)
		ida.post(topic.path+"acknowledge").is(t, http.StatusForbidden)
		ana.get(topic.path).Has(".circular button", "Acknowledge for Saint Lucia")
		for range 2 {
			ana.post(topic.path+"acknowledge").is(t, 200).Has(".circular", "1 of 2").Has(".circular", "Your delegation acknowledged it on").
				Lacks(".circular button")
		}
		sam.get(topic.path).Has(".circular details li", "Ana Joseph, Saint Lucia").Has(".circular details", "1 delegation has not").
			Count(".circular li", 2)
		h.visitor().get(topic.path).Lacks(".circular")
	})
}
