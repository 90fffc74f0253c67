package forum

// Channel is a way in which a statement reaches a reader.
type Channel int

// The channels, as far as attribution tells them apart.
const (
	InRoom    Channel = iota // the page of the topic and its fragments
	Elsewhere                // search, feeds, mail, exports, events
)

// Attribute returns an author as far as the room's policy lets a channel show
// it. An unknown policy or channel shows nobody. The person's id goes with the
// name: it would give the name away to whoever compares two posts.
func Attribute(p Policy, ch Channel, a Author) Author {
	switch p {
	case Attributed:
		return a
	case DelegationOnly:
		return Author{Delegation: a.Delegation}
	case Chatham:
		if ch == InRoom {
			return a
		}
		return Author{}
	}
	return Author{}
}
