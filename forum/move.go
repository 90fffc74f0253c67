package forum

// CanMove reports whether a member may move a topic from one room to another:
// only to where nobody reads it who could not before, and where what was said
// is protected at least as well.
func CanMove(m Member, from, to Room) bool {
	return CanModerate(m, from) && CanModerate(m, to) && from.Slug != to.Slug && !to.Archived &&
		!from.Visibility.Widens(to.Visibility) && from.Policy.Tightens(to.Policy)
}

// CanMerge reports whether a member may give a topic's posts to another topic,
// here or in a room to which it could be moved. What delegations have
// acknowledged stays as it was, and questions go only to questions.
func CanMerge(m Member, fromRoom Room, from Topic, intoRoom Room, into Topic) bool {
	switch {
	case from.ID == into.ID, from.Room != fromRoom.Slug, into.Room != intoRoom.Slug,
		from.Kind == Circular, into.Kind == Circular, from.Held, into.Held,
		from.MergedInto != 0, into.MergedInto != 0, from.Questions != "" && into.Kind != Query:
		return false
	}
	return CanModerate(m, fromRoom) && fromRoom.Slug == intoRoom.Slug || CanMove(m, fromRoom, intoRoom)
}
