package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cmc/internal/database"
)

func newBackup(where *place) *cobra.Command {
	return transfer(where, writeBackup, &cobra.Command{
		Use:   "backup FILE",
		Short: "Write all that members have made into one file",
		Long:  "Writes one zip with the forum, its members and its invitations, as of one\nmoment, while the server may go on. It can be restored into SQLite or\nPostgreSQL, whichever it came from. Texts of the site are files already: copy\nthem as they are. An existing file is never overwritten.",
		Args:  oneArg("the file to write"),
	})
}

func newRestore(where *place) *cobra.Command {
	return transfer(where, readBackup, &cobra.Command{
		Use:   "restore FILE",
		Short: "Read a backup into an empty database",
		Long:  "Reads a backup in one transaction: all of it comes, or nothing does. The\ndatabase must hold no forum yet. Everybody signs in again afterwards.",
		Args:  oneArg("the backup to read"),
	})
}

// transfer makes a command that moves a forum between its database and a file.
func transfer(where *place, move func(context.Context, *database.DB, string) (database.Manifest, error), c *cobra.Command) *cobra.Command {
	var db string
	dbFlag(c, &db)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		d, err := openDatabase(cmd, where, db)
		if err != nil {
			return err
		}
		defer d.Close()
		m, err := move(cmd.Context(), d, args[0])
		if err != nil {
			return err
		}
		printManifest(cmd.OutOrStdout(), m)
		return nil
	}
	return c
}

// openDatabase opens the database of the site that the command line names.
func openDatabase(cmd *cobra.Command, where *place, db string) (*database.DB, error) {
	log := newLog(cmd.ErrOrStderr(), true)
	o, err := where.open(log)
	if err != nil {
		return nil, err
	}
	return o.database(cmd.Context(), db, log)
}

// writeBackup writes beside the file and then gives it its name, so that a
// file of that name is always whole.
func writeBackup(ctx context.Context, d *database.DB, name string) (m database.Manifest, err error) {
	if _, err := os.Stat(name); err == nil {
		return m, fmt.Errorf("%s exists already; choose another name, or move it away", name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".backup-*") // readable by its owner only
	if err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	defer os.Remove(f.Name())
	if m, err = d.Backup(ctx, f, time.Now()); err != nil {
		f.Close()
		return m, err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return m, fmt.Errorf("write the backup: %w", err)
	}
	if err := f.Close(); err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	if err := os.Link(f.Name(), name); err != nil { // fails where Rename would overwrite
		return m, fmt.Errorf("name the backup: %w", err)
	}
	return m, nil
}

func readBackup(ctx context.Context, d *database.DB, name string) (database.Manifest, error) {
	f, err := os.Open(name)
	if err != nil {
		return database.Manifest{}, fmt.Errorf("open the backup: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return database.Manifest{}, fmt.Errorf("open the backup: %w", err)
	}
	return d.Restore(ctx, f, info.Size())
}

func printManifest(w io.Writer, m database.Manifest) {
	fmt.Fprintf(w, "Made %s, schema %d: %d persons, %d topics, %d posts, %d events\n",
		m.MadeAt.Format("2 January 2006, 15:04 MST"), m.Schema,
		m.Tables["persons"].Rows, m.Tables["topics"].Rows, m.Tables["posts"].Rows, m.Tables["events"].Rows)
}
