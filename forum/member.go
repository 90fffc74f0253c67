// Package forum holds what the forum is: its members, rooms, topics, posts and
// events, who may do what, and how Markdown becomes safe HTML.
//
// It is pure: no I/O, no clock but an argument. Every channel (page, fragment,
// event, socket, search, feed, mail, export) asks the functions in access.go,
// and they fail closed: what they do not know, they refuse.
package forum

import (
	"maps"
	"slices"
)

// DelegationKind says what a delegation is in the process.
type DelegationKind string

// The kinds of delegation.
const (
	KindMember      DelegationKind = "member"
	KindObserver    DelegationKind = "observer"
	KindAgency      DelegationKind = "agency"
	KindSecretariat DelegationKind = "secretariat"
)

// Valid reports whether the kind is known.
func (k DelegationKind) Valid() bool {
	return slices.Contains([]DelegationKind{KindMember, KindObserver, KindAgency, KindSecretariat}, k)
}

// Delegation is a State or body that takes part; persons speak for it from a
// seat.
type Delegation struct {
	Code  string
	Kind  DelegationKind
	Names map[string]string // by language
}

// Name returns the delegation's name in a language, or in English, or its
// code: never an empty text.
func (d Delegation) Name(lang string) string {
	for _, l := range []string{lang, "en"} {
		if n := d.Names[l]; n != "" {
			return n
		}
	}
	return d.Code
}

// Role is the kind of seat a person occupies.
type Role string

// The roles. An observer reads and does not write.
const (
	RoleSecretariat Role = "secretariat"
	RoleFocalPoint  Role = "focal-point"
	RoleAlternate   Role = "alternate"
	RoleExpert      Role = "expert"
	RoleObserver    Role = "observer"
)

// Roles lists the roles in the order in which a form offers them.
func Roles() []Role {
	return []Role{RoleFocalPoint, RoleAlternate, RoleExpert, RoleObserver, RoleSecretariat}
}

// Valid reports whether the role is known.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Member is a person in a seat, with the rights of this moment. The zero
// Member is a visitor who has not signed in.
type Member struct {
	ID         int64 // the person
	Seat       int64
	Session    int64
	Name       string
	Lang       string
	Role       Role
	Delegation Delegation
	Groups     []string
}

// GroupsOf lists the named groups that a delegation belongs to, by name.
func GroupsOf(delegation string, groups map[string][]string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		if slices.Contains(groups[name], delegation) {
			names = append(names, name)
		}
	}
	return names
}

// SignedIn reports whether the member is a known person.
func (m Member) SignedIn() bool { return m.ID != 0 }

// Secretariat reports whether the member serves the secretariat.
func (m Member) Secretariat() bool {
	return m.SignedIn() && m.Role == RoleSecretariat && m.Delegation.Kind == KindSecretariat
}
