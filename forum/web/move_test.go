package web

import (
	"net/http"
	"strings"
	"testing"

	"cmc/forum"
)

func TestTheSecretariatMovesAndMerges(t *testing.T) {
	h := sqliteHouse(t)
	sam, ana := h.member("Sam Roe", "SEC", forum.RoleSecretariat), h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	open, closed := ana.start("open", "Visas", "one"), ana.start("closed", "Transit", "other")
	ana.get(open.path).Lacks("a", "Move or merge")
	ana.get(open.path+"move").is(t, http.StatusForbidden)

	move := sam.get(sam.get(open.path).Attr(`a[href$="/move"]`, "href")).is(t, 200).Has("label.choice", "Delegations (Members only)")
	move.Count("label.choice", 1)
	sam.post(open.path+"move", "room", "attic").is(t, http.StatusNotFound)
	sam.post(open.path+"move", "room", "closed").is(t, 200).Has(".crumbs a", "Delegations").Has("#post-1", "one")
	h.visitor().get(open.path).is(t, http.StatusUnauthorized)
	sam.get(open.path+"move").Has("main", "no room that protects")

	sam.get(open.path+"move?into=nonsense").is(t, http.StatusUnprocessableEntity).Has("#into-error").Has(`.error-summary a[href="#into"]`)
	asked := sam.get(open.path+"move?into="+h.address+closed.path).is(t, 200)
	asked.Has(".notice-warning", "new numbers: 1 post").Has(".notice-warning a", "Transit")
	merged := sam.post(open.path+"merge", asked.form(open.path+"merge")...).is(t, 200).Has("h1", "Transit").Has("#post-2", "one")
	if !strings.HasPrefix(merged.path, closed.path) {
		t.Errorf("the merge leads to %s, want %s", merged.path, closed.path)
	}
	if got := ana.get(open.path); got.path != merged.path {
		t.Errorf("the old address leads to %s, want %s", got.path, merged.path)
	}
	if got := ana.get(open.Attr("#post-1 .meta a", "href")); !strings.HasPrefix(got.path, closed.path) {
		t.Errorf("the post's address leads to %s, want below %s", got.path, closed.path)
	}
	ana.get("/forum/rooms/closed/").Count(".topic-list li", 1)
}

func TestATopicSaysWhenItsRecordHasChanged(t *testing.T) {
	h := sqliteHouse(t)
	h.stamp.Store(new("one"))
	ana := h.member("Ana Joseph", "LCA", forum.RoleFocalPoint)
	topic := ana.post("/forum/discuss?record=practice-rrtm", "room", "closed", "title", "Transfers", "lang", "en", "body", "").is(t, 200)
	topic.Has(".about-record a", "Transfer <Mechanism>").Lacks(".about-record strong")
	for stamp, changed := range map[string]int{"two": 1, "one": 0, "": 0} {
		h.stamp.Store(&stamp)
		ana.get(topic.path).Count(".about-record strong", changed)
	}
}
