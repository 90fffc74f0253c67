// Package account knows who may come in: delegations, persons in their seats,
// invitations, sign-in without passwords, sessions, and the mail that carries
// codes and links.
//
// It promises that a secret (code, link, token) is kept only as a hash, works
// once and expires; that an answer never tells whether an address is known;
// and that a mail scanner which opens every link and submits every form gains
// and breaks nothing. It refuses to know HTTP: cookies and pages are
// account/web's.
package account

import (
	"time"

	"cmc/forum"
	"cmc/internal/database"
)

// How long secrets live.
const (
	InvitationLife = 7 * 24 * time.Hour
	CodeLife       = 15 * time.Minute
	SessionLife    = 30 * 24 * time.Hour // from sign-in
	SessionIdle    = 14 * 24 * time.Hour // without a request
	DeviceLife     = CodeLife            // of the cookie that binds a link to a device
)

// Options are what the accounts need from outside.
type Options struct {
	DB     *database.DB
	Outbox *Outbox
	Now    func() time.Time    // time.Now when nil
	Groups map[string][]string // group's name → codes of its delegations
	// Link makes an absolute address of a path such as "/account/link?token=…"
	// in a language.
	Link func(lang, path string) string
}

// Accounts is the register of persons and their rights. It is safe for
// concurrent use.
type Accounts struct {
	opt Options
}

// New returns the register.
func New(opt Options) *Accounts {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Accounts{opt: opt}
}

// Session is a signed-in device.
type Session struct {
	ID        int64
	Agent     string // such as "Firefox on Windows"
	CreatedAt time.Time
	SeenAt    time.Time
	Current   bool // the one that asks
}

// Invitation is what the holder of an invitation link may read before
// accepting. Address is empty on the secretariat's enrolment link: whoever
// accepts then gives their own.
type Invitation struct {
	Address    string
	Delegation forum.Delegation
	Role       forum.Role
	Lang       string
	ExpiresAt  time.Time
}

// Invite is what an inviting member asks for.
type Invite struct {
	Address    string
	Delegation string // code
	Role       forum.Role
	Lang       string // of the mail
}

// Acceptance is what the holder of an invitation sends.
type Acceptance struct {
	Token   string
	Name    string
	Address string // only read when the invitation has none
	Lang    string
}
