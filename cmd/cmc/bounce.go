package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cmc/internal/mail"
)

func newBounce(where *place) *cobra.Command {
	var db, to string
	c := &cobra.Command{
		Use:   "bounce",
		Short: "Take note of a letter that came back",
		Long: `Reads one mail from standard input, as a mail server pipes it: a report that a
letter of the forum could not be delivered. The secretariat sees it at
/forum/bounces/. A mail that is no such report is passed over.

With Postfix, let mail.bounces in config.toml be bounces@example.org and write
into /etc/aliases:

  bounces: "|cmc bounce -C /srv/site || exit 75"

and recipient_delimiter = + into main.cf, and let it run as a user who may read
the state directory. Of what is piped, only the server's reason is kept.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := mail.ReadReport(cmd.InOrStdin(), to)
			if err == nil {
				err = where.note(cmd, db, report)
			}
			if errors.Is(err, mail.ErrNoFailure) {
				fmt.Fprintf(cmd.ErrOrStderr(), "%v; nothing was noted\n", err)
				return nil
			}
			return err
		},
	}
	dbFlag(c, &db)
	c.Flags().StringVar(&to, "to", "", "the `address` that the report went to (default: as its headers say)")
	return c
}

func (p *place) note(cmd *cobra.Command, db string, report mail.Report) error {
	log := newLog(cmd.ErrOrStderr(), true)
	o, err := p.open(log)
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
	return mail.NewRecords(d, nil).Note(cmd.Context(), report)
}
