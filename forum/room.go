package forum

import (
	"slices"
	"strings"
)

// Visibility says who may read a room: "public", "members" or "group:NAME".
type Visibility string

// The visibilities that need no name.
const (
	Public  Visibility = "public"
	Members Visibility = "members"
)

const groupPrefix = "group:"

// Group returns the group's name and true for a room of a named group.
func (v Visibility) Group() (string, bool) {
	name, ok := strings.CutPrefix(string(v), groupPrefix)
	return name, ok && name != ""
}

// Valid reports whether the visibility is known.
func (v Visibility) Valid() bool {
	_, group := v.Group()
	return v == Public || v == Members || group
}

// Widens reports whether a change from v to next lets in somebody who was
// kept out before.
func (v Visibility) Widens(next Visibility) bool {
	switch {
	case v == next || v == Public:
		return false
	case v == Members:
		_, group := next.Group()
		return !group
	}
	return true
}

// Audience is the word by which search filters what the room holds.
func (v Visibility) Audience() string { return string(v) }

// Policy says how statements in a room are attributed.
type Policy string

// The policies, from the most open to the strictest. A policy is only ever
// tightened.
const (
	Attributed     Policy = "attributed" // person and delegation everywhere
	DelegationOnly Policy = "delegation" // the person is named nowhere
	Chatham        Policy = "chatham"    // names in the room, nowhere else
)

func policies() []Policy { return []Policy{Attributed, DelegationOnly, Chatham} }

// Valid reports whether the policy is known.
func (p Policy) Valid() bool { return slices.Contains(policies(), p) }

// Tightens reports whether changing from p to next takes nothing from the
// protection given to those who have spoken already.
func (p Policy) Tightens(next Policy) bool {
	if !next.Valid() {
		return false
	}
	return p == next || p == Attributed
}

// Hold says whose posts wait until the secretariat lets them through.
type Hold string

// The holds: nobody's, or a person's until one was let through.
const (
	HoldNone  Hold = "none"
	HoldFirst Hold = "first"
)

// Valid reports whether the hold is known.
func (h Hold) Valid() bool { return h == HoldNone || h == HoldFirst }

// Room is a place with one readership and one attribution policy.
type Room struct {
	ID         int64
	Slug       string
	Titles     map[string]string // by language
	About      map[string]string // by language
	Visibility Visibility
	Policy     Policy
	Position   int  // order in the list
	Hold       Hold // whose posts wait for the secretariat
	Mail       MailLevel
	Archived   bool
}

// Title returns the room's title in a language, or in English, or its slug.
func (r Room) Title(lang string) string {
	for _, l := range []string{lang, "en"} {
		if t := r.Titles[l]; t != "" {
			return t
		}
	}
	return r.Slug
}

// Description returns what the room is for, in a language or in English.
func (r Room) Description(lang string) string {
	if t := r.About[lang]; t != "" {
		return t
	}
	return r.About["en"]
}
