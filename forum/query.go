package forum

import "time"

// soon is how long before its closing date a topic is shown as closing.
const soon = 72 * time.Hour

// State says what a topic still takes.
type State string

// The states. A query is answered once a consolidated reply stands in it.
const (
	StateOpen     State = "open"
	StateSoon     State = "soon" // open, and closing within three days
	StateClosed   State = "closed"
	StateAnswered State = "answered"
)

// ClosedBy reports whether a topic has stopped taking posts, by hand or by its
// date.
func (t Topic) ClosedBy(now time.Time) bool {
	return !t.ClosedAt.IsZero() || !t.ClosesAt.IsZero() && !now.Before(t.ClosesAt)
}

// State returns the topic's state at a moment.
func (t Topic) State(now time.Time) State {
	switch {
	case t.Consolidated != 0:
		return StateAnswered
	case t.ClosedBy(now):
		return StateClosed
	case !t.ClosesAt.IsZero() && t.ClosesAt.Sub(now) <= soon:
		return StateSoon
	}
	return StateOpen
}

// CanClose reports whether a member may close a topic to further posts, or open
// it again: whoever started it, and the secretariat.
func CanClose(m Member, r Room, t Topic) bool {
	return t.Room == r.Slug && !t.Locked && (CanModerate(m, r) || t.Mine && CanWrite(m, r))
}

// CanConsolidate reports whether a member may make a post the consolidated
// reply to a query: whoever asked, and the secretariat.
func CanConsolidate(m Member, r Room, t Topic) bool {
	return t.Kind == Query && CanClose(m, r, t)
}

// Acknowledges reports whether a delegation is asked to acknowledge a circular
// in a room; groups are the named ones, by name.
func Acknowledges(d Delegation, r Room, groups map[string][]string) bool {
	return d.Kind == KindMember &&
		CanRead(Member{ID: 1, Role: RoleFocalPoint, Delegation: d, Groups: GroupsOf(d.Code, groups)}, r)
}

// CanAcknowledge reports whether a member may acknowledge a circular for their
// delegation: its focal point, or who stands in for them. A date that has
// passed hinders nobody.
func CanAcknowledge(m Member, r Room, t Topic) bool {
	return t.Kind == Circular && m.Delegation.Kind == KindMember && CanReadTopic(m, r, t) && !t.Held &&
		(m.Role == RoleFocalPoint || m.Role == RoleAlternate)
}
