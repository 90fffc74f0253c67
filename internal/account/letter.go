package account

import (
	"net/url"
	"time"

	"cmc/forum"
	"cmc/internal/mail"
)

// codeLetter is the mail that carries a code and a link, in the reader's
// language.
func (a *Accounts) codeLetter(in asked, code, link string) mail.Letter {
	l := a.opt.Texts.Language(in.lang)
	address := a.opt.Link(in.lang, "/account/link?token="+url.QueryEscape(link))
	shown := showCode(code)
	return mail.Letter{
		To:      in.address,
		Subject: l.T("account_mail_code_subject", "Site", a.opt.Site, "Code", shown),
		Text: l.T("account_mail_code_text", "Site", a.opt.Site, "Code", shown, "Link", address,
			"Minutes", int(CodeLife.Minutes())),
		Link:  address,
		Until: a.now().Add(CodeLife),
	}
}

func (a *Accounts) invitationLetter(in Invite, d forum.Delegation, token string) mail.Letter {
	l := a.opt.Texts.Language(in.Lang)
	address := a.opt.Link(in.Lang, InvitationPath(token))
	return mail.Letter{
		To:      in.Address,
		Subject: l.T("account_mail_invitation_subject", "Site", a.opt.Site),
		Text: l.T("account_mail_invitation_text", "Site", a.opt.Site, "Delegation", d.Name(in.Lang), "Link", address,
			"Days", int(InvitationLife.Hours()/24)),
		Link:  address,
		Until: a.now().Add(InvitationLife),
	}
}

// recoveryNews is what the letters about a granted recovery say.
type recoveryNews struct {
	old, address, lang string
	token, code        string
	ready              time.Time
}

// recoveryLetters are the warning to the old mailbox and the note to the new.
func (a *Accounts) recoveryLetters(n recoveryNews) []mail.Letter {
	l := a.opt.Texts.Language(n.lang)
	link := a.opt.Link(n.lang, "/account/recovery?token="+url.QueryEscape(n.token))
	when := l.DateTime(n.ready)
	all := []mail.Letter{{
		To:      n.old,
		Subject: l.T("account_mail_recovery_subject", "Site", a.opt.Site),
		Text: l.T("account_mail_recovery_text", "Site", a.opt.Site, "Date", when, "Link", link,
			"Code", showCode(n.code)),
		Link:  link,
		Until: n.ready,
	}}
	if n.address != n.old {
		door := a.opt.Link(n.lang, "/account/sign-in")
		all = append(all, mail.Letter{
			To:      n.address,
			Subject: l.T("account_mail_recovered_subject", "Site", a.opt.Site),
			Text:    l.T("account_mail_recovered_text", "Site", a.opt.Site, "Date", when, "Link", door),
			Link:    door,
			Until:   n.ready.Add(InvitationLife),
		})
	}
	return all
}
