package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"cmc/internal/record"
)

func newCheck(where *place) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Prove the content, its links, translations and configuration",
		Long:  "Reads config.toml, content/, data/ and i18n/ and prints every mistake as\nfile:line: what is wrong, and what to do. Changes nothing.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := where.open(newLog(cmd.ErrOrStderr(), true))
			if err != nil {
				return err
			}
			found, err := record.Check(o.root, time.Now())
			if err != nil {
				return err
			}
			for _, f := range found.Findings {
				fmt.Fprintln(cmd.OutOrStdout(), f)
			}
			if n := len(found.Findings); n > 0 {
				return fmt.Errorf("%s in %s", count(n, "fault"), count(found.Faulty(), "file"))
			}
			fmt.Fprintf(cmd.OutOrStdout(), "checked %s in %s: all good\n", count(found.Records, "record"), count(found.Files, "file"))
			return nil
		},
	}
}

// count puts a number before a noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
