package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cmc/internal/config"
	"cmc/internal/record"
)

func newCheck(where *place) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Prove the content, its links, translations and configuration",
		Long:  "Reads config.toml, content/, data/ and i18n/ and prints every mistake as\nfile:line: what is wrong, and what to do. Names the texts of data/ that wait for\na translation, which is no mistake. Changes nothing.\n\nEnds with status 0 when all is good, and 1 when something is to be corrected.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			faults, err := checkConfig(where.root)
			if err != nil {
				return err
			}
			found, err := record.Check(where.root, time.Now())
			if err != nil {
				return err
			}
			for _, f := range faults {
				fmt.Fprintln(cmd.OutOrStdout(), f)
			}
			for _, f := range found.Findings {
				fmt.Fprintln(cmd.OutOrStdout(), f)
			}
			if n := len(faults) + len(found.Findings); n > 0 {
				return fmt.Errorf("%s in %s", count(n, "fault"), count(min(len(faults), 1)+found.Faulty(), "file"))
			}
			// What is left can only be a language without interface texts.
			o, err := where.open(newLog(cmd.ErrOrStderr(), true))
			if err != nil {
				return err
			}
			gaps, err := record.Gaps(where.root, o.config.Codes())
			if err != nil {
				return err
			}
			for _, g := range gaps {
				fmt.Fprintln(cmd.OutOrStdout(), g)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "checked %s in %s: all good\n", count(found.Records, "record"), count(found.Files, "file"))
			return nil
		},
	}
}

// checkConfig lists the faults of a site's config.toml, one line each.
func checkConfig(root string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(root, "config.toml"))
	if errors.Is(err, os.ErrNotExist) {
		_, err = config.Load(root)
	}
	if err != nil {
		return nil, err
	}
	if _, err := config.Parse("config.toml", data); err != nil {
		return strings.Split(err.Error(), "\n"), nil
	}
	return nil, nil
}

// count puts a number before a noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
