package forum

import "testing"

func TestATopicMovesOnlyToWhereItIsProtectedAsWell(t *testing.T) {
	room := func(slug string, v Visibility, p Policy) Room { return Room{Slug: slug, Visibility: v, Policy: p} }
	public, members := room("public", Public, Attributed), room("members", Members, Attributed)
	quiet, chatham := room("quiet", Members, DelegationOnly), room("chatham", Members, Chatham)
	group, other := room("a", "group:a", Attributed), room("b", "group:b", Attributed)
	closed := members
	closed.Slug, closed.Archived = "closed", true
	secretary := member(RoleSecretariat, KindSecretariat)
	for _, test := range []struct {
		name     string
		m        Member
		from, to Room
		want     bool
	}{
		{"to fewer readers", secretary, public, members, true},
		{"to more readers", secretary, members, public, false},
		{"to a stricter policy", secretary, members, chatham, true},
		{"to a looser policy", secretary, chatham, members, false},
		{"to another kind of protection", secretary, quiet, chatham, false},
		{"from the members to some of them", secretary, members, group, true},
		{"from one group to another", secretary, group, other, false},
		{"nowhere", secretary, members, members, false},
		{"to an archived room", secretary, public, closed, false},
		{"by somebody else", member(RoleFocalPoint, KindMember), public, members, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := CanMove(test.m, test.from, test.to); got != test.want {
				t.Errorf("CanMove(%s, %s) = %t, want %t", test.from.Slug, test.to.Slug, got, test.want)
			}
			from, into := Topic{ID: 1, Room: test.from.Slug}, Topic{ID: 2, Room: test.to.Slug}
			if got := CanMerge(test.m, test.from, from, test.to, into); got != (test.want || test.name == "nowhere") {
				t.Errorf("CanMerge(%s, %s) = %t", test.from.Slug, test.to.Slug, got)
			}
		})
	}
	one, two := Topic{ID: 1, Room: "members"}, Topic{ID: 2, Room: "members"}
	for name, refused := range map[string]func(from, into *Topic){
		"with itself":                  func(_, into *Topic) { into.ID = 1 },
		"a circular":                   func(from, _ *Topic) { from.Kind = Circular },
		"into a circular":              func(_, into *Topic) { into.Kind = Circular },
		"what waits":                   func(from, _ *Topic) { from.Held = true },
		"what was merged":              func(from, _ *Topic) { from.MergedInto = 3 },
		"into what was merged":         func(_, into *Topic) { into.MergedInto = 3 },
		"questions into a discussion":  func(from, _ *Topic) { from.Questions = "1." },
		"a topic that is not in there": func(from, _ *Topic) { from.Room = "public" },
	} {
		from, into := one, two
		if refused(&from, &into); CanMerge(secretary, members, from, members, into) {
			t.Errorf("a topic merges %s", name)
		}
	}
}
