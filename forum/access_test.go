package forum

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func member(role Role, kind DelegationKind, groups ...string) Member {
	return Member{ID: 1, Seat: 1, Role: role, Delegation: Delegation{Code: "AAA", Kind: kind}, Groups: groups}
}

// TestPermissionMatrix writes the whole matrix out, so that a change of the
// rules is a change that somebody reads: r reads, s starts a discussion, c a
// circular, p posts, L posts in a locked topic, e edits their own, E somebody
// else's, x removes their own, X somebody else's, m moderates, P speaks for
// the delegation.
func TestPermissionMatrix(t *testing.T) {
	members := []struct {
		name string
		m    Member
	}{
		{"visitor", Member{}},
		{"secretariat", member(RoleSecretariat, KindSecretariat)},
		{"focal point", member(RoleFocalPoint, KindMember)},
		{"focal point of the group", member(RoleFocalPoint, KindMember, "drafting")},
		{"alternate", member(RoleAlternate, KindMember)},
		{"expert of an agency", member(RoleExpert, KindAgency)},
		{"observer", member(RoleObserver, KindObserver)},
		{"false secretariat", member(RoleSecretariat, KindMember)},
		{"unknown role", member("chair", KindMember)},
		{"no delegation", Member{ID: 1, Seat: 1, Role: RoleFocalPoint}},
	}
	rooms := []Room{
		{Slug: "public", Visibility: Public, Policy: Attributed},
		{Slug: "members", Visibility: Members, Policy: Attributed},
		{Slug: "group", Visibility: "group:drafting", Policy: Attributed},
		{Slug: "archived", Visibility: Members, Policy: Attributed, Archived: true},
		{Slug: "unknown", Visibility: "group:", Policy: Attributed},
	}
	var got strings.Builder
	for _, who := range members {
		fmt.Fprintf(&got, "%-25s", who.name)
		for _, r := range rooms {
			fmt.Fprintf(&got, " %-9s %-12s", r.Slug, rights(who.m, r))
		}
		got.WriteString("\n")
	}
	const want = `
visitor                   public    r            members   -            group     -            archived  -            unknown   -           
secretariat               public    rscpexXmP    members   rscpexXmP    group     rscpexXmP    archived  rxXmP        unknown   P           
focal point               public    rspexP       members   rspexP       group     P            archived  rP           unknown   P           
focal point of the group  public    rspexP       members   rspexP       group     rspexP       archived  rP           unknown   P           
alternate                 public    rspex        members   rspex        group     -            archived  r            unknown   -           
expert of an agency       public    rspex        members   rspex        group     -            archived  r            unknown   -           
observer                  public    r            members   r            group     -            archived  r            unknown   -           
false secretariat         public    r            members   r            group     -            archived  r            unknown   -           
unknown role              public    r            members   -            group     -            archived  -            unknown   -           
no delegation             public    rP           members   P            group     P            archived  P            unknown   P           
`
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got.String()); diff != "" {
		t.Errorf("the matrix is not the one that was agreed (-want +got):\n%s", diff)
	}
}

func rights(m Member, r Room) string {
	open, locked := Topic{ID: 1, Room: r.Slug}, Topic{ID: 1, Room: r.Slug, Locked: true}
	own, other := Post{Topic: 1, Mine: true}, Post{Topic: 1}
	var s strings.Builder
	for _, right := range []struct {
		letter string
		has    bool
	}{
		{"r", CanRead(m, r)},
		{"s", CanStart(m, r, Discussion)},
		{"c", CanStart(m, r, Circular)},
		{"p", CanPost(m, r, open, time.Time{})},
		{"L", CanPost(m, r, locked, time.Time{})},
		{"e", CanEdit(m, r, open, own, time.Time{})},
		{"E", CanEdit(m, r, open, other, time.Time{})},
		{"x", CanRemove(m, r, open, own, time.Time{})},
		{"X", CanRemove(m, r, open, other, time.Time{})},
		{"m", CanModerate(m, r)},
		{"P", CanSpeakAs(m, Position)},
	} {
		if right.has {
			s.WriteString(right.letter)
		}
	}
	if s.Len() == 0 {
		return "-"
	}
	return s.String()
}

func TestRulesRefuseWhatDoesNotBelongTogether(t *testing.T) {
	m := member(RoleFocalPoint, KindMember)
	r := Room{Slug: "a", Visibility: Public}
	elsewhere := Topic{ID: 1, Room: "b"}
	gone := Post{Topic: 1, Mine: true, Removed: &Removal{}}
	for name, allowed := range map[string]bool{
		"a post in a topic of another room":     CanPost(m, r, elsewhere, time.Time{}),
		"an edit of a post of another topic":    CanEdit(m, r, Topic{ID: 1, Room: "a"}, Post{Topic: 2, Mine: true}, time.Time{}),
		"an edit of a removed post":             CanEdit(m, r, Topic{ID: 1, Room: "a"}, gone, time.Time{}),
		"a second removal":                      CanRemove(m, r, Topic{ID: 1, Room: "a"}, gone, time.Time{}),
		"the history of a removed post":         CanSeeHistory(m, r, gone),
		"a topic of unknown kind":               CanStart(m, r, "poll"),
		"a statement in an unknown capacity":    CanSpeakAs(m, "king"),
		"an edit by a visitor of a post of his": CanEdit(Member{}, r, Topic{ID: 1, Room: "a"}, Post{Topic: 1, Mine: true}, time.Time{}),
	} {
		if allowed {
			t.Errorf("%s is allowed, want it refused", name)
		}
	}
}

func TestAttribute(t *testing.T) {
	full := Author{Person: 7, Name: "Ana", Delegation: Delegation{Code: "AAA"}, Role: RoleExpert}
	delegation := Author{Delegation: Delegation{Code: "AAA"}}
	for _, test := range []struct {
		policy    Policy
		in, other Author
	}{
		{Attributed, full, full},
		{DelegationOnly, delegation, delegation},
		{Chatham, full, Author{}},
		{"unknown", Author{}, Author{}},
	} {
		if diff := cmp.Diff(test.in, Attribute(test.policy, InRoom, full)); diff != "" {
			t.Errorf("Attribute(%s) in the room (-want +got):\n%s", test.policy, diff)
		}
		if diff := cmp.Diff(test.other, Attribute(test.policy, Elsewhere, full)); diff != "" {
			t.Errorf("Attribute(%s) elsewhere (-want +got):\n%s", test.policy, diff)
		}
	}
}

func TestPolicyAndVisibilityAreOnlyTightened(t *testing.T) {
	for _, test := range []struct {
		from, to Policy
		want     bool
	}{
		{Attributed, Chatham, true},
		{Attributed, DelegationOnly, true},
		{Chatham, Chatham, true},
		{Chatham, Attributed, false},
		{Chatham, DelegationOnly, false}, // an observer of the room would learn the delegation elsewhere
		{DelegationOnly, Chatham, false}, // names would appear in the room
		{Attributed, "none", false},
	} {
		if got := test.from.Tightens(test.to); got != test.want {
			t.Errorf("%s.Tightens(%s) = %t, want %t", test.from, test.to, got, test.want)
		}
	}
	for _, test := range []struct {
		from, to Visibility
		want     bool
	}{
		{Public, Members, false},
		{Members, "group:a", false},
		{Members, Members, false},
		{Members, Public, true},
		{"group:a", Members, true},
		{"group:a", "group:b", true},
	} {
		if got := test.from.Widens(test.to); got != test.want {
			t.Errorf("%s.Widens(%s) = %t, want %t", test.from, test.to, got, test.want)
		}
	}
}

func TestAudiences(t *testing.T) {
	rooms := []Room{{Visibility: Public}, {Visibility: "group:drafting"}, {Visibility: "group:other"}}
	for _, test := range []struct {
		name string
		m    Member
		want []string
	}{
		{"a visitor finds what is public", Member{}, []string{"public"}},
		{"a member of a group finds its room", member(RoleExpert, KindMember, "drafting"), []string{"public", "group:drafting", "members"}},
		{"the secretariat finds everything", member(RoleSecretariat, KindSecretariat), []string{"public", "group:drafting", "group:other", "members"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Audiences(test.m, rooms)); diff != "" {
				t.Errorf("Audiences (-want +got):\n%s", diff)
			}
		})
	}
}
