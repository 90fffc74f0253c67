package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cmc/internal/audit"
	"cmc/internal/database"
)

// errRewritten says that an audit log is whole but not the one it once was.
var errRewritten = errors.New("the audit log was rewritten")

func newVerify(where *place) *cobra.Command {
	var db, since string
	c := &cobra.Command{
		Use:   "verify [FILE]",
		Short: "Prove that a backup is whole, or that the audit log is",
		Long:  "With a file, restores the backup into a database of its own, which is then\nremoved, and compares every table's rows and sums. Without one, looks at the\ndatabase that is in use and changes nothing.\n\nEither way the audit log is walked from its first entry: each one's hash covers\nthe one before it. The last is printed as NUMBER:HASH. Keep that line elsewhere\nand give it back with --since, and it is also proved that no entry up to there\nwas rewritten or taken off.",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return oneArg("the backup to prove, or nothing")(cmd, args)
		},
	}
	dbFlag(c, &db)
	c.Flags().StringVar(&since, "since", "", "the last entry of an earlier day, as it was printed: NUMBER:HASH")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		earlier, err := parseHead(since)
		if err != nil {
			return err
		}
		if len(args) == 1 {
			return verifyBackup(cmd.Context(), cmd.OutOrStdout(), args[0], earlier)
		}
		d, err := openDatabase(cmd, where, db)
		if err != nil {
			return err
		}
		defer d.Close()
		return verifyAudit(cmd.Context(), cmd.OutOrStdout(), d, earlier)
	}
	return c
}

func verifyBackup(ctx context.Context, out io.Writer, file string, earlier audit.Head) error {
	dir, err := os.MkdirTemp("", "cmc-verify-")
	if err != nil {
		return fmt.Errorf("make room for the proof: %w", err)
	}
	defer os.RemoveAll(dir)
	d, err := database.Open(ctx, filepath.Join(dir, "proof.sqlite"), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer d.Close()
	m, err := readBackup(ctx, d, file)
	if err != nil {
		return err
	}
	printManifest(out, m)
	fmt.Fprintln(out, "The backup is whole and was restored as a proof.")
	return verifyAudit(ctx, out, d, earlier)
}

func verifyAudit(ctx context.Context, out io.Writer, d *database.DB, earlier audit.Head) error {
	head, err := audit.Verify(ctx, d)
	if err != nil {
		return err
	}
	if earlier.Seq > 0 {
		if err := stillThere(ctx, d, earlier); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "The audit log is whole: %d:%s\n", head.Seq, head.Hash)
	return nil
}

// stillThere makes sure that an entry that was seen before is what it was.
func stillThere(ctx context.Context, d *database.DB, earlier audit.Head) error {
	entries, err := audit.Before(ctx, d, earlier.Seq+1, 1)
	if err != nil {
		return err
	}
	if len(entries) == 0 || entries[0].Seq != earlier.Seq || entries[0].Hash != earlier.Hash {
		return fmt.Errorf("%w: entry %d is not what it was when %d:%.12s… was printed; compare with a backup of that day",
			errRewritten, earlier.Seq, earlier.Seq, earlier.Hash)
	}
	return nil
}

func parseHead(text string) (audit.Head, error) {
	if text == "" {
		return audit.Head{}, nil
	}
	number, hash, _ := strings.Cut(text, ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || seq < 1 || len(hash) != 64 {
		return audit.Head{}, usageError{fmt.Errorf("--since %q: write it as `cmc verify` printed it, NUMBER:HASH", text)}
	}
	return audit.Head{Seq: seq, Hash: hash}, nil
}
