package forum

import "slices"

// Cadence is how often a seat is told by mail what is new in a room.
type Cadence string

// The cadences.
const (
	Instant Cadence = "instant"
	Daily   Cadence = "daily"
	Weekly  Cadence = "weekly"
	Never   Cadence = "none"
)

// Cadences lists them in the order in which a form offers them.
func Cadences() []Cadence { return []Cadence{Instant, Daily, Weekly, Never} }

// Valid reports whether the cadence is known.
func (c Cadence) Valid() bool { return slices.Contains(Cadences(), c) }

// MailLevel is how much a letter tells of a post: mail passes through machines
// that the room's readers do not know.
type MailLevel string

// The levels.
const (
	MailFull    MailLevel = "full"
	MailExcerpt MailLevel = "excerpt"
	MailTitle   MailLevel = "title" // neither words nor author
)

// UsualMail is the level of a room for which none is set: the fewer people it
// is for, and the less it names them, the less of it travels.
func UsualMail(r Room) MailLevel {
	switch {
	case r.Policy != Attributed:
		return MailTitle
	case r.Visibility == Public:
		return MailFull
	case r.Visibility == Members:
		return MailExcerpt
	}
	return MailTitle
}

// Valid reports whether the level is known.
func (l MailLevel) Valid() bool {
	return slices.Contains([]MailLevel{MailFull, MailExcerpt, MailTitle}, l)
}
