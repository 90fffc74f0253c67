package forum

import (
	"slices"
	"time"
)

// CanRead is the access rule: whether a member may read what a room holds, on
// any channel. The secretariat reads every room, because it answers for them.
func CanRead(m Member, r Room) bool {
	if r.Visibility == Public {
		return true
	}
	if !m.SignedIn() || !m.Role.Valid() || m.Delegation.Code == "" {
		return false
	}
	if m.Secretariat() {
		return r.Visibility.Valid()
	}
	if r.Visibility == Members {
		return true
	}
	name, ok := r.Visibility.Group()
	return ok && slices.Contains(m.Groups, name)
}

// CanReadTopic reports whether a member may know of a topic in a room.
func CanReadTopic(m Member, r Room, t Topic) bool {
	return t.Room == r.Slug && CanRead(m, r) && (!t.Held || m.Secretariat() || m.SignedIn() && t.Mine)
}

// CanReadPost reports whether a member may read the text of a post in a topic
// that they may read. What the secretariat has hidden or not yet let through it
// sees itself; of what is held the author sees their own words.
func CanReadPost(m Member, r Room, p Post) bool {
	switch {
	case p.Removed != nil || !CanRead(m, r):
		return false
	case p.Hidden != nil:
		return m.Secretariat()
	case p.Held:
		return m.Secretariat() || wrote(m, p)
	}
	return true
}

// CanHide reports whether a member may take a post out of sight, show it again,
// or let one through that was held.
func CanHide(m Member, r Room, p Post) bool {
	return p.Removed == nil && CanModerate(m, r)
}

// CanReport reports whether a member may point a post out to the secretariat.
func CanReport(m Member, r Room, p Post) bool {
	return m.SignedIn() && m.Role.Valid() && !m.Secretariat() && !wrote(m, p) && !p.Withheld() && CanReadPost(m, r, p)
}

// CanWrite reports whether a member has a voice in a room at all. Observers
// read; an archived room is read by those who could read it before.
func CanWrite(m Member, r Room) bool {
	if !m.SignedIn() || r.Archived || !CanRead(m, r) || m.Delegation.Code == "" {
		return false
	}
	switch m.Role {
	case RoleSecretariat:
		return m.Secretariat()
	case RoleFocalPoint, RoleAlternate, RoleExpert:
		return true
	}
	return false
}

// CanStart reports whether a member may start a topic of a kind in a room.
// Circulars ask for acknowledgement, so only the secretariat sends them.
func CanStart(m Member, r Room, kind TopicKind) bool {
	switch kind {
	case Discussion, Query:
		return CanWrite(m, r)
	case Circular:
		return CanWrite(m, r) && m.Secretariat()
	}
	return false
}

// CanPost reports whether a member may add a post to a topic. In a closed one
// the last word is left to whoever started it and to the secretariat.
func CanPost(m Member, r Room, t Topic, now time.Time) bool {
	return t.Room == r.Slug && !t.Locked && t.MergedInto == 0 && CanWrite(m, r) && (!t.ClosedBy(now) || CanClose(m, r, t))
}

// CanSpeakAs reports whether a member may give a statement that capacity:
// a delegation's position comes from its focal point, the secretariat's from
// the secretariat.
func CanSpeakAs(m Member, c Capacity) bool {
	switch c {
	case Expert:
		return m.SignedIn()
	case Position:
		return m.Role == RoleFocalPoint || m.Secretariat()
	}
	return false
}

// CanEdit reports whether a member may change a post's text: only its author,
// only while the topic is open. Nobody rewrites another delegation's words.
func CanEdit(m Member, r Room, t Topic, p Post, now time.Time) bool {
	return wrote(m, p) && p.Topic == t.ID && CanReadPost(m, r, p) && CanPost(m, r, t, now)
}

// CanRemove reports whether a member may remove a post: its author while the
// topic is open, the secretariat always.
func CanRemove(m Member, r Room, t Topic, p Post, now time.Time) bool {
	if p.Topic != t.ID || t.Room != r.Slug || p.Removed != nil || !CanRead(m, r) {
		return false
	}
	return m.Secretariat() || wrote(m, p) && CanPost(m, r, t, now)
}

// CanSeeHistory reports whether a member may read a post's earlier texts. Of a
// removed or hidden post only the secretariat may.
func CanSeeHistory(m Member, r Room, p Post) bool {
	return CanReadPost(m, r, p) || CanRead(m, r) && m.Secretariat()
}

// CanModerate reports whether a member may lock and pin topics in a room.
func CanModerate(m Member, r Room) bool { return m.Secretariat() && CanRead(m, r) }

// Audiences lists the audiences whose documents a member may find. It is the
// access rule in the form that search filters by.
func Audiences(m Member, rooms []Room) []string {
	list := []string{string(Public)}
	for _, r := range rooms {
		if a := r.Visibility.Audience(); CanRead(m, r) && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	if members := (Room{Visibility: Members}); CanRead(m, members) && !slices.Contains(list, string(Members)) {
		list = append(list, string(Members))
	}
	return list
}

func wrote(m Member, p Post) bool { return m.SignedIn() && p.Mine }
