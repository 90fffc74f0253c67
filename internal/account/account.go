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
	netmail "net/mail"
	"strings"
	"time"

	"cmc/forum"
	"cmc/internal/database"
	"cmc/internal/errs"
	"cmc/internal/i18n"
	"cmc/internal/mail"
)

// How long secrets live.
const (
	InvitationLife = 7 * 24 * time.Hour
	CodeLife       = 15 * time.Minute
	DeviceLife     = CodeLife            // of the cookie that binds a link to a device
	SessionLife    = 30 * 24 * time.Hour // from sign-in
	SessionIdle    = 14 * 24 * time.Hour // without a request
)

// Options are what the accounts need from outside.
type Options struct {
	DB           *database.DB
	Outbox       *mail.Outbox
	Texts        *i18n.Catalogue
	Site         string              // its name, for the mails
	Groups       map[string][]string // group's name → codes of its delegations
	Now          func() time.Time    // time.Now when nil
	OpenID       []OpenID
	RecoveryWait time.Duration // between the grant of a new address and its use; 24 hours when 0
	Key          Key           // without one nobody can use an authenticator app
	// Link makes an absolute address of a path such as "/account/link?token=…"
	// in a language.
	Link func(lang, path string) string
}

// Accounts is the register of persons and their rights. It is safe for
// concurrent use.
type Accounts struct {
	opt Options
	db  *database.DB
	now func() time.Time

	houses map[string]*house // by the code of the delegation
}

// New returns the register.
func New(opt Options) *Accounts {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.RecoveryWait == 0 {
		opt.RecoveryWait = 24 * time.Hour
	}
	return &Accounts{opt: opt, db: opt.DB, now: opt.Now, houses: newHouses(opt.OpenID)}
}

// Site is the site's name.
func (a *Accounts) Site() string { return a.opt.Site }

// RecoveryHours is how long a granted recovery waits.
func (a *Accounts) RecoveryHours() int { return int(a.opt.RecoveryWait.Hours()) }

// Operator stands for whoever runs the program: they may invite. The forum
// knows no such person, so they read and write nothing there.
func Operator() forum.Member {
	return forum.Member{ID: -1, Role: forum.RoleSecretariat, Delegation: forum.Delegation{Kind: forum.KindSecretariat}}
}

// cleanAddress returns an e-mail address as it is stored, or the fault.
func cleanAddress(s string) (string, *errs.Error) {
	s = strings.ToLower(strings.TrimSpace(s))
	fault := errs.New(errs.Invalid, "account_error_address").On("address")
	if len(s) > 254 || strings.ContainsAny(s, "<>\"\r\n\x00") {
		return "", fault
	}
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", fault
	}
	if _, domain, ok := strings.Cut(s, "@"); !ok || domain == "" {
		return "", fault
	}
	return s, nil
}

func (a *Accounts) lang(code string) string { return a.opt.Texts.Language(code).Code() }
