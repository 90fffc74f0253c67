package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"cmc/internal/database"
)

func newMigrate(where *place) *cobra.Command {
	var db string
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to this program's",
		Long:  "Applies the migrations that the database lacks, in one transaction.\nMake a backup first: migrations only go forward.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := openDatabase(cmd, where, db)
			if err != nil {
				return err
			}
			defer d.Close()
			from, to, err := d.Migrate(cmd.Context())
			if err != nil {
				return err
			}
			if from == to {
				fmt.Fprintf(cmd.OutOrStdout(), "The schema is at version %d already; nothing was changed.\n", to)
				return nil
			}
			fmt.Fprintf(cmd.OutOrStdout(), "The schema went from version %d to version %d.\n", from, to)
			return nil
		},
	}
	dbFlag(c, &db)
	return c
}

// dbFlag gives a command the flag that names the database.
func dbFlag(c *cobra.Command, db *string) {
	c.Flags().StringVar(db, "db", "", "the `address` of a PostgreSQL database, postgres://… (default: a SQLite file in the state directory)")
}

// database opens the database that a flag names, or the state directory's own.
func (o *opened) database(ctx context.Context, address string, log *slog.Logger) (*database.DB, error) {
	if address != "" && !database.IsPostgres(address) {
		return nil, usageError{errors.New("--db: write the address of a PostgreSQL database, postgres://…, or leave it out for the file in the state directory")}
	}
	if address == "" {
		if err := o.makeState(); err != nil {
			return nil, err
		}
		address = o.path("forum.sqlite")
	}
	return database.Open(ctx, address, log)
}
