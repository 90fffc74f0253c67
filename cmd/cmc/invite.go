package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/errs"
	"cmc/internal/mail"
	"cmc/internal/page"
)

func newInvite(where *place) *cobra.Command {
	var db, delegation, role, lang, baseURL string
	c := &cobra.Command{
		Use:   "invite EMAIL",
		Short: "Invite a person to a delegation's seat",
		Long:  "Prints, and mails where mail is set up, a link with which the person takes\nthe seat. It works once, for seven days, for the owner of the address only.\nWhoever has lost their second step is freed from it by accepting.",
		Args:  oneArg("the e-mail address of the person"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if delegation == "" {
				return usageError{errors.New("--delegation is missing: the code of the person's delegation, e.g. BHS")}
			}
			if !slices.Contains(forum.Roles(), forum.Role(role)) {
				return usageError{fmt.Errorf("--role %q is unknown; choose among %s", role, roleNames())}
			}
			if err := checkBase(baseURL); err != nil {
				return err
			}
			log := newLog(cmd.ErrOrStderr(), true)
			o, err := where.open(log)
			if err != nil {
				return err
			}
			d, err := o.database(cmd.Context(), db, log)
			if err != nil {
				return err
			}
			defer d.Close()
			if err := d.Prepare(cmd.Context()); err != nil {
				return err
			}
			list, err := o.delegations()
			if err != nil {
				return err
			}
			base := strings.TrimSuffix(cmp.Or(baseURL, absolute(o.config.BaseURL), "http://127.0.0.1:8080"), "/")
			outbox := o.outbox(cmd.ErrOrStderr())
			accounts, err := o.accounts(d, outbox, base)
			if err != nil {
				return err
			}
			if err := accounts.SeedDelegations(cmd.Context(), list); err != nil {
				return err
			}
			token, err := accounts.Invite(cmd.Context(), account.Operator(), account.Invite{
				Address: args[0], Delegation: strings.ToUpper(delegation), Role: forum.Role(role), Lang: cmp.Or(lang, o.config.DefaultLanguage),
			})
			if err != nil {
				return o.inWords(err)
			}
			deliver(cmd.Context(), outbox)
			fmt.Fprintf(cmd.OutOrStdout(), "%s%s\n", base, account.InvitationPath(token))
			fmt.Fprintf(cmd.ErrOrStderr(), "Works once, until %s, for the owner of that address.\n",
				time.Now().Add(account.InvitationLife).Format("2 January 2006, 15:04"))
			return nil
		},
	}
	dbFlag(c, &db)
	c.Flags().StringVar(&delegation, "delegation", "", "the `code` of the delegation, e.g. BHS")
	c.Flags().StringVar(&role, "role", string(forum.RoleExpert), "the `role`: "+roleNames())
	c.Flags().StringVar(&lang, "lang", "", "the `language` of the mail (default: the site's)")
	c.Flags().StringVar(&baseURL, "base-url", "", "the site's public `address`, as given to cmc serve")
	return c
}

// deliver sends what waits in the outbox and returns when that is done.
func deliver(ctx context.Context, outbox *mail.Outbox) {
	ended, cancel := context.WithCancel(ctx)
	cancel() // an outbox whose context has ended delivers once what is left
	outbox.Run(ended)
}

func roleNames() string {
	var names []string
	for _, r := range forum.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// inWords turns an error that carries a translation key into the sentence a
// person at the terminal can read.
func (o *opened) inWords(err error) error {
	if errs.KindOf(err) == errs.Internal {
		return err
	}
	return errors.New(strings.Join(page.Messages(o.texts.Default(), err), "; "))
}
